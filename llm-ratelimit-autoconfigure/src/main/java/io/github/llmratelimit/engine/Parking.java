package io.github.llmratelimit.engine;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import io.github.llmratelimit.time.AlarmClock;

/**
 * Makes threads wait for answers that others give: the thin layer between the engine,
 * which never waits, and callers that do.
 */
final class Parking {

	private Parking() {
	}

	/**
	 * Waits until a waiter of this thread has its answer.
	 * @throws InterruptedException if the thread is interrupted before
	 */
	static void awaitAnswer(Waiter waiter) throws InterruptedException {
		while (waiter.answer() == null) {
			park(waiter);
		}
	}

	/**
	 * Waits until an instant.
	 * @param over whether nobody needs to wait any longer; who makes it true wakes the
	 * thread
	 * @throws InterruptedException if the thread is interrupted before
	 */
	static void awaitInstant(AlarmClock clock, long atNanos, BooleanSupplier over) throws InterruptedException {
		Thread thread = Thread.currentThread();
		clock.newAlarm(() -> LockSupport.unpark(thread)).set(atNanos);
		while (clock.nanos() - atNanos < 0 && !over.getAsBoolean()) {
			park(clock);
		}
	}

	private static void park(Object blocker) throws InterruptedException {
		if (Thread.interrupted()) {
			throw new InterruptedException();
		}
		LockSupport.park(blocker);
		if (Thread.interrupted()) {
			throw new InterruptedException();
		}
	}

}
