package io.github.llmratelimit.provider;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * Which model a request asks for, as far as that can be seen without reading more of it
 * than its beginning.
 *
 * @param name what the request calls the model, {@code null} if it names none or its name
 * was not seen
 * @param isNone whether the request was read to its end, is JSON, and names no model
 */
public record RequestedModel(@Nullable String name, boolean isNone) {

	/**
	 * How many bytes of a body are looked at: {@value}. Clients that write the members of
	 * a request in alphabetical order put the whole conversation before the model.
	 */
	public static final int READ_LIMIT = 262_144;

	/** Nothing was seen. */
	public static final RequestedModel UNKNOWN = new RequestedModel(null, false);

	static final RequestedModel NONE = new RequestedModel(null, true);

	/** Longer than any name; what is longer is none. */
	private static final int LONGEST_NAME = 300;

	/**
	 * Finds the model in a path: {@code …/deployments/<model>/…} of Azure OpenAI,
	 * {@code …/models/<model>:<verb>} of Gemini and Vertex AI, {@code …/model/<model>/…}
	 * of Bedrock.
	 * @param rawPath the path of a URL as it is sent, or {@code null}
	 * @return the decoded name, or {@code null} if the path has none
	 */
	public static @Nullable String inPath(@Nullable String rawPath) {
		if (rawPath == null) {
			return null;
		}
		String[] parts = rawPath.split("/");
		for (int i = 0; i + 1 < parts.length; i++) {
			String next = parts[i + 1];
			boolean goesOn = i + 2 < parts.length;
			int verb = next.lastIndexOf(':');
			switch (parts[i]) {
				case "deployments", "model" -> {
					if (goesOn && !next.isEmpty()) {
						return decoded(next);
					}
				}
				case "models" -> {
					if (verb > 0 && !goesOn) {
						return decoded(next.substring(0, verb));
					}
				}
				default -> {
					// a segment without meaning here
				}
			}
		}
		return null;
	}

	private static @Nullable String decoded(String segment) {
		if (segment.length() > LONGEST_NAME) {
			return null;
		}
		try {
			// a plus is a plus in a path
			return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			return null; // no valid encoding
		}
	}

	/**
	 * Finds the model in a JSON body: the string under {@code model} of the outermost
	 * object, and no other.
	 * @param body the body, or its beginning
	 * @param length how many bytes of it are there; only the first {@link #READ_LIMIT}
	 * are looked at
	 * @return what was found
	 */
	public static RequestedModel inBody(byte[] body, int length) {
		return new ModelScanner(body, Math.min(length, READ_LIMIT)).scan(length <= READ_LIMIT);
	}

	static RequestedModel named(String name) {
		// Gemini's OpenAI-compatible endpoint takes both
		String plain = name.startsWith("models/") ? name.substring("models/".length()) : name;
		return (plain.isEmpty() || plain.length() > LONGEST_NAME) ? UNKNOWN : new RequestedModel(plain, false);
	}

}
