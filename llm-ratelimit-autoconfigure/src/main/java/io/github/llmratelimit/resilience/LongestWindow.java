package io.github.llmratelimit.resilience;

import java.time.Duration;

import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LlmRateLimiter;

/**
 * The longest window that a refusal can mean which does not speak of a day.
 */
final class LongestWindow {

	private static final Duration LONGEST_WITHOUT_DAY = Duration.ofHours(12);

	private LongestWindow() {
	}

	/** The window, zero if the model has none so short. */
	static Duration of(LlmRateLimiter limiter) {
		Duration longest = Duration.ZERO;
		for (Limit limit : limiter.limits().limits()) {
			Duration per = limit.per();
			if (per != null && per.compareTo(LONGEST_WITHOUT_DAY) <= 0 && per.compareTo(longest) > 0) {
				longest = per;
			}
		}
		return longest;
	}

}
