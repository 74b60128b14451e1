package io.github.llmratelimit.provider;

import java.util.Locale;

/**
 * What a provider's response means for a limiter.
 */
public enum SignalKind {

	/** Served, or at least not refused. */
	OK,

	/** Too many requests in a window, or too many at the same time. */
	RATE_LIMIT_REQUESTS,

	/** Too many tokens in a window. */
	RATE_LIMIT_TOKENS,

	/** A limit per day or longer, of requests or of tokens. */
	RATE_LIMIT_DAY,

	/** A limit, but the response doesn't tell which. */
	RATE_LIMIT_UNKNOWN,

	/** No money, no credit, or no quota for this model: waiting doesn't help. */
	QUOTA_EXHAUSTED,

	/** The provider has no capacity; says nothing about the caller's own limits. */
	OVERLOADED,

	/** The provider failed. */
	SERVER_ERROR,

	/** Never fits, however long the caller waits. */
	REQUEST_TOO_LARGE,

	/** The request was wrong in another way. */
	CLIENT_ERROR;

	private final String id = name().toLowerCase(Locale.ROOT);

	/**
	 * Return the name as used in meter tags.
	 * @return the name in lower case, words joined by underscores
	 */
	public String id() {
		return this.id;
	}

	/**
	 * Return whether the caller ran into a limit that time restores.
	 * @return {@code true} for the four {@code RATE_LIMIT_} kinds
	 */
	public boolean isRateLimit() {
		return switch (this) {
			case RATE_LIMIT_REQUESTS, RATE_LIMIT_TOKENS, RATE_LIMIT_DAY, RATE_LIMIT_UNKNOWN -> true;
			default -> false;
		};
	}

}
