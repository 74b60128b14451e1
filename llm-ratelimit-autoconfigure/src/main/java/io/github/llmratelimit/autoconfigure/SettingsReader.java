package io.github.llmratelimit.autoconfigure;

import java.math.BigDecimal;
import java.time.Duration;

import io.github.llmratelimit.autoconfigure.LlmRateLimitProperties.Queue;
import io.github.llmratelimit.autoconfigure.LlmRateLimitProperties.Retry;
import io.github.llmratelimit.engine.EngineSettings;

/**
 * Checks what is the same for all models: share, queue and retry.
 */
final class SettingsReader {

	private static final String PREFIX = LlmRateLimitProperties.PREFIX;

	private static final String QUEUE = PREFIX + ".queue";

	private static final String RETRY = PREFIX + ".retry";

	/** A call that waited its longest must still be able to wait for a whole window. */
	private static final Duration WINDOW = Duration.ofMinutes(1);

	/** More than that is a slip of the unit, not the jitter of a network. */
	private static final Duration LONGEST_GUARD = Duration.ofMinutes(1);

	private static final Duration LONGEST = Duration.ofDays(31);

	private static final int MOST_ATTEMPTS = 100;

	private final TypedProperties properties;

	SettingsReader(TypedProperties properties) {
		this.properties = properties;
	}

	/** The share, in decimal: 0.29 of 100 is 29, which binary fractions miss. */
	BigDecimal share(double share) {
		check(share > 0 && share <= 1, PREFIX + ".share", share,
				"Invalid share (%s): must be above 0 and at most 1. Use 0.25 for each of four instances.", share);
		return BigDecimal.valueOf(share);
	}

	EngineSettings engine(Queue queue) {
		checkDuration(QUEUE + ".max-wait", "maxWait", queue.maxWait(), Duration.ZERO, LONGEST);
		check(queue.capacity() >= 1, QUEUE + ".capacity", queue.capacity(),
				"Invalid capacity (%d): must be at least 1. If calls shall never wait, set '%s' to 0s.",
				queue.capacity(), QUEUE + ".max-wait");
		if (queue.guard() != null) {
			checkDuration(QUEUE + ".guard", "guard", queue.guard(), Duration.ZERO, LONGEST_GUARD);
		}
		return new EngineSettings(queue.maxWait(), queue.capacity(), queue.guard());
	}

	void check(Retry retry, Queue queue) {
		check(retry.maxAttempts() >= 1 && retry.maxAttempts() <= MOST_ATTEMPTS, RETRY + ".max-attempts",
				retry.maxAttempts(),
				"Invalid maxAttempts (%d): must be between 1 and %d. The first attempt counts; 1 is no retry.",
				retry.maxAttempts(), MOST_ATTEMPTS);
		Duration shortest = Duration.ofMillis(1);
		checkDuration(RETRY + ".base-delay", "baseDelay", retry.baseDelay(), shortest, LONGEST);
		checkDuration(RETRY + ".server-error-base-delay", "serverErrorBaseDelay", retry.serverErrorBaseDelay(),
				shortest, LONGEST);
		checkDuration(RETRY + ".max-delay", "maxDelay", retry.maxDelay(), shortest, LONGEST);
		checkDuration(RETRY + ".max-retry-after", "maxRetryAfter", retry.maxRetryAfter(), Duration.ZERO, LONGEST);
		checkDuration(RETRY + ".max-elapsed", "maxElapsed", retry.maxElapsed(), Duration.ZERO, LONGEST);
		check(retry.jitter() >= 0 && retry.jitter() <= 1, RETRY + ".jitter", retry.jitter(),
				"Invalid jitter (%s): must be between 0 and 1.", retry.jitter());
		checkNotShorter(RETRY + ".max-delay", retry.maxDelay(), RETRY + ".base-delay", retry.baseDelay(), Duration.ZERO,
				"");
		checkNotShorter(RETRY + ".max-delay", retry.maxDelay(), RETRY + ".server-error-base-delay",
				retry.serverErrorBaseDelay(), Duration.ZERO, "");
		checkNotShorter(RETRY + ".max-elapsed", retry.maxElapsed(), QUEUE + ".max-wait", queue.maxWait(), WINDOW,
				", so that a call which has waited its longest can still wait for a window of one minute");
	}

	private void checkDuration(String property, String name, Duration value, Duration least, Duration most) {
		check(value.compareTo(least) >= 0 && value.compareTo(most) <= 0, property, Durations.text(value),
				"Invalid %s (%s): must be between %s and %s. Write it with a unit, e.g. 500ms, 90s or 5m.", name,
				Durations.text(value), Durations.text(least), Durations.text(most));
	}

	/** Of two properties, the one that was typed is the one to blame. */
	private void checkNotShorter(String longer, Duration longerValue, String shorter, Duration shorterValue,
			Duration margin, String why) {
		Duration least = shorterValue.plus(margin);
		if (longerValue.compareTo(least) >= 0) {
			return;
		}
		boolean longerIsTyped = this.properties.contains(longer);
		throw this.properties.invalid(longerIsTyped ? longer : shorter,
				Durations.text(longerIsTyped ? longerValue : shorterValue),
				"With '%s' at %s, '%s' (%s) must be at least %s%s.".formatted(shorter, Durations.text(shorterValue),
						longer, Durations.text(longerValue), Durations.text(least), why));
	}

	private void check(boolean valid, String property, Object value, String reason, Object... args) {
		if (!valid) {
			throw this.properties.invalid(property, value, reason.formatted(args));
		}
	}

}
