package io.github.llmratelimit.engine;

import java.util.concurrent.locks.LockSupport;

import io.github.llmratelimit.engine.admission.Waiter;

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
			if (Thread.interrupted()) {
				throw new InterruptedException();
			}
			LockSupport.park(waiter);
		}
	}

}
