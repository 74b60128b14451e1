package io.github.llmratelimit.resilience;

import java.time.Duration;

import io.github.llmratelimit.time.AlarmClock;
import io.github.llmratelimit.time.FakeTime;

/**
 * Fake time that moves to every alarm as soon as it is set. So whoever waits on the
 * thread of the test has waited already when it looks, and time passes only by waiting.
 */
final class SelfMovingTime implements AlarmClock {

	private final FakeTime time = new FakeTime();

	private final long start = this.time.nanos();

	@Override
	public long nanos() {
		return this.time.nanos();
	}

	@Override
	public Alarm newAlarm(Runnable task) {
		Alarm alarm = this.time.newAlarm(task);
		return (atNanos) -> {
			alarm.set(atNanos);
			advance(Duration.ofNanos(Math.max(0, atNanos - nanos())));
		};
	}

	void advance(Duration duration) {
		this.time.advance(duration);
	}

	FakeTime time() {
		return this.time;
	}

	/** How much has passed since the beginning. */
	Duration passed() {
		return Duration.ofNanos(nanos() - this.start);
	}

}
