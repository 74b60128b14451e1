package io.github.llmratelimit.autoconfigure.configuration;

import java.math.BigDecimal;
import java.time.Duration;

import io.github.llmratelimit.autoconfigure.diagnostics.Durations;
import io.github.llmratelimit.autoconfigure.diagnostics.TypedProperties;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties.Learning;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties.Queue;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties.Retry;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties.Throttle;
import io.github.llmratelimit.engine.settings.EngineSettings;
import io.github.llmratelimit.engine.settings.LearningSettings;
import io.github.llmratelimit.engine.settings.QueueSettings;
import io.github.llmratelimit.engine.settings.TenantSettings;

/**
 * Checks what is the same for all models: share, queue, throttle, retry and the like.
 */
final class SettingsReader {

	private static final String PREFIX = LlmRateLimitProperties.PREFIX;

	private static final String QUEUE = PREFIX + ".queue";

	private static final String THROTTLE = PREFIX + ".throttle";

	private static final String RETRY = PREFIX + ".retry";

	/** A call that waited its longest must still be able to wait for a whole window. */
	private static final Duration WINDOW = Duration.ofMinutes(1);

	/** More than that is a slip of the unit, not the jitter of a network. */
	private static final Duration LONGEST_GUARD = Duration.ofMinutes(1);

	private static final Duration LONGEST = Duration.ofDays(31);

	private static final int MOST_ATTEMPTS = 100;

	private static final int MOST_WORKERS = 10_000;

	private static final int MOST_TENANTS = 10_000;

	/** High, normal and batch. */
	private static final int CLASSES = 3;

	private static final String LOCAL = "local";

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

	/**
	 * What is the same for all budgets.
	 * @param all everything that is configured
	 * @param tenants what tenants may use
	 * @return the settings
	 */
	EngineSettings engine(LlmRateLimitProperties all, TenantSettings tenants) {
		Queue queue = all.queue();
		checkDuration(QUEUE + ".max-wait", "maxWait", queue.maxWait(), Duration.ZERO, LONGEST);
		check(queue.capacity() >= 1, QUEUE + ".capacity", queue.capacity(),
				"Invalid capacity (%d): must be at least 1. If calls shall never wait, set '%s' to 0s.",
				queue.capacity(), QUEUE + ".max-wait");
		if (queue.guard() != null) {
			checkDuration(QUEUE + ".guard", "guard", queue.guard(), Duration.ZERO, LONGEST_GUARD);
		}
		Learning learning = all.learning();
		return new EngineSettings(queue.maxWait(), queue.guard(), queue(queue, all.throttle()), tenants,
				new LearningSettings(learning.limits(), learning.remaining(), learning.credit(),
						learning.outputTokens()),
				all.share(), all.retry().serverErrorBaseDelay());
	}

	private QueueSettings queue(Queue queue, Throttle throttle) {
		check(queue.backfill() >= 0 && queue.backfill() <= QueueSettings.DEEPEST_BACKFILL, QUEUE + ".backfill",
				queue.backfill(), "Invalid backfill (%d): must be between 0 and %d. 4 is best by measurement.",
				queue.backfill(), QueueSettings.DEEPEST_BACKFILL);
		check(throttle.lowWatermark() >= 0 && throttle.lowWatermark() <= 1, THROTTLE + ".low-watermark",
				throttle.lowWatermark(), "Invalid lowWatermark (%s): must be between 0 and 1. 0 switches it off.",
				throttle.lowWatermark());
		check(throttle.maxShareOfRemaining() > 0 && throttle.maxShareOfRemaining() <= 1,
				THROTTLE + ".max-share-of-remaining", throttle.maxShareOfRemaining(),
				"Invalid maxShareOfRemaining (%s): must be above 0 and at most 1. 1 switches it off.",
				throttle.maxShareOfRemaining());
		return new QueueSettings(queue.capacity(), ageing(queue), queue.backfill(), throttle.lowWatermark(),
				throttle.maxShareOfRemaining());
	}

	/**
	 * A call of the lowest class has to rise to the highest, twice, before it gives up.
	 * Whoever states only how long calls wait has not decided on that.
	 */
	private Duration ageing(Queue queue) {
		Duration third = queue.maxWait().dividedBy(CLASSES);
		if (!this.properties.contains(QUEUE + ".ageing")) {
			return (queue.ageing().compareTo(third) < 0) ? queue.ageing() : third;
		}
		checkDuration(QUEUE + ".ageing", "ageing", queue.ageing(), Duration.ZERO, LONGEST);
		Duration twice = queue.ageing().multipliedBy(CLASSES - 1);
		check(queue.ageing().isZero() || twice.compareTo(queue.maxWait()) < 0, QUEUE + ".ageing",
				Durations.text(queue.ageing()),
				"Invalid ageing (%s): twice that must be less than '%s' (%s), so that a call of the lowest priority "
						+ "becomes one of the highest before it gives up. Use at most %s, or 0s for never.",
				Durations.text(queue.ageing()), QUEUE + ".max-wait", Durations.text(queue.maxWait()),
				Durations.text(third));
		return queue.ageing();
	}

	/** Checks what neither the engine nor the retry needs. */
	void check(LlmRateLimitProperties all) {
		check(all.store().equals(LOCAL), PREFIX + ".store", all.store(),
				"Invalid store (%s): must be 'local', budgets in the memory of this instance. For several instances, "
						+ "give each its part by '%s'.",
				all.store(), PREFIX + ".share");
		check(all.taskQueue().workers() >= 1 && all.taskQueue().workers() <= MOST_WORKERS,
				PREFIX + ".task-queue.workers", all.taskQueue().workers(),
				"Invalid workers (%d): must be between 1 and %d.", all.taskQueue().workers(), MOST_WORKERS);
		check(all.taskQueue().capacity() >= 1, PREFIX + ".task-queue.capacity", all.taskQueue().capacity(),
				"Invalid capacity (%d): must be at least 1.", all.taskQueue().capacity());
		check(all.metrics().maxTenants() >= 0 && all.metrics().maxTenants() <= MOST_TENANTS,
				PREFIX + ".metrics.max-tenants", all.metrics().maxTenants(),
				"Invalid maxTenants (%d): must be between 0 and %d, since each one is a set of meters.",
				all.metrics().maxTenants(), MOST_TENANTS);
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
