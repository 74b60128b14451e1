package io.github.llmratelimit.engine;

import io.github.llmratelimit.time.AlarmClock;
import io.github.llmratelimit.time.Ticks;

/**
 * The time as a budget sees it: it never goes back, and is read as seldom as it can be.
 * Guarded by the budget's lock.
 */
final class BudgetClock {

	private final AlarmClock clock;

	private long lastNanos;

	/** Whether no call has been dated by the last reading. */
	private boolean unused;

	BudgetClock(AlarmClock clock) {
		this.clock = clock;
		this.lastNanos = clock.nanos();
	}

	/** Reads the clock; what the ledger sees never goes back. */
	long now() {
		this.lastNanos = Ticks.latest(this.lastNanos, this.clock.nanos());
		this.unused = true;
		return this.lastNanos;
	}

	/**
	 * When a call ended of which only a sum over time is kept. To read the clock is half
	 * of what that costs, so one call is dated by each reading that was made for another:
	 * the sum is off by one call at most.
	 */
	long nowForSum() {
		long now = this.unused ? this.lastNanos : now();
		this.unused = false;
		return now;
	}

}
