package io.github.llmratelimit.sample.provider;

import java.time.Duration;

/**
 * What a model's budget says to one call, and what the budget looks like afterwards.
 *
 * @param outcome whether the call was admitted, or what refused it
 * @param charge tokens that the call would be charged
 * @param retryAfter when it would fit, if nobody else came before; zero unless refused
 * for a while
 * @param requests state of the request limit
 * @param tokens state of the token limit
 */
record Verdict(Outcome outcome, long charge, Duration retryAfter, Level requests, Level tokens) {

	enum Outcome {

		/**
		 * The call fits and is charged.
		 */
		ADMITTED,

		/**
		 * Too many requests in the window.
		 */
		REQUESTS,

		/**
		 * Too many tokens in the window.
		 */
		TOKENS,

		/**
		 * More tokens than the limit: it will never fit.
		 */
		TOO_LARGE

	}

	/**
	 * One limit as a response reports it.
	 *
	 * @param limit the most that a window may hold
	 * @param used what counts now
	 * @param reset when nothing will count any more, if nobody comes
	 */
	record Level(long limit, long used, Duration reset) {

		long remaining() {
			return this.limit - this.used;
		}

	}

}
