package io.github.llmratelimit.sample.provider;

import io.github.llmratelimit.Booking;

/**
 * Providers that tell the truth.
 */
final class Behaviours {

	/** One that speaks OpenAI's dialect. */
	static final Behaviour HONEST = honest(DialectName.OPENAI, Enforcement.ROLLING, null);

	private Behaviours() {
	}

	static Behaviour honest(DialectName dialect, Enforcement enforcement, Booking booking) {
		return new Behaviour(dialect, enforcement, booking, RetryAfter.USUAL, HeaderLie.NONE, 1, 0, false);
	}

}
