package io.github.llmratelimit.provider;

import java.util.Locale;

/**
 * A position in a text, for the hand-written parsers of this package. Never leaves the
 * text, never throws.
 */
final class TextCursor {

	/** What {@link #peek()} answers at the end of the text. */
	static final char END = '\0';

	private final String text;

	private int position;

	TextCursor(String text) {
		this(text, 0);
	}

	TextCursor(String text, int position) {
		this.text = text;
		this.position = Math.min(Math.max(position, 0), text.length());
	}

	int position() {
		return this.position;
	}

	void moveTo(int position) {
		this.position = position;
	}

	boolean atEnd() {
		return this.position >= this.text.length();
	}

	char peek() {
		return atEnd() ? END : this.text.charAt(this.position);
	}

	char next() {
		return atEnd() ? END : this.text.charAt(this.position++);
	}

	/**
	 * Step over the given character if it is the next one.
	 */
	boolean skip(char expected) {
		if (!atEnd() && this.text.charAt(this.position) == expected) {
			this.position++;
			return true;
		}
		return false;
	}

	/**
	 * Step over blanks, tabs and line ends.
	 * @return whether there was one
	 */
	boolean skipBlanks() {
		int start = this.position;
		while (isBlank(peek())) {
			this.position++;
		}
		return this.position > start;
	}

	/**
	 * Read ASCII letters and the two micro signs.
	 * @return the letters in lower case, empty if there is none
	 */
	String letters() {
		int start = this.position;
		while (isLetter(peek())) {
			this.position++;
		}
		return this.text.substring(start, this.position).toLowerCase(Locale.ROOT);
	}

	/**
	 * Read a whole number of at most 15 ASCII digits, leading zeros not counted.
	 * @return the number, or -1 if there is no digit or the number is longer
	 */
	long digits() {
		long value = 0;
		int start = this.position;
		while (isDigit(peek())) {
			int digit = next() - '0';
			if (value <= Decimal.MAX_WHOLE) {
				value = value * 10 + digit;
			}
		}
		return (this.position > start && value <= Decimal.MAX_WHOLE) ? value : -1;
	}

	/**
	 * Read a number of exactly so many ASCII digits.
	 * @return the number, or -1 if there are fewer or more
	 */
	int digits(int count) {
		int start = this.position;
		long value = digits();
		return (this.position - start == count && value <= Integer.MAX_VALUE) ? (int) value : -1;
	}

	static boolean isDigit(char c) {
		return c >= '0' && c <= '9';
	}

	static boolean isLetter(char c) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '\u00B5' || c == '\u03BC';
	}

	static boolean isBlank(char c) {
		return c == ' ' || c == '\t' || c == '\n' || c == '\r';
	}

}
