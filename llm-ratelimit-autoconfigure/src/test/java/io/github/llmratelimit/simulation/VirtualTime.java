package io.github.llmratelimit.simulation;

import java.util.PriorityQueue;

import io.github.llmratelimit.time.AlarmClock;

/**
 * Time that jumps from event to event, on one thread. Starts shortly before the monotonic
 * clock overflows.
 */
final class VirtualTime implements AlarmClock {

	private static final long ORIGIN = Long.MAX_VALUE - 60_000_000_000L;

	private final PriorityQueue<Event> events = new PriorityQueue<>();

	private long nowNanos;

	private long sequence;

	@Override
	public long nanos() {
		return ORIGIN + this.nowNanos;
	}

	/** Time since the beginning. */
	long elapsedNanos() {
		return this.nowNanos;
	}

	void at(long elapsedNanos, Runnable action) {
		this.events.add(new Event(Math.max(elapsedNanos, this.nowNanos), ++this.sequence, action));
	}

	void in(long nanos, Runnable action) {
		at(this.nowNanos + nanos, action);
	}

	/** Runs all that happens before an instant, and not what happens at it. */
	void runUntil(long elapsedNanos) {
		while (!this.events.isEmpty() && this.events.peek().atNanos < elapsedNanos) {
			Event event = this.events.remove();
			this.nowNanos = event.atNanos;
			event.action.run();
		}
		this.nowNanos = elapsedNanos;
	}

	@Override
	public Alarm newAlarm(Runnable task) {
		long[] current = new long[1];
		return (atNanos) -> {
			long set = ++current[0];
			at(atNanos - ORIGIN, () -> {
				if (current[0] == set) {
					task.run();
				}
			});
		};
	}

	private record Event(long atNanos, long sequence, Runnable action) implements Comparable<Event> {

		@Override
		public int compareTo(Event other) {
			int byTime = Long.compare(this.atNanos, other.atNanos);
			return (byTime != 0) ? byTime : Long.compare(this.sequence, other.sequence);
		}

	}

}
