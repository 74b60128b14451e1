package io.github.llmratelimit.engine;

import io.github.llmratelimit.Cost;
import org.jspecify.annotations.Nullable;

/**
 * When each waiting call will start: the ledger as it will be once the whole queue has
 * been admitted.
 */
final class Plan {

	/*
	 * A forecast in one step
	 *
	 * Calls start in order and as early as they fit, so the start of each follows from
	 * the ledger and the calls before it alone. Walking the queue for every newcomer
	 * would cost O(n) a decision. Instead the ledger of the future is kept: a copy, moved
	 * on to the start of the last waiting call with all costs before it taken. A
	 * newcomer's start is when it fits there, and taking it there makes the plan ready
	 * for the next: O(1).
	 *
	 * The plan holds while calls start as planned. What was not planned makes it wrong (a
	 * waiter that leaves, an answer that gives back, a pause, a changed limit, an empty
	 * queue that lets calls pass): it is dropped, and made again, in O(n), by the next
	 * forecast.
	 */

	private @Nullable Ledger future;

	/** Start of the last call planned. */
	private long lastStartNanos;

	void drop() {
		this.future = null;
	}

	/** When a call would start behind all others. */
	long startOf(long nowNanos, Cost cost, Ledger ledger, WaitQueue queue, Pauses pauses) {
		Ledger planned = this.future;
		if (planned == null) {
			planned = ledger.copy();
			this.future = planned;
			this.lastStartNanos = nowNanos;
			for (Waiter waiter : queue) {
				add(start(planned, nowNanos, waiter.cost(), pauses), waiter.cost());
			}
		}
		return start(planned, nowNanos, cost, pauses);
	}

	private long start(Ledger planned, long nowNanos, Cost cost, Pauses pauses) {
		long from = Ticks.latest(this.lastStartNanos, nowNanos);
		planned.advance(from);
		return Ticks.latest(planned.fitsAt(from, cost), pauses.endFor(cost, nowNanos));
	}

	/** Takes in a call at the start that was forecast. */
	void add(long startNanos, Cost cost) {
		if (this.future != null) {
			this.future.advance(startNanos);
			this.future.take(cost);
			this.lastStartNanos = startNanos;
		}
	}

}
