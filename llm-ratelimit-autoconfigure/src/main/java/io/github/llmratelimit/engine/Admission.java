package io.github.llmratelimit.engine;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Forecast;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimiterStatus.State;
import io.github.llmratelimit.Priority;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.Pauses.Pause;
import io.github.llmratelimit.engine.Waiter.Answer;
import io.github.llmratelimit.engine.Waiter.Granted;
import io.github.llmratelimit.engine.Waiter.Refused;
import io.github.llmratelimit.engine.Waiter.Stopped;
import org.jspecify.annotations.Nullable;

/**
 * Who may start when: a state machine over instants that are handed in. Not safe for
 * threads, never waits, calls nobody; {@link Budget} is its shell.
 */
final class Admission {

	/*
	 * Admission
	 *
	 * Problem. Many callers want budget of several windows at once. Nothing may be taken
	 * of one window and then refused by another, nobody may overtake, and whoever waits
	 * must start exactly when the budget comes back.
	 *
	 * Simple scheme: callers loop over "take or sleep". Whoever happens to wake first
	 * wins, so large calls starve (in simulation Jain's index 0.56, worst wait 29
	 * minutes), and a wake-up costs as many threads as wait.
	 *
	 * Chosen: one queue (whose order is a matter of its own, see FairQueue) and one
	 * alarm. A caller asks and is granted, refused, or queued, by a single reading of the
	 * clock. A newcomer is granted at once only if nobody waits. The start of the head is
	 * known, since budget comes back at known instants, and the alarm is set to it; when
	 * it goes off, all that fit by then are granted in order. A grant wakes one thread:
	 * its own.
	 *
	 * The head gets what comes free. One of the next few may pass it if it fits now and
	 * the head still fits at the instant that is forecast for it: what the small call
	 * takes is still taken then, so the head's need must fit beside it in every window.
	 * In simulation a depth of 4 gains 3.5 % of goodput on a small budget; without a
	 * bound it gains no more, and every large call in turn is passed (p99 33 % longer).
	 *
	 * Who cannot start before its deadline is refused as soon as that is known: when it
	 * asks, by the plan of the whole queue; at the head, when a pause or a lowered limit
	 * has moved its start; at the latest when the deadline passes. Where ending calls
	 * give back, the plan is late by what they are known not to use, and so is
	 * discounted.
	 */

	/** What a call that could start but may not yet is looked at again after. */
	private static final long AGAIN_NANOS = 1_000_000L;

	private final Ledger ledger;

	private final QueueSettings settings;

	private final AtomicInteger inFlight;

	private final FairQueue queue;

	private final Books books;

	private final Outlook outlook;

	private final WaiterHeap deadlines = new WaiterHeap();

	/** Waiters that wait for the end of their own delay, outside of the queue. */
	private final WaiterHeap delayed = new WaiterHeap();

	private final Pauses pauses = new Pauses();

	private final Exhaustion exhaustion = new Exhaustion();

	/** Waiters that have an answer and have not been told. */
	private final Queue<Waiter> answered = new ArrayDeque<>();

	private long arrivals;

	private boolean stopped;

	/**
	 * Creates the state of a pool of which nothing has been taken.
	 * @param inFlight calls that were admitted and have not ended; counted elsewhere
	 */
	Admission(Ledger ledger, EngineSettings settings, AtomicInteger inFlight) {
		this.ledger = ledger;
		this.settings = settings.queue();
		this.inFlight = inFlight;
		Tenants tenants = new Tenants(settings.tenants(), ledger.tariff());
		this.queue = new FairQueue(tenants, ledger.tariff(), this.settings.ageing());
		this.books = new Books(ledger, tenants, this.queue);
		this.outlook = new Outlook(ledger, this.books, this.queue, tenants, this.pauses);
	}

	Ledger ledger() {
		return this.ledger;
	}

	Queue<Waiter> answered() {
		return this.answered;
	}

