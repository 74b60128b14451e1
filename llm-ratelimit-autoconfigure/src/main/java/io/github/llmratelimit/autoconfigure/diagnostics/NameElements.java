package io.github.llmratelimit.autoconfigure.diagnostics;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Takes the name of a property apart without dropping anything. Boot's own parser leaves
 * out what it doesn't allow: it reads {@code openai/gpt-4o} as {@code openaigpt-4o}.
 */
final class NameElements {

	private static final Pattern KEPT = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]*");

	private NameElements() {
	}

	/**
	 * Splits a name.
	 * @param name a name, dotted
	 * @return its elements
	 */
	static List<Element> of(String name) {
		List<Element> elements = new ArrayList<>();
		StringBuilder current = new StringBuilder();
		boolean bracketed = false;
		for (char ch : name.toCharArray()) {
			if (ch == (bracketed ? ']' : '[') || (ch == '.' && !bracketed)) {
				add(elements, current, bracketed);
				bracketed = (ch == '[');
			}
			else {
				current.append(ch);
			}
		}
		add(elements, current, bracketed);
		return elements;
	}

	private static void add(List<Element> elements, StringBuilder current, boolean bracketed) {
		if (!current.isEmpty()) {
			elements.add(new Element(current.toString(), bracketed));
			current.setLength(0);
		}
	}

	/**
	 * The beginning of a name.
	 * @param elements elements of a name
	 * @param count how many of them
	 * @return the name that they make
	 */
	static String join(List<Element> elements, int count) {
		StringBuilder name = new StringBuilder();
		for (Element element : elements.subList(0, count)) {
			if (element.bracketed()) {
				name.append('[').append(element.text()).append(']');
			}
			else {
				name.append(name.isEmpty() ? "" : ".").append(element.text());
			}
		}
		return name.toString();
	}

	/**
	 * A part of a name.
	 *
	 * @param text as typed, without brackets
	 * @param bracketed whether it was typed in brackets, within which Boot keeps
	 * everything
	 */
	record Element(String text, boolean bracketed) {

		/** The form in which Boot compares it. */
		String normal() {
			return NormalForm.ofKey(this.text);
		}

		/** Whether Boot keeps it as it is. */
		boolean isKept() {
			return this.bracketed || KEPT.matcher(this.text).matches();
		}

	}

}
