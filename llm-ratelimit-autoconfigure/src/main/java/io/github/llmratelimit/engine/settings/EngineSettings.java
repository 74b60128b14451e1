package io.github.llmratelimit.engine.settings;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What is the same for all budgets.
 *
 * @param maxWait how long a call waits that does not say it; zero never waits
 * @param guard how much longer than its window an amount is held, for the jitter of the
 * network; {@code null} is 60 ms or 0.1 % of the window, whichever is more, and at most
 * one second
 * @param queue in which order calls wait
 * @param tenants what tenants may use
 * @param learning what is taken from the provider's responses
 * @param share part of the provider's limits that this instance may use; above 0 and at
 * most 1. Stated limits are multiplied already
 * @param overloadBaseDelay how long at most a provider without capacity is left alone
 * when it turns calls away for the first time; doubles each time that nobody is answered
 */
public record EngineSettings(Duration maxWait, @Nullable Duration guard, QueueSettings queue, TenantSettings tenants,
		LearningSettings learning, double share, Duration overloadBaseDelay) {

	/** How long a call waits by default. */
	public static final Duration DEFAULT_MAX_WAIT = Duration.ofSeconds(90);

	/** How long a provider without capacity is left alone at first, by default. */
	public static final Duration DEFAULT_OVERLOAD_BASE_DELAY = Duration.ofMillis(500);

	/** The defaults. */
	public static final EngineSettings DEFAULTS = new EngineSettings(DEFAULT_MAX_WAIT, null, QueueSettings.DEFAULTS,
			TenantSettings.FAIR);

	public EngineSettings {
		if (maxWait.isNegative()) {
			throw new IllegalArgumentException(
					"Invalid maxWait (%s): must be positive, or zero to never wait.".formatted(maxWait));
		}
		if (guard != null && guard.isNegative()) {
			throw new IllegalArgumentException("Invalid guard (%s): must be positive or zero.".formatted(guard));
		}
		if (overloadBaseDelay.isNegative()) {
			throw new IllegalArgumentException(
					"Invalid overloadBaseDelay (%s): must be positive or zero.".formatted(overloadBaseDelay));
		}
	}

	/**
	 * Settings that take everything from the provider's responses.
	 * @param maxWait how long a call waits that does not say it
	 * @param guard how much longer than its window an amount is held
	 * @param queue in which order calls wait
	 * @param tenants what tenants may use
	 */
	public EngineSettings(Duration maxWait, @Nullable Duration guard, QueueSettings queue, TenantSettings tenants) {
		this(maxWait, guard, queue, tenants, LearningSettings.ALL, 1, DEFAULT_OVERLOAD_BASE_DELAY);
	}

	/**
	 * Settings that differ from the defaults in how long calls wait.
	 * @param maxWait how long a call waits that does not say it
	 * @param queueCapacity how many calls may wait for one budget
	 * @param guard how much longer than its window an amount is held
	 */
	public EngineSettings(Duration maxWait, int queueCapacity, @Nullable Duration guard) {
		this(maxWait, guard, new QueueSettings(queueCapacity, QueueSettings.DEFAULTS.ageing(),
				QueueSettings.DEFAULTS.backfill(), 0, 1), TenantSettings.FAIR);
	}

}
