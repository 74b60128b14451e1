package io.github.llmratelimit.provider;

/**
 * What a provider says of the way in which it is called, beside what it says of one call.
 */
public enum Caution {

	/** Nothing. */
	NONE,

	/**
	 * Traffic grew too fast, be it within all limits: OpenAI's {@code slow_down}.
	 */
	GROWTH,

	/**
	 * The call was served although it went over a limit; the next may not be: Fireworks'
	 * {@code x-ratelimit-over-limit}.
	 */
	OVER_LIMIT

}
