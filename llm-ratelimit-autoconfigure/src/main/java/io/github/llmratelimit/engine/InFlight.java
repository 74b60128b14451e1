package io.github.llmratelimit.engine;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Calls of a budget that were admitted and have not ended. Starts are counted under the
 * budget's lock, ends anywhere: most calls end without it.
 */
final class InFlight {

	private final AtomicInteger ended = new AtomicInteger();

	private int started; // guarded by the budget's lock

	/** A call was admitted. */
	void started() {
		this.started++;
	}

	/** A call has ended. */
	void ended() {
		this.ended.incrementAndGet();
	}

	/** How many there are. To be asked under the budget's lock. */
	int count() {
		return this.started - this.ended.get(); // right also after an overflow
	}

}
