package io.github.llmratelimit.sample.endtoend;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;

import io.github.llmratelimit.sample.provider.Delays;
import io.github.llmratelimit.time.AlarmClock;

/**
 * Time that stands still while anybody does anything, and jumps to the next event when
 * {@link #step} says so. It overflows two minutes after it began.
 */
final class StepClock implements AlarmClock, Delays {

	private static final long START = Long.MAX_VALUE - 120_000_000_000L;

	private final Executor executor;

	private final PriorityQueue<Event> events = new PriorityQueue<>(
			Comparator.comparing((Event event) -> event.at - START).thenComparing((event) -> event.number));

	private long now = START;

	private long numbers;

	private int pausing;

	private int underWay;

	/**
	 * Creates a clock.
	 * @param executor does what was delayed
	 */
	StepClock(Executor executor) {
		this.executor = executor;
	}

	@Override
	public synchronized long nanos() {
		return this.now;
	}

	/** How long ago the clock began. */
	long elapsed() {
		return nanos() - START;
	}

	@Override
	public Alarm newAlarm(Runnable task) {
		return new StepAlarm(task);
	}

	@Override
	public void after(long nanos, Runnable task) {
		add(nanos, Kind.CALL, () -> this.executor.execute(task));
	}

	/** Lets the calling thread, and the call that it makes, wait. */
	void travel(long nanos) throws InterruptedException {
		sleep(nanos, Kind.CALL);
	}

	/** Lets the calling thread do nothing for a while. */
	void pause(long nanos) throws InterruptedException {
		sleep(nanos, Kind.PAUSE);
	}

	private void sleep(long nanos, Kind kind) throws InterruptedException {
		CountDownLatch over = new CountDownLatch(1);
		add(nanos, kind, over::countDown);
		over.await();
	}

	private synchronized void add(long nanos, Kind kind, Runnable task) {
		count(kind, 1);
		this.events.add(new Event(this.now + nanos, this.numbers++, kind, task));
	}

	private void count(Kind kind, int difference) {
		this.pausing += (kind == Kind.PAUSE) ? difference : 0;
		this.underWay += (kind == Kind.CALL) ? difference : 0;
	}

	/** Who waits for time to pass. */
	synchronized Sleepers sleepers() {
		return new Sleepers(this.pausing, this.underWay);
	}

	/** Jumps to the next event. */
	void step() {
		Event event = next();
		if (event != null) {
			event.task.run();
		}
	}

	private synchronized Event next() {
		Event event = this.events.poll();
		if (event == null) {
			return null;
		}
		this.now = (event.at - this.now > 0) ? event.at : this.now;
		count(event.kind, -1);
		return event;
	}

	/**
	 * Who waits for time to pass.
	 *
	 * @param pausing threads that do nothing
	 * @param underWay calls
	 */
	record Sleepers(int pausing, int underWay) {
	}

	private enum Kind {

		ALARM, PAUSE, CALL

	}

	private record Event(long at, long number, Kind kind, Runnable task) {
	}

	private final class StepAlarm implements Alarm {

		private final Runnable task;

		private Event pending;

		StepAlarm(Runnable task) {
			this.task = task;
		}

		@Override
		public void set(long atNanos) {
			synchronized (StepClock.this) {
				StepClock.this.events.remove(this.pending);
				this.pending = new Event(atNanos, StepClock.this.numbers++, Kind.ALARM, this.task);
				StepClock.this.events.add(this.pending);
			}
		}

	}

}
