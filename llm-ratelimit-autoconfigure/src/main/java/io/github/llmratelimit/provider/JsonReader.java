package io.github.llmratelimit.provider;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/*
 * Bodies of errors are cut off by proxies and by our own read limit, and what tells the
 * kind of a refusal stands at their beginning. A strict parser loses all of it. This one
 * keeps what it has read when the text ends or stops being JSON.
 *
 * The cost is bounded by the length of the text, the depth of calls by MAX_DEPTH: what is
 * deeper is stepped over without being kept. Scalars are kept as text, since providers
 * disagree whether 429 is a number or a string.
 */
/**
 * Reads JSON, also incomplete JSON, into maps, lists and strings.
 */
final class JsonReader {

	/** Containers deeper than this are left out: Google's errors have a depth of 6. */
	static final int MAX_DEPTH = 16;

	private final TextCursor cursor;

	private boolean broken;

	private JsonReader(String text) {
		this.cursor = new TextCursor(text);
	}

	/**
	 * Read the first value of a text.
	 * @return a map, a list, a string, or {@code null}
	 */
	static @Nullable Object read(String text) {
		return new JsonReader(text).value(0);
	}

	private @Nullable Object value(int depth) {
		this.cursor.skipBlanks();
		return switch (this.cursor.peek()) {
			case '{' -> (depth < MAX_DEPTH) ? object(depth) : skipContainer();
			case '[' -> (depth < MAX_DEPTH) ? array(depth) : skipContainer();
			case '"' -> string();
			default -> word();
		};
	}

	private Map<String, Object> object(int depth) {
		Map<String, Object> members = new LinkedHashMap<>();
		this.cursor.next();
		while (hasMore('}')) {
			if (this.cursor.peek() != '"') {
				this.broken = true;
				break;
			}
			String key = string();
			this.cursor.skipBlanks();
			if (!this.cursor.skip(':')) {
				this.broken = true;
				break;
			}
			Object value = value(depth + 1);
			if (value != null) {
				members.put(key, value);
			}
			endMember('}');
		}
		return members;
	}

	private List<Object> array(int depth) {
		List<Object> elements = new ArrayList<>();
		this.cursor.next();
		while (hasMore(']')) {
			Object value = value(depth + 1);
			if (value != null) {
				elements.add(value);
			}
			endMember(']');
		}
		return elements;
	}

	private boolean hasMore(char close) {
		this.cursor.skipBlanks();
		return !this.broken && !this.cursor.atEnd() && !this.cursor.skip(close);
	}

	private void endMember(char close) {
		this.cursor.skipBlanks();
		if (!this.cursor.skip(',') && this.cursor.peek() != close) {
			this.broken = true;
		}
	}

	private String string() {
		StringBuilder value = new StringBuilder();
		this.cursor.next();
		while (!this.cursor.atEnd()) {
			char c = this.cursor.next();
			if (c == '"') {
				return value.toString();
			}
			value.append((c == '\\') ? escaped() : c);
		}
		return withoutLastWord(value);
	}

	private char escaped() {
		char c = this.cursor.next();
		return switch (c) {
			case 'b' -> '\b';
			case 'f' -> '\f';
			case 'n' -> '\n';
			case 'r' -> '\r';
			case 't' -> '\t';
			case 'u' -> codeUnit();
			default -> c;
		};
	}

	private char codeUnit() {
		int value = 0;
		for (int i = 0; i < 4; i++) {
			int digit = Character.digit(this.cursor.peek(), 16);
			if (digit < 0) {
				return '\uFFFD';
			}
			value = value * 16 + digit;
			this.cursor.next();
		}
		return (char) value;
	}

	/**
	 * The text ended within a word or number, which may mean something else than its
	 * beginning.
	 */
	private static String withoutLastWord(StringBuilder value) {
		return value.substring(0, Math.max(value.lastIndexOf(" "), 0));
	}

	/**
	 * Read a number or literal, or whatever stands in its place.
	 */
	private @Nullable String word() {
		StringBuilder word = new StringBuilder();
		while (!this.cursor.atEnd() && ",]}:\"[{ \t\r\n".indexOf(this.cursor.peek()) < 0) {
			word.append(this.cursor.next());
		}
		if (word.isEmpty()) {
			this.broken = true;
		}
		return (word.isEmpty() || word.toString().equals("null")) ? null : word.toString();
	}

	private @Nullable Object skipContainer() {
		int open = 0;
		do {
			char c = this.cursor.peek();
			if (c == '"') {
				string();
				continue;
			}
			this.cursor.next();
			if (c == '{' || c == '[') {
				open++;
			}
			else if (c == '}' || c == ']') {
				open--;
			}
		}
		while (open > 0 && !this.cursor.atEnd());
		return null;
	}

}
