package io.github.llmratelimit.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.AbstractOwnableSynchronizer;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Time that moves only when a test moves it: a monotonic clock with alarms, and the time
 * of day beside it. The monotonic clock overflows 30 seconds after the start, so that
 * code which compares readings instead of subtracting them fails.
 * <p>
 * Alarms go off while time is moved, on the thread that moves it, in the order of their
 * instants, each exactly at its instant. An alarm set to an instant that has passed goes
 * off with the next move, also one of zero. Other threads may read and set alarms.
 */
public final class FakeTime implements AlarmClock, InstantSource {

	/** The time of day at the start. */
	public static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

	/** Alarms going off in one move beyond which the code under test must be polling. */
	private static final int MOST_ALARMS = 1_000_000;

	private static final long PATIENCE_NANOS = Duration.ofSeconds(20).toNanos();

	private final Set<FakeAlarm> pending = new HashSet<>();

	private long nanos = Long.MAX_VALUE - Duration.ofSeconds(30).toNanos();

	private Instant instant = START;

	private long set;

	private int wentOff;

	@Override
	public synchronized long nanos() {
		return this.nanos;
	}

	@Override
	public synchronized Instant instant() {
		return this.instant;
	}

	@Override
	public Alarm newAlarm(Runnable task) {
		return new FakeAlarm(task);
	}

	/**
	 * Moves both clocks on, and lets every alarm go off that becomes due on the way.
	 * @param duration how far; zero only lets go off what is due now
	 */
	public void advance(Duration duration) {
		long target = nanos() + duration.toNanos();
		for (int alarms = 0; alarms < MOST_ALARMS; alarms++) {
			FakeAlarm due = moveToNextAlarm(target);
			if (due == null) {
				return;
			}
			due.task.run();
		}
		throw new AssertionError("More than %d alarms within %s: something polls.".formatted(MOST_ALARMS, duration));
	}

	/**
	 * Moves to the next alarm and lets it go off.
	 * @return how far time moved, {@code null} if no alarm is set and it did not
	 */
	public @Nullable Duration advanceToNextAlarm() {
		Duration distance = nextAlarm();
		if (distance != null) {
			advance(distance);
		}
		return distance;
	}

	/**
	 * Lets the monotonic clock step back, which it never should. Alarms stay where they
	 * are, the time of day goes on.
	 * @param duration how far
	 */
	public synchronized void stepBack(Duration duration) {
		this.nanos -= duration.toNanos();
	}

	/**
	 * Sets the time of day, as an administrator or a leap second would.
	 * @param newInstant what it is from now on
	 */
	public synchronized void setInstant(Instant newInstant) {
		this.instant = newInstant;
	}

	/**
	 * Tells how far away the next alarm is.
	 * @return the distance, zero if it is due, {@code null} if none is set
	 */
	public synchronized @Nullable Duration nextAlarm() {
		FakeAlarm next = next();
		return (next != null) ? Duration.ofNanos(Math.max(0, next.atNanos - this.nanos)) : null;
	}

	/**
	 * Counts alarms.
	 * @return how many have gone off so far
	 */
	public synchronized int wentOff() {
		return this.wentOff;
	}

	/**
	 * Waits, without moving time, until threads are parked: they wait for something that
	 * others must do. Waiting for a lock does not count.
	 * @param threads the threads
	 */
	public static void awaitParked(Thread... threads) {
		for (Thread thread : threads) {
			await(() -> thread.getState() == Thread.State.WAITING
					&& !(LockSupport.getBlocker(thread) instanceof AbstractOwnableSynchronizer));
		}
	}

	/**
	 * Waits, without moving time, until other threads have brought something about.
	 * @param condition what is waited for
	 */
	public static void await(BooleanSupplier condition) {
		long start = System.nanoTime();
		while (!condition.getAsBoolean()) {
			if (System.nanoTime() - start > PATIENCE_NANOS) {
				throw new AssertionError("Other threads did not get to where they were waited for.");
			}
			Thread.yield();
		}
	}

	private synchronized @Nullable FakeAlarm moveToNextAlarm(long target) {
		FakeAlarm next = next();
		if (next == null || next.atNanos - target > 0) {
			moveTo(target);
			return null;
		}
		moveTo(next.atNanos);
		this.pending.remove(next);
		this.wentOff++;
		return next;
	}

	private @Nullable FakeAlarm next() {
		long now = this.nanos;
		Comparator<FakeAlarm> byInstant = Comparator.comparingLong((alarm) -> alarm.atNanos - now);
		return this.pending.stream().min(byInstant.thenComparingLong((alarm) -> alarm.order)).orElse(null);
	}

	private void moveTo(long target) {
		if (target - this.nanos > 0) {
			this.instant = this.instant.plusNanos(target - this.nanos);
			this.nanos = target;
		}
	}

	private final class FakeAlarm implements Alarm {

		private final Runnable task;

		private long atNanos;

		private long order;

		FakeAlarm(Runnable task) {
			this.task = task;
		}

		@Override
		public void set(long newAtNanos) {
			synchronized (FakeTime.this) {
				this.atNanos = newAtNanos;
				this.order = FakeTime.this.set++;
				FakeTime.this.pending.add(this);
			}
		}

	}

}
