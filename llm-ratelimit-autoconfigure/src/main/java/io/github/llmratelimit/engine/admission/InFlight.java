package io.github.llmratelimit.engine.admission;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Calls of a budget that were admitted and have not ended. Starts are counted under the
 * budget's lock, ends anywhere: most calls end without it.
 */
public final class InFlight {

	private final AtomicInteger ended = new AtomicInteger();

	private int started; // guarded by the budget's lock

	/** A call was admitted. */
	public void started() {
		this.started++;
	}

	/** A call has ended. */
	public void ended() {
		this.ended.incrementAndGet();
	}

	/** How many there are. To be asked under the budget's lock. */
	public int count() {
		return this.started - this.ended.get(); // right also after an overflow
	}

}