	Map<Priority, Integer> queuedByPriority() {
		return this.queue.sizeByPriority();
	}

	/**
	 * Takes a cost if nobody waits and it fits now: the path of a call that need not
	 * wait.
	 * @return whether it was taken
	 */
	boolean tryTake(Entry entry, long nowNanos) {
		this.ledger.advance(nowNanos);
		return !this.stopped && !this.exhaustion.isExhausted() && takeAtOnce(entry, nowNanos);
	}

	private boolean takeAtOnce(Entry entry, long now) {
		if (!this.queue.isEmpty() || !fits(entry.cost(), now)
				|| !this.books.fitsTenant(entry.tenant(), entry.cost(), now)) {
			return false;
		}
		take(entry, now);
		return true;
	}

	/** Takes a cost whatever the limits say. */
	void take(Entry entry, long nowNanos) {
		this.outlook.plan().drop();
		this.books.take(entry, nowNanos);
	}

	/** Whether a cost may be taken now, as far as the pool goes. */
	private boolean fits(Cost cost, long now) {
		if (this.pauses.longestFor(cost, now) != null) {
			return false;
		}
		return this.ledger.fits(cost) || this.settings.isThrottled() && isAlone() && this.ledger.fitsAlone(cost);
	}

	/** Whether there is nothing that a throttle could leave room for. */
	private boolean isAlone() {
		return this.queue.size() <= 1 && this.inFlight.get() == 0;
	}

	/** Answers a waiter, or lets it wait. */
	void ask(Waiter waiter, long nowNanos) {
		this.ledger.advance(nowNanos);
		Answer answer = decide(waiter, nowNanos);
		if (answer != null) {
			answer(waiter, answer, nowNanos);
		}
	}

	/**
	 * Answers a waiter, or lets it wait, at a later instant. Until then it is in nobody's
	 * way.
	 */
	void askLater(Waiter waiter, long notBeforeNanos, long nowNanos) {
		if (notBeforeNanos - nowNanos <= 0 || this.stopped) {
			ask(waiter, nowNanos);
		}
		else if (notBeforeNanos - waiter.deadlineNanos > 0) {
			answer(waiter, Refusals.delayedTooLong(waiter, notBeforeNanos - nowNanos), nowNanos);
		}
		else {
			this.delayed.add(waiter, notBeforeNanos);
		}
	}

	private @Nullable Answer decide(Waiter waiter, long now) {
		Answer refused = refusedWhatever(waiter, now);
		if (refused != null) {
			return refused;
		}
		if (!waiter.repeated) {
			waiter.arrival = ++this.arrivals;
		}
		Answer answer = admit(waiter, now);
		if (!(answer instanceof Refused)) {
			this.exhaustion.probe(waiter, now);
		}
		return answer;
	}

	private @Nullable Answer admit(Waiter waiter, long now) {
		if (takeAtOnce(waiter.entry, now)) {
			return new Granted(now);
		}
		if (waiter.repeated) {
			// it stands before others, which the plan does not know
			queue(waiter, now);
			this.outlook.plan().drop();
			return null;
		}
		if (this.queue.size() >= this.settings.capacity()) {
			return Refusals.queueFull(waiter, this.settings.capacity());
		}
		Answer refused = this.outlook.refusedByTenant(waiter, now);
		if (refused != null) {
			return refused;
		}
		boolean planned = this.queue.isInArrivalOrderFor(waiter);
		long start = this.outlook.startOf(waiter, planned, now);
		if (this.outlook.isTooLate(start, waiter, now)) {
			return this.outlook.tooLong(waiter, start, now);
		}
		queue(waiter, now);
		if (planned) {
			this.outlook.plan().add(waiter, start);
		}
		else {
			this.outlook.plan().drop();
		}
		return null;
	}

	private void queue(Waiter waiter, long now) {
		this.queue.add(waiter, now);
		this.deadlines.add(waiter, waiter.deadlineNanos);
	}

