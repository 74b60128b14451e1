package io.github.llmratelimit.engine.admission;

import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.engine.admission.Waiter.Answer;
import io.github.llmratelimit.engine.admission.Waiter.Stopped;
import io.github.llmratelimit.engine.ledger.Ledger;
import io.github.llmratelimit.engine.settings.QueueSettings;
import org.jspecify.annotations.Nullable;

/**
 * Whether a call may start now, apart from whose turn it is.
 */
final class Gate {

	private final Ledger ledger;

	private final Books books;

	private final FairQueue queue;

	private final Pauses pauses;

	private final Exhaustion exhaustion;

	private final QueueSettings settings;

	private final InFlight inFlight;

	private boolean stopped;

	/**
	 * Creates an open gate.
	 * @param inFlight calls that were admitted and have not ended; counted elsewhere
	 */
	Gate(Ledger ledger, Books books, FairQueue queue, Pauses pauses, Exhaustion exhaustion, QueueSettings settings,
			InFlight inFlight) {
		this.ledger = ledger;
		this.books = books;
		this.queue = queue;
		this.pauses = pauses;
		this.exhaustion = exhaustion;
		this.settings = settings;
		this.inFlight = inFlight;
	}

	boolean isStopped() {
		return this.stopped;
	}

	/** The application stops: nobody passes any more. */
	void stop() {
		this.stopped = true;
	}

	/** Whether a call that asks for no answer, only to pass, may do so. */
	boolean isOpen() {
		return !this.stopped && !this.exhaustion.isExhausted();
	}

	/** Whether nothing but limits can hold back a newcomer. */
	boolean isCalm() {
		return isOpen() && this.queue.isEmpty() && this.pauses.areOver() && !this.pauses.overload().isActive();
	}

	/**
	 * Whether a newcomer may start at once: nobody waits before it, and all that it needs
	 * is free.
	 * @param own the limits of its tenant, {@code null} without any
	 */
	boolean letsPass(Entry newcomer, @Nullable Ledger own, long now) {
		return this.queue.isFreeFor(newcomer.tenant(), now) && fits(newcomer.cost(), now)
				&& (own == null || own.fits(newcomer.cost()));
	}

	/** Whether one of those behind the first may start. */
	boolean letsPass(Waiter waiter, long now) {
		return fits(waiter.cost(), now) && this.books.fitsTenant(waiter, now) && refusal(waiter, now) == null;
	}

	/** A call has started. */
	void started() {
		if (this.pauses.overload().isActive()) {
			this.pauses.overload().started();
		}
	}

	/** Whether a cost may be taken now, as far as the pool goes. */
	boolean fits(Cost cost, long now) {
		if (this.pauses.longestFor(cost, now) != null) {
			return false;
		}
		return this.ledger.fits(cost) || this.settings.isThrottled() && isAlone() && this.ledger.fitsAlone(cost);
	}

	/** Whether there is nothing that a throttle could leave room for. */
	private boolean isAlone() {
		return this.queue.size() <= 1 && this.inFlight.count() == 0;
	}

	/** What a call is told that no amount of waiting can help. */
	@Nullable Answer refusal(Waiter waiter, long now) {
		if (this.stopped) {
			return new Stopped();
		}
		Limit exceeded = this.ledger.exceeded(waiter.cost());
		if (exceeded == null) {
			Ledger own = this.books.ownOf(waiter.asked.tenant(), now);
			exceeded = (own != null) ? own.exceeded(waiter.cost()) : null;
		}
		if (exceeded != null) {
			return Refusals.tooLarge(waiter, exceeded);
		}
		long closed = this.exhaustion.closedNanos(waiter, now);
		return (closed > 0) ? Refusals.exhausted(waiter, closed, this.exhaustion.cause()) : null;
	}

}
