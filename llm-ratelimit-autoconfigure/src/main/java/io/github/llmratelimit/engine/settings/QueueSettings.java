package io.github.llmratelimit.engine.settings;

import java.time.Duration;

/**
 * In which order calls wait, and what may hold them back while budget is left.
 *
 * @param capacity how many calls may wait for one budget; at least 1. A tenant that its
 * own limits hold back may fill half of what others leave
 * @param ageing time after which a waiting call counts as one priority class higher; zero
 * for never
 * @param backfill how many calls behind the first may pass it if it starts no later for
 * that; between 0 and {@value #DEEPEST_BACKFILL}
 * @param lowWatermark part of a limit; when less is left, only that rest is spread over
 * the time until budget comes back; between 0 (off) and 1
 * @param maxShareOfRemaining part of what is left that one call may take at once; between
 * 0 (exclusive) and 1 (off)
 */
public record QueueSettings(int capacity, Duration ageing, int backfill, double lowWatermark,
		double maxShareOfRemaining) {

	/**
	 * Deepest backfill that can be stated: deeper ones gain nothing and cost big calls.
	 */
	public static final int DEEPEST_BACKFILL = 8;

	/**
	 * Strict order of class, tenant and arrival, with the usual backfill; no throttle.
	 */
	public static final QueueSettings DEFAULTS = new QueueSettings(10_000, Duration.ofSeconds(30), 4, 0, 1);

	public QueueSettings {
		check(capacity >= 1, "capacity", capacity, "at least 1");
		check(!ageing.isNegative(), "ageing", ageing, "positive, or zero for never");
		check(backfill >= 0 && backfill <= DEEPEST_BACKFILL, "backfill", backfill, "between 0 and " + DEEPEST_BACKFILL);
		check(lowWatermark >= 0 && lowWatermark <= 1, "lowWatermark", lowWatermark, "between 0 and 1");
		check(maxShareOfRemaining > 0 && maxShareOfRemaining <= 1, "maxShareOfRemaining", maxShareOfRemaining,
				"above 0 and at most 1");
	}

	private static void check(boolean valid, String name, Object value, String must) {
		if (!valid) {
			throw new IllegalArgumentException("Invalid %s (%s): must be %s.".formatted(name, value, must));
		}
	}

	/** Whether calls can be held back although there is room for them. */
	public boolean isThrottled() {
		return this.lowWatermark > 0 || this.maxShareOfRemaining < 1;
	}

}
