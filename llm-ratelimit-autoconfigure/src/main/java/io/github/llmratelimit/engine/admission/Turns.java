package io.github.llmratelimit.engine.admission;

import java.util.ArrayDeque;
import java.util.Queue;

import io.github.llmratelimit.Cost;
import io.github.llmratelimit.engine.admission.Waiter.Answer;
import io.github.llmratelimit.engine.admission.Waiter.Granted;
import io.github.llmratelimit.engine.ledger.Ledger;
import io.github.llmratelimit.time.Ticks;
import org.jspecify.annotations.Nullable;

/**
 * Answers those who wait, in their order, as soon as they can be answered.
 */
final class Turns {

	/** What a call that could start but may not yet is looked at again after. */
	private static final long AGAIN_NANOS = 1_000_000L;

	/** The same where answers decide, beside each new answer. */
	private static final long JUDGED_AGAIN_NANOS = 50_000_000L;

	private final Ledger ledger;

	private final FairQueue queue;

	private final Books books;

	private final Gate gate;

	private final Outlook outlook;

	private final int backfill;

	private final InFlight inFlight;

	private final WaiterHeap deadlines = new WaiterHeap();

	/** Waiters that have an answer and have not been told. */
	private final Queue<Waiter> answered = new ArrayDeque<>();

	/**
	 * Creates turns that nobody waits for.
	 * @param inFlight where calls are counted that were admitted and have not ended
	 */
	Turns(Ledger ledger, FairQueue queue, Books books, Gate gate, Outlook outlook, int backfill, InFlight inFlight) {
		this.ledger = ledger;
		this.queue = queue;
		this.books = books;
		this.gate = gate;
		this.outlook = outlook;
		this.backfill = backfill;
		this.inFlight = inFlight;
	}

	Queue<Waiter> answered() {
		return this.answered;
	}

	/** Watches the deadlines of those who are in the queue already. */
	void watchDeadlines() {
		for (Waiter waiter : this.queue.inArrivalOrder()) {
			this.deadlines.add(waiter, waiter.deadlineNanos);
		}
	}

	void add(Waiter waiter, long now) {
		this.queue.add(waiter, now);
		this.deadlines.add(waiter, waiter.deadlineNanos);
		if (waiter.line != null) {
			this.queue.heldBack().suspect(waiter.line);
		}
	}

	void remove(Waiter waiter, long now) {
		this.queue.remove(waiter, now);
		this.deadlines.remove(waiter);
		this.outlook.plan().left(waiter);
	}

	void answer(Waiter waiter, Answer answer, long now) {
		if (answer instanceof Granted granted) {
			this.inFlight.started();
			this.deadlines.remove(waiter);
			this.outlook.plan().started(waiter, granted.atNanos());
		}
		else if (waiter.queued) {
			remove(waiter, now);
		}
		waiter.answer(answer);
		this.answered.add(waiter);
	}

	/**
	 * Answers all that can be answered now.
	 * @return when to look again, {@link Ticks#FOREVER_NANOS} from now if nobody waits
	 */
	long take(long now) {
		if (!this.gate.isOpen()) {
			this.queue.heldBack().releaseAll();
		}
		this.queue.heldBack().releaseDue(now);
		long next;
		do {
			next = startAllThatFit(now);
		}
		while (expire(now));
		next = Ticks.earliest(next, this.queue.heldBack().nextRelease(now));
		next = Ticks.earliest(next, this.queue.nextAgeing(now));
		Waiter nearest = this.deadlines.first();
		return (nearest != null) ? Ticks.earliest(next, nearest.deadlineNanos) : next;
	}

	/** Starts calls in order until one does not fit, and says when that one will. */
	private long startAllThatFit(long now) {
		for (Waiter head = head(now); head != null; head = head(now)) {
			if (refuse(head, now) || setAside(head, now)) {
				continue;
			}
			if (this.gate.fits(head.cost(), now)) {
				grant(head, now);
				continue;
			}
			long start = this.outlook.startOfHead(head, now);
			if (this.outlook.isTooLate(start, head, now)) {
				answer(head, this.outlook.tooLong(head, start, now), now);
			}
			else {
				long next = backfill(head, start, now);
				if (next - now > 0) {
					return Ticks.earliest(next, nextLook(head.cost(), start, now));
				}
			}
		}
		return now + Ticks.FOREVER_NANOS;
	}

	/** The head, once all are set aside that their own limits hold back. */
	private @Nullable Waiter head(long now) {
		for (Line line = this.queue.heldBack().nextSuspect(); line != null; line = this.queue.heldBack()
			.nextSuspect()) {
			if (refuse(line.first(), now) || setAside(line.first(), now)) {
				this.queue.heldBack().suspect(line);
			}
		}
		return this.queue.head(now);
	}

	/** When the head can start. What is held by others comes back when it comes back. */
	private long nextLook(Cost cost, long start, long now) {
		if (start - now > 0) {
			return start;
		}
		if (!this.ledger.held().fits(cost)) {
			return now + Ticks.FOREVER_NANOS;
		}
		return now + (this.ledger.isJudged() ? JUDGED_AGAIN_NANOS : AGAIN_NANOS);
	}

	private boolean refuse(Waiter waiter, long now) {
		Answer refused = this.gate.refusal(waiter, now);
		if (refused != null) {
			answer(waiter, refused, now);
		}
		return refused != null;
	}

	/** Lets others pass where the first of a line is held back by its tenant's limits. */
	private boolean setAside(Waiter head, long now) {
		Ledger own = this.books.ownOf(head, now);
		Line line = head.line;
		if (own == null || line == null || own.fits(head.cost())) {
			return false;
		}
		if (!own.held().fits(head.cost())) {
			this.queue.heldBack().add(line, now + Ticks.FOREVER_NANOS);
			return true;
		}
		long start = own.fitsAt(now, head.cost());
		if (this.outlook.isTooLate(start, head, now)) {
			answer(head, Refusals.tenantLimit(head, start - now, own.binding(now, head.cost())), now);
		}
		else {
			this.queue.heldBack().add(line, start);
		}
		return true;
	}

	private void grant(Waiter waiter, long now) {
		Line line = waiter.line;
		this.books.start(waiter, now);
		this.gate.started();
		if (line != null) {
			this.queue.heldBack().suspect(line.tenant);
		}
		answer(waiter, new Granted(now), now);
	}

	/**
	 * Lets one of those behind the head pass, if the head starts no later for that.
	 * @return now if one has passed, else when one can
	 */
	private long backfill(Waiter head, long start, long now) {
		long next = now + Ticks.FOREVER_NANOS;
		if (this.backfill == 0 || this.queue.size() < 2 || !this.ledger.held().fits(head.cost())) {
			return next;
		}
		long[] slack = this.ledger.slackAt(start, head.cost());
		for (Waiter waiter : this.queue.behindHead(this.backfill, now)) {
			if (!this.ledger.isWithin(slack, waiter.cost())) {
				continue;
			}
			if (this.gate.letsPass(waiter, now)) {
				grant(waiter, now);
				return now;
			}
			long instant = this.outlook.startOfNext(waiter, now);
			next = (instant - now > 0) ? Ticks.earliest(next, instant) : next;
		}
		return next;
	}

	/**
	 * Answers those who have waited their longest.
	 * @return whether anybody did
	 */
	private boolean expire(long now) {
		boolean any = false;
		for (Waiter nearest = this.deadlines.first(); nearest != null; nearest = this.deadlines.first()) {
			if (nearest.deadlineNanos - now > 0) {
				break;
			}
			answer(nearest, this.outlook.expired(nearest, now), now);
			any = true;
		}
		return any;
	}

}
