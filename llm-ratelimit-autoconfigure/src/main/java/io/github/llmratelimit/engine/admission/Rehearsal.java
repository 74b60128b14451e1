package io.github.llmratelimit.engine.admission;

import io.github.llmratelimit.engine.admission.Waiter.Granted;
import io.github.llmratelimit.engine.ledger.Ledger;
import io.github.llmratelimit.engine.settings.QueueSettings;
import io.github.llmratelimit.time.Ticks;

/**
 * Plays through what will happen if nobody else comes, on copies: the exact forecast for
 * a queue that is not in the order of arrival.
 */
final class Rehearsal {

	private final FairQueue queue;

	private final Turns turns;

	private final Ledger ledger;

	private int startedBefore;

	private long startNanos;

	Rehearsal(Ledger ledger, FairQueue queue, Tenants tenants, Pauses pauses, QueueSettings settings, long nowNanos) {
		this.ledger = ledger.copy();
		Tenants tenantCopies = new Tenants(tenants);
		Pauses pauseCopies = pauses.copy();
		this.queue = new FairQueue(queue, tenantCopies, nowNanos);
		Books books = new Books(this.ledger, tenantCopies, this.queue);
		Outlook outlook = new Outlook(this.ledger, books, this.queue, tenantCopies, pauseCopies, settings, nowNanos);
		// calls in flight never end in a rehearsal, so nobody is alone
		InFlight inFlight = new InFlight();
		inFlight.started();
		Gate gate = new Gate(this.ledger, books, this.queue, pauseCopies, new Exhaustion(), settings, inFlight);
		this.turns = new Turns(this.ledger, this.queue, books, gate, outlook, settings.backfill(), inFlight);
		this.turns.watchDeadlines();
	}

	/** Lets a newcomer wait until it is granted. */
	Rehearsal run(Waiter newcomer, long nowNanos) {
		this.turns.add(newcomer, nowNanos);
		long now = nowNanos;
		while (newcomer.answer() == null && now - nowNanos < Ticks.FOREVER_NANOS / 2) {
			this.ledger.advance(now);
			long next = this.turns.take(now);
			countStarted(newcomer);
			now = next;
		}
		this.startNanos = (newcomer.answer() instanceof Granted granted) ? granted.atNanos() : now;
		return this;
	}

	private void countStarted(Waiter newcomer) {
		for (Waiter answered = this.turns.answered().poll(); answered != null; answered = this.turns.answered()
			.poll()) {
			if (answered == newcomer) {
				this.turns.answered().clear();
			}
			else if (answered.answer() instanceof Granted) {
				this.startedBefore++;
			}
		}
	}

	/** When the newcomer starts. */
	long startNanos() {
		return this.startNanos;
	}

	/** How many calls start before it. */
	int startedBefore() {
		return this.startedBefore;
	}

}
