package io.github.llmratelimit.engine.admission;

import io.github.llmratelimit.Cost;
import io.github.llmratelimit.engine.ledger.Ledger;
import io.github.llmratelimit.time.Ticks;
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
	 * waiter that leaves, an answer that gives back, a pause, a changed limit, a tenant
	 * held back by its own limits, an empty queue that lets calls pass): it is dropped,
	 * and made again, in O(n), by the next forecast. A waiter that cannot start before
	 * its deadline any more is left out: it will be refused and take nothing, whenever
	 * that is.
	 *
	 * All this is true while calls start in the order of their arrival. Where they do not
	 * (classes, tenants with several calls), the queue is asked for an estimate instead.
	 */

	/** How much later than planned a call may start before the plan is dropped. */
	private static final long TOLERANCE_NANOS = 1_000_000_000L;

	private @Nullable Ledger future;

	/** Number of the plan, so that waiters can tell whether they are in it. */
	private long version;

	/** Who was held back by limits of its own when the plan was made. */
	private int holds;

	/** Start of the last call planned. */
	private long lastStartNanos;

	/** Whether a forecast takes one step. */
	boolean isMade() {
		return this.future != null;
	}

	void drop() {
		if (this.future != null) {
			this.future = null;
			this.version++;
		}
	}

	/** A waiter leaves the queue without having started. */
	void left(Waiter waiter) {
		if (waiter.planVersion == this.version) {
			drop();
		}
	}

	/** A waiter starts, hardly ever later than planned. */
	void started(Waiter waiter, long nowNanos) {
		if (waiter.planVersion == this.version && nowNanos - waiter.plannedNanos > TOLERANCE_NANOS) {
			drop();
		}
	}

	/** When a call would start behind all others. */
	long startOf(long nowNanos, Cost cost, Ledger ledger, FairQueue queue, Pauses pauses) {
		if (this.future != null && this.holds != queue.heldBack().changes()) {
			drop();
		}
		Ledger planned = this.future;
		if (planned == null) {
			this.holds = queue.heldBack().changes();
			planned = ledger.copy();
			this.future = planned;
			this.lastStartNanos = nowNanos;
			for (Waiter waiter : queue.freeInArrivalOrder()) {
				long start = start(planned, nowNanos, waiter.cost(), pauses);
				if (start - waiter.deadlineNanos <= 0) {
					add(waiter, start);
				}
			}
		}
		return start(planned, nowNanos, cost, pauses);
	}

	private long start(Ledger planned, long nowNanos, Cost cost, Pauses pauses) {
		long from = Ticks.latest(this.lastStartNanos, nowNanos);
		planned.advance(from);
		return Ticks.latest(planned.fitsAt(from, cost), pauses.endFor(cost, nowNanos));
	}

	/** Takes in a waiter at the start that was forecast. */
	void add(Waiter waiter, long startNanos) {
		if (this.future != null) {
			this.future.advance(startNanos);
			this.future.take(waiter.cost());
			this.lastStartNanos = startNanos;
			waiter.planVersion = this.version;
			waiter.plannedNanos = startNanos;
		}
	}

}
