package io.github.llmratelimit.resilience;

import java.time.Duration;

/**
 * How failed calls are repeated.
 *
 * @param maxAttempts attempts of one call, the first one included; at least 1, which
 * never repeats
 * @param baseDelay delay after the first refusal without a hint; doubles with each
 * attempt
 * @param maxDelay longest delay without a hint, before jitter
 * @param jitter part of a delay that is drawn at random, 0 to 1: a delay is up to so much
 * shorter or longer, a provider's hint is only ever lengthened
 * @param serverErrorBaseDelay as {@code baseDelay}, after an error of the provider's
 * server
 * @param maxElapsed time after the beginning of a call at which no further attempt starts
 * @param maxRetryAfter longest hint that a call waits for
 */
public record RetrySettings(int maxAttempts, Duration baseDelay, Duration maxDelay, double jitter,
		Duration serverErrorBaseDelay, Duration maxElapsed, Duration maxRetryAfter) {

	/** Longer delays are not told apart. Stands first, since the defaults are checked. */
	private static final Duration LONGEST = Duration.ofDays(366);

	/** The defaults. */
	public static final RetrySettings DEFAULTS = new RetrySettings(6, Duration.ofSeconds(1), Duration.ofSeconds(60),
			0.25, Duration.ofMillis(500), Duration.ofSeconds(180), Duration.ofMinutes(5));

	public RetrySettings {
		if (maxAttempts < 1) {
			throw new IllegalArgumentException("Invalid maxAttempts (%d): must be at least 1.".formatted(maxAttempts));
		}
		if (!(jitter >= 0 && jitter <= 1)) {
			throw new IllegalArgumentException("Invalid jitter (%s): must be between 0 and 1.".formatted(jitter));
		}
		baseDelay = check("baseDelay", baseDelay);
		maxDelay = check("maxDelay", maxDelay);
		serverErrorBaseDelay = check("serverErrorBaseDelay", serverErrorBaseDelay);
		maxElapsed = check("maxElapsed", maxElapsed);
		maxRetryAfter = check("maxRetryAfter", maxRetryAfter);
	}

	private static Duration check(String name, Duration value) {
		if (value.isNegative()) {
			throw new IllegalArgumentException("Invalid %s (%s): must be positive or zero.".formatted(name, value));
		}
		return (value.compareTo(LONGEST) > 0) ? LONGEST : value;
	}

}
