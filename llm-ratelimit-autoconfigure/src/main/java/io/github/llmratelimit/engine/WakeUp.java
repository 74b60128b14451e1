package io.github.llmratelimit.engine;

import io.github.llmratelimit.time.AlarmClock.Alarm;
import io.github.llmratelimit.time.Ticks;

/**
 * The next instant at which a budget looks at its queue again. Guarded by the budget's
 * lock.
 */
final class WakeUp {

	private final Alarm alarm;

	private boolean set;

	private long atNanos;

	WakeUp(Alarm alarm) {
		this.alarm = alarm;
	}

	/** The alarm went off. */
	void over() {
		this.set = false;
	}

	/** Wakes at an instant, if it does not earlier. */
	void by(long at, long nowNanos) {
		boolean earlier = !this.set || at - this.atNanos < 0;
		if (earlier && at - nowNanos < Ticks.FOREVER_NANOS) {
			this.set = true;
			this.atNanos = at;
			this.alarm.set(at);
		}
	}

}
