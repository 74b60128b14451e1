package io.github.llmratelimit.resilience;

import java.time.Duration;

/**
 * What follows a failed attempt.
 */
sealed interface RetryDecision {

	/** Nothing: the failure is the caller's. */
	RetryDecision GIVE_UP = new GiveUp();

	/** Nothing. */
	record GiveUp() implements RetryDecision {
	}

	/**
	 * Another attempt.
	 *
	 * @param delay how long it is held back
	 * @param counted whether it uses up one of the call's attempts
	 */
	record Repeat(Duration delay, boolean counted) implements RetryDecision {
	}

}
