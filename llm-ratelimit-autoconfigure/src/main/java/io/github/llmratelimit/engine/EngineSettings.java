package io.github.llmratelimit.engine;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What is the same for all budgets.
 *
 * @param maxWait how long a call waits that does not say it; zero never waits
 * @param queueCapacity how many calls may wait for one budget; at least 1
 * @param guard how much longer than its window an amount is held, for the jitter of the
 * network; {@code null} is 60 ms or 0.1 % of the window, whichever is more, and at most
 * one second
 */
public record EngineSettings(Duration maxWait, int queueCapacity, @Nullable Duration guard) {

	/** How long a call waits by default. */
	public static final Duration DEFAULT_MAX_WAIT = Duration.ofSeconds(90);

	/** How many calls may wait by default. */
	public static final int DEFAULT_QUEUE_CAPACITY = 10_000;

	/** The defaults. */
	public static final EngineSettings DEFAULTS = new EngineSettings(DEFAULT_MAX_WAIT, DEFAULT_QUEUE_CAPACITY, null);

	public EngineSettings {
		if (maxWait.isNegative()) {
			throw new IllegalArgumentException(
					"Invalid maxWait (%s): must be positive, or zero to never wait.".formatted(maxWait));
		}
		if (queueCapacity < 1) {
			throw new IllegalArgumentException(
					"Invalid queueCapacity (%d): must be at least 1.".formatted(queueCapacity));
		}
		if (guard != null && guard.isNegative()) {
			throw new IllegalArgumentException("Invalid guard (%s): must be positive or zero.".formatted(guard));
		}
	}

}