	/** A waiter leaves without an answer. Changes nothing if it has one. */
	void leave(Waiter waiter, long nowNanos) {
		if (waiter.queued) {
			this.queue.remove(waiter, nowNanos);
			this.deadlines.remove(waiter);
			this.outlook.plan().left(waiter);
		}
		else {
			this.delayed.remove(waiter);
		}
	}

	/**
	 * A call ended, or was found to have ended otherwise than it was granted.
	 * @param usage what it used, where that is known
	 */
	void end(Entry entry, Ending ending, @Nullable Usage usage, long nowNanos) {
		this.books.end(entry, ending, usage, nowNanos);
		if (ending != Ending.KEPT) {
			this.outlook.plan().drop();
		}
	}

	/** A call leaves only now: what it took is held from now on. */
	void takeLater(Entry entry, long nowNanos) {
		this.books.takeLater(entry, nowNanos);
		this.outlook.plan().drop();
	}

	/** Something came back or was taken beside the queue: calls start at other times. */
	void changed() {
		this.outlook.plan().drop();
	}

	/**
	 * Changes the amount of one limit.
	 * @return whether there is such a limit
	 */
	boolean changeLimit(Limit limit, long nowNanos) {
		this.ledger.advance(nowNanos);
		boolean found = this.ledger.changeLimit(limit);
		this.outlook.plan().drop();
		for (Waiter waiter : this.queue.inArrivalOrder()) {
			Limit exceeded = this.ledger.exceeded(waiter.cost());
			if (exceeded != null) {
				answer(waiter, Refusals.tooLarge(waiter, exceeded), nowNanos);
			}
		}
		return found;
	}

	/**
	 * Answers all that can be answered now.
	 * @return when to look again, {@link Ticks#FOREVER_NANOS} from now if nobody waits
	 */
	long drain(long nowNanos) {
		this.ledger.advance(nowNanos);
		long next = askDelayed(nowNanos);
		this.queue.releaseDue(nowNanos);
		for (Waiter head = this.queue.head(nowNanos); head != null; head = this.queue.head(nowNanos)) {
			if (refuse(head, nowNanos) || setAside(head, nowNanos)) {
				continue;
			}
			if (fits(head.cost(), nowNanos)) {
				grant(head, nowNanos);
				continue;
			}
			long start = this.outlook.startOfHead(head, nowNanos);
			if (this.outlook.isTooLate(start, head, nowNanos)) {
				answer(head, this.outlook.tooLong(head, start, nowNanos), nowNanos);
			}
			else if (!backfill(head, start, nowNanos)) {
				next = Ticks.earliest(next, nextLook(head.cost(), start, nowNanos));
				break;
			}
		}
		next = Ticks.earliest(next, this.queue.nextRelease(nowNanos));
		next = Ticks.earliest(next, this.queue.nextAgeing(nowNanos));
		return Ticks.earliest(next, expire(nowNanos));
	}

	/** When the head can start. What is held by others comes back when it comes back. */
	private long nextLook(Cost cost, long start, long now) {
		if (start - now > 0) {
			return start;
		}
		return now + (this.ledger.fitsHeld(cost) ? AGAIN_NANOS : Ticks.FOREVER_NANOS);
	}

	private boolean refuse(Waiter waiter, long now) {
		Answer refused = refusedWhatever(waiter, now);
		if (refused != null) {
			answer(waiter, refused, now);
		}
		return refused != null;
	}

	/** Lets the next pass where the head is held back by its tenant's own limits. */
	private boolean setAside(Waiter head, long now) {
		Ledger own = this.books.ownOf(head, now);
		Line line = head.line;
		if (own == null || line == null || own.fits(head.cost())) {
			return false;
		}
		if (!own.fitsHeld(head.cost())) {
			this.queue.block(line, now + Ticks.FOREVER_NANOS);
			return true;
		}
		long start = own.fitsAt(now, head.cost());
		if (this.outlook.isTooLate(start, head, now)) {
			answer(head, Refusals.tenantLimit(head, start - now, own.binding(now, head.cost())), now);
		}
		else {
			this.queue.block(line, start);
		}
		return true;
	}

