package io.github.llmratelimit.sample.provider;

import java.util.Map;

import io.github.llmratelimit.sample.provider.Verdict.Level;

/**
 * What a provider's limit headers say instead of the truth. All of it was seen in the
 * wild. The texts of errors stay true.
 */
public enum HeaderLie {

	/** The truth. */
	NONE,

	/** There are none, not even {@code Retry-After}. */
	MISSING,

	/** Limits and remaining amounts as if the limits were twice as high. */
	DOUBLED,

	/** The configured limits, even where lower ones are enforced. */
	CONFIGURED,

	/** Limits and remaining amounts of -1. */
	NEGATIVE,

	/** Texts that are no numbers. */
	GARBAGE;

	private static final String SIGN = "ratelimit";

	Level told(Level level, long configured) {
		return switch (this) {
			case NONE, MISSING, GARBAGE -> level;
			case DOUBLED -> level.withLimit(2 * level.limit());
			case CONFIGURED -> level.withLimit(configured);
			case NEGATIVE -> new Level(-1, 0, level.reset(), level.window());
		};
	}

	void rewrite(Map<String, String> headers) {
		if (this == MISSING) {
			headers.keySet().removeIf((name) -> name.contains(SIGN) || name.startsWith("retry-after"));
		}
		if (this == GARBAGE) {
			headers.replaceAll((name, value) -> name.contains(SIGN) ? "soon" : value);
		}
	}

}
