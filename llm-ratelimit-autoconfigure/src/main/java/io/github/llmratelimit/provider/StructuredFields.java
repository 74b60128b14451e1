package io.github.llmratelimit.provider;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/*
 * As much of RFC 9651 as the RateLimit fields need: lists of items and dictionaries of
 * items, both with parameters. Inner lists are refused, since no RateLimit field has
 * them. As the RFC demands, a field with one mistake is refused as a whole.
 *
 * Types: Long for integers, Decimal for decimals, String for everything with text,
 * Boolean for booleans and for keys without a value.
 */
/**
 * Reads HTTP structured fields.
 */
final class StructuredFields {

	private final TextCursor cursor;

	private StructuredFields(String text) {
		this.cursor = new TextCursor(text);
	}

	/**
	 * Read a list.
	 * @return its members, or {@code null} if the text isn't one
	 */
	static @Nullable List<Item> list(String text) {
		StructuredFields fields = new StructuredFields(text);
		List<Item> items = new ArrayList<>();
		boolean more = fields.skipBlanksToContent();
		while (more) {
			Item item = fields.item();
			if (item == null) {
				return null;
			}
			items.add(item);
			more = fields.skipComma();
		}
		return fields.cursor.atEnd() ? items : null;
	}

	/**
	 * Read a dictionary.
	 * @return its members, or {@code null} if the text isn't one
	 */
	static @Nullable Map<String, Item> dictionary(String text) {
		StructuredFields fields = new StructuredFields(text);
		Map<String, Item> members = new LinkedHashMap<>();
		boolean more = fields.skipBlanksToContent();
		while (more) {
			String key = fields.key();
			Item item = fields.cursor.skip('=') ? fields.item() : fields.withParameters(true);
			if (key == null || item == null) {
				return null;
			}
			members.put(key, item);
			more = fields.skipComma();
		}
		return fields.cursor.atEnd() ? members : null;
	}

	private boolean skipBlanksToContent() {
		this.cursor.skipBlanks();
		return !this.cursor.atEnd();
	}

	/**
	 * Step over a comma that something follows.
	 */
	private boolean skipComma() {
		this.cursor.skipBlanks();
		int end = this.cursor.position();
		if (this.cursor.skip(',') && skipBlanksToContent()) {
			return true;
		}
		if (end < this.cursor.position()) {
			// a trailing comma is a mistake: stay before it
			this.cursor.moveTo(end);
		}
		return false;
	}

	private @Nullable Item item() {
		Object value = bareItem();
		return (value != null) ? withParameters(value) : null;
	}

	private @Nullable Item withParameters(Object value) {
		Map<String, Object> parameters = new HashMap<>();
		while (this.cursor.skip(';')) {
			this.cursor.skipBlanks();
			String key = key();
			Object parameter = this.cursor.skip('=') ? bareItem() : Boolean.TRUE;
			if (key == null || parameter == null) {
				return null;
			}
			parameters.put(key, parameter);
		}
		return new Item(value, parameters);
	}

	private @Nullable String key() {
		char first = this.cursor.peek();
		if (!(first >= 'a' && first <= 'z') && first != '*') {
			return null;
		}
		return readWhile("_-.*", false);
	}

	private @Nullable Object bareItem() {
		char first = this.cursor.peek();
		if (TextCursor.isDigit(first) || first == '-') {
			return number();
		}
		if ((first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z') || first == '*') {
			return readWhile(":/!#$%&'*+-.^_`|~", true);
		}
		this.cursor.next();
		return switch (first) {
			case '"' -> string();
			case ':' -> bytes();
			case '?' -> bool();
			case '@' -> number();
			case '%' -> this.cursor.skip('"') ? string() : null;
			default -> null;
		};
	}

	private @Nullable Object number() {
		boolean negative = this.cursor.skip('-');
		Decimal number = Decimal.read(this.cursor);
		if (number == null || this.cursor.peek() == '.') {
			return null;
		}
		if (number.nanos() > 0) {
			return number;
		}
		return negative ? -number.whole() : number.whole();
	}

	private @Nullable String string() {
		StringBuilder value = new StringBuilder();
		while (!this.cursor.atEnd()) {
			char c = this.cursor.next();
			if (c == '"') {
				return value.toString();
			}
			if (c == '\\') {
				c = this.cursor.next();
				if (c != '"' && c != '\\') {
					return null;
				}
			}
			value.append(c);
		}
		return null;
	}

	private @Nullable String bytes() {
		String base64 = readWhile("+/=", true);
		return this.cursor.skip(':') ? base64 : null;
	}

	private @Nullable Boolean bool() {
		return this.cursor.skip('1') ? Boolean.TRUE : this.cursor.skip('0') ? Boolean.FALSE : null;
	}

	private String readWhile(String others, boolean upperCase) {
		StringBuilder value = new StringBuilder();
		while (!this.cursor.atEnd() && isOneOf(this.cursor.peek(), others, upperCase)) {
			value.append(this.cursor.next());
		}
		return value.toString();
	}

	private static boolean isOneOf(char c, String others, boolean upperCase) {
		return (c >= 'a' && c <= 'z') || TextCursor.isDigit(c) || (upperCase && c >= 'A' && c <= 'Z')
				|| others.indexOf(c) >= 0;
	}

	/**
	 * A value and its parameters.
	 *
	 * @param value the value
	 * @param parameters values by key
	 */
	record Item(Object value, Map<String, Object> parameters) {

		/**
		 * Return a count that is zero or more.
		 * @return the count, or {@code null} if the parameter is absent or anything else
		 */
		@Nullable Long count(String key) {
			return asCount(this.parameters.get(key));
		}

		boolean has(String key) {
			return this.parameters.containsKey(key);
		}

		/**
		 * Return the value as a count that is zero or more, or {@code null}.
		 */
		@Nullable Long count() {
			return asCount(this.value);
		}

		private static @Nullable Long asCount(@Nullable Object value) {
			return (value instanceof Long number && number >= 0) ? number : null;
		}

	}

}
