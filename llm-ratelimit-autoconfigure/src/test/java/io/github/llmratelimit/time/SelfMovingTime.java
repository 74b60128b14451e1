package io.github.llmratelimit.time;

import java.time.Duration;

/**
 * Fake time that moves to every alarm as soon as it is set. So whoever waits on the
 * thread of the test has waited already when it looks, and time passes only by waiting.
 */
public final class SelfMovingTime implements AlarmClock {

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

	/**
	 * Moves on, as whatever is done between two waits would.
	 * @param duration how far
	 */
	public void advance(Duration duration) {
		this.time.advance(duration);
	}

	/**
	 * Returns the same time as one that does not move by itself.
	 * @return the time
	 */
	public FakeTime time() {
		return this.time;
	}

	/**
	 * Tells how much has passed since the beginning.
	 * @return the difference
	 */
	public Duration passed() {
		return Duration.ofNanos(nanos() - this.start);
	}

}