	private void grant(Waiter waiter, long now) {
		this.books.start(waiter, now);
		answer(waiter, new Granted(now), now);
	}

	/**
	 * Lets one of those behind the head pass, if the head starts no later for that.
	 * @return whether one has passed
	 */
	private boolean backfill(Waiter head, long start, long now) {
		if (this.settings.backfill() == 0 || this.queue.size() < 2 || !this.ledger.fitsHeld(head.cost())) {
			return false;
		}
		long[] slack = this.ledger.slackAt(start, head.cost());
		for (Waiter waiter : this.queue.behindHead(this.settings.backfill(), now)) {
			Cost cost = waiter.cost();
			if (this.ledger.isWithin(slack, cost) && fits(cost, now) && this.books.fitsTenant(waiter, now)
					&& refusedWhatever(waiter, now) == null) {
				grant(waiter, now);
				return true;
			}
		}
		return false;
	}

	private long askDelayed(long now) {
		for (Waiter nearest = this.delayed.first(); nearest != null; nearest = this.delayed.first()) {
			if (nearest.dueNanos - now > 0 && !this.stopped) {
				return nearest.dueNanos;
			}
			this.delayed.remove(nearest);
			ask(nearest, now);
		}
		return now + Ticks.FOREVER_NANOS;
	}

	private long expire(long now) {
		for (Waiter nearest = this.deadlines.first(); nearest != null; nearest = this.deadlines.first()) {
			if (nearest.deadlineNanos - now > 0) {
				return nearest.deadlineNanos;
			}
			answer(nearest, this.outlook.expired(nearest, now), now);
		}
		return now + Ticks.FOREVER_NANOS;
	}

	/** When a call would start if it asked now. Takes nothing. */
	Forecast forecast(Waiter waiter, long nowNanos) {
		this.ledger.advance(nowNanos);
		return this.outlook.forecast(waiter, nowNanos);
	}

	void pause(List<Dimension> dimensions, Pause pause) {
		this.pauses.add(dimensions, pause);
		this.outlook.plan().drop();
	}

	Exhaustion exhaustion() {
		return this.exhaustion;
	}

	/** Says what led to a refusal that was heard of before. */
	void explain(Throwable failure) {
		this.exhaustion.explain(failure);
		this.pauses.explain(failure);
	}

	long pauseEnd(long nowNanos) {
		return this.pauses.end(nowNanos);
	}

	State state(long nowNanos) {
		if (this.exhaustion.isExhausted()) {
			return State.QUOTA_EXHAUSTED;
		}
		if (pauseEnd(nowNanos) - nowNanos > 0) {
			return State.PAUSED;
		}
		return this.queue.isEmpty() ? State.OK : State.QUEUEING;
	}

	/** Answers everybody who waits, and all that will ask, that the application stops. */
	void stop() {
		this.stopped = true;
	}

	private void answer(Waiter waiter, Answer answer, long now) {
		this.deadlines.remove(waiter);
		if (answer instanceof Granted granted) {
			this.outlook.plan().started(waiter, granted.atNanos());
		}
		else if (waiter.queued) {
			this.queue.remove(waiter, now);
			this.outlook.plan().left(waiter);
		}
		waiter.answer(answer);
		this.answered.add(waiter);
	}

	/** Refusals that no amount of budget can help. */
	private @Nullable Answer refusedWhatever(Waiter waiter, long now) {
		if (this.stopped) {
			return new Stopped();
		}
		Limit exceeded = this.ledger.exceeded(waiter.cost());
		if (exceeded != null) {
			return Refusals.tooLarge(waiter, exceeded);
		}
		long closed = this.exhaustion.closedNanos(waiter, now);
		return (closed > 0) ? Refusals.exhausted(waiter, closed, this.exhaustion.cause()) : null;
	}

}
