package io.github.llmratelimit.usage;

import org.jspecify.annotations.Nullable;

/**
 * Responses that are returned as text. They are parsed if Jackson is there.
 */
final class ResponseJson {

	/*
	 * A text is mostly the answer itself, at times long, so it is parsed only if it looks
	 * like a provider's response: an object that speaks of usage and has what a model
	 * cannot be brought to say by accident, the name of the model or the type of
	 * Anthropic's event. Looking takes some nanoseconds for text that is no JSON, and
	 * some microseconds for 100 KB that are.
	 */

	/** Longer texts are not parsed: it would take longer than 10 ms. */
	static final int LONGEST = 1_000_000;

	private ResponseJson() {
	}

	/**
	 * Parses a response.
	 * @return its tree, {@code null} if the text is none
	 */
	static @Nullable Object parse(String text) {
		return isResponse(text) ? JacksonAccess.parse(text) : null;
	}

	private static boolean isResponse(String text) {
		return MemberAccess.hasJackson() && text.length() <= LONGEST && startsObject(text) && text.contains("\"usage\"")
				&& (text.contains("\"model\"") || text.contains("\"message_delta\""));
	}

	private static boolean startsObject(String text) {
		for (int i = 0; i < text.length(); i++) {
			if (!Character.isWhitespace(text.charAt(i))) {
				return text.charAt(i) == '{';
			}
		}
		return false;
	}

}
