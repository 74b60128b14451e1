package io.github.llmratelimit.engine.admission;

import java.time.Duration;
import java.util.List;
import java.util.Queue;

import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Forecast;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimiterStatus;
import io.github.llmratelimit.LimiterStatus.State;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.admission.Waiter.Answer;
import io.github.llmratelimit.engine.admission.Waiter.Granted;
import io.github.llmratelimit.engine.admission.Waiter.Refused;
import io.github.llmratelimit.engine.ledger.Ledger;
import io.github.llmratelimit.engine.ledger.RefusedWindows;
import io.github.llmratelimit.engine.settings.EngineSettings;
import io.github.llmratelimit.engine.settings.QueueSettings;
import io.github.llmratelimit.learning.LimitChange;
import io.github.llmratelimit.provider.Caution;
import io.github.llmratelimit.provider.ProviderSignal;
import io.github.llmratelimit.time.Ticks;
import org.jspecify.annotations.Nullable;

/**
 * Who may start when: a state machine over instants that are handed in. Not safe for
 * threads, never waits, calls nobody; {@code Budget} is its shell.
 */
public final class Admission {

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

	private final Ledger ledger;

	private final int capacity;

	private final FairQueue queue;

	private final Books books;

	private final Outlook outlook;

	private final Gate gate;

	private final Turns turns;

	/** Waiters that wait for the end of their own delay, outside of the queue. */
	private final WaiterHeap delayed = new WaiterHeap();

	private final Trouble trouble;

	private long arrivals;

	/** Whether an answer was heard that left the room as it was, as most do. */
	private boolean reopens;

	/**
	 * Creates the state of a pool of which nothing has been taken.
	 * @param inFlight calls that were admitted and have not ended; waiters are counted in
	 * when they are granted, all else elsewhere
	 */
	public Admission(Ledger ledger, EngineSettings settings, InFlight inFlight, long nowNanos) {
		QueueSettings order = settings.queue();
		Tenants tenants = new Tenants(settings.tenants(), ledger.tariff());
		this.ledger = ledger;
		this.trouble = new Trouble(inFlight, settings.overloadBaseDelay(), nowNanos);
		this.capacity = order.capacity();
		this.queue = new FairQueue(tenants, ledger.tariff(), order.ageing());
		this.books = new Books(ledger, tenants, this.queue);
		this.outlook = new Outlook(ledger, this.books, this.queue, tenants, this.trouble.pauses(), order, nowNanos);
		this.gate = new Gate(ledger, this.books, this.queue, this.trouble.pauses(), this.trouble.exhaustion(), order,
				inFlight);
		this.turns = new Turns(ledger, this.queue, this.books, this.gate, this.outlook, order.backfill(), inFlight);
	}

	public Ledger ledger() {
		return this.ledger;
	}

	public Trouble trouble() {
		return this.trouble;
	}

	/** Waiters that have an answer and have not been told. */
	Queue<Waiter> answered() {
		return this.turns.answered();
	}

	/** The same, who are to be told now. */
	public List<Waiter> takeAnswered() {
		if (answered().isEmpty()) {
			return List.of();
		}
		List<Waiter> taken = List.copyOf(answered());
		answered().clear();
		return taken;
	}

	/**
	 * Takes a cost if nobody waits and it fits now: the path of a call that need not
	 * wait.
	 * @return whether it was taken
	 */
	public boolean tryTake(Entry entry, long nowNanos) {
		return this.books.takeOfRoom(entry, nowNanos) || lookAndTake(entry, nowNanos);
	}

	private boolean lookAndTake(Entry entry, long nowNanos) {
		this.ledger.advance(nowNanos);
		boolean taken = this.gate.isOpen() && takeAtOnce(entry, nowNanos);
		if (taken && this.gate.isCalm()) {
			this.books.openRoom(entry);
		}
		return taken;
	}

	private boolean takeAtOnce(Entry entry, long now) {
		Tenant limited = this.books.limitedTenant(entry.tenant(), now);
		boolean passes = this.gate.letsPass(entry, (limited != null) ? limited.ledger : null, now);
		if (passes) {
			take(entry, limited, now);
		}
		return passes;
	}

	/** Takes a cost whatever the limits say. */
	public void take(Entry entry, long nowNanos) {
		this.ledger.advance(nowNanos);
		take(entry, this.books.limitedTenant(entry.tenant(), nowNanos), nowNanos);
	}

	private void take(Entry entry, @Nullable Tenant limited, long now) {
		this.outlook.plan().drop();
		this.books.take(entry, limited, now);
		this.gate.started();
	}

	/** Answers a waiter, or lets it wait. */
	public void ask(Waiter waiter, long nowNanos) {
		this.ledger.advance(nowNanos);
		Answer answer = decide(waiter, nowNanos);
		if (answer != null) {
			this.turns.answer(waiter, answer, nowNanos);
		}
	}

	/** The same at a later instant. Until then the waiter is in nobody's way. */
	public void askLater(Waiter waiter, long notBeforeNanos, long nowNanos) {
		if (notBeforeNanos - nowNanos <= 0 || this.gate.isStopped()) {
			ask(waiter, nowNanos);
		}
		else if (notBeforeNanos - waiter.deadlineNanos > 0) {
			this.turns.answer(waiter, Refusals.delayedTooLong(waiter, notBeforeNanos - nowNanos), nowNanos);
		}
		else {
			this.delayed.add(waiter, notBeforeNanos);
		}
	}

	private @Nullable Answer decide(Waiter waiter, long now) {
		Answer refused = this.gate.refusal(waiter, now);
		if (refused != null) {
			return refused;
		}
		if (!waiter.repeated) {
			waiter.arrival = ++this.arrivals;
		}
		Answer answer = admit(waiter, now);
		if (!(answer instanceof Refused)) {
			this.trouble.exhaustion().probe(waiter, now);
		}
		return answer;
	}

	private @Nullable Answer admit(Waiter waiter, long now) {
		if (takeAtOnce(waiter.entry, now)) {
			return new Granted(now);
		}
		if (waiter.repeated) {
			// it stands before others, which the plan does not know
			this.turns.add(waiter, now);
			this.outlook.plan().drop();
			return null;
		}
		if (this.queue.size() >= this.capacity) {
			return Refusals.queueFull(waiter, this.capacity);
		}
		Answer refused = this.outlook.refusedByTenant(waiter, now);
		return (refused != null) ? refused : queue(waiter, now);
	}

	private @Nullable Answer queue(Waiter waiter, long now) {
		boolean planned = this.queue.isInArrivalOrderFor(waiter);
		long start = this.outlook.startOf(waiter, planned, now);
		Answer refused = this.outlook.refusedByOthers(waiter, planned, start, now);
		if (refused != null) {
			return refused;
		}
		this.turns.add(waiter, now);
		if (planned) {
			this.outlook.plan().add(waiter, start);
		}
		else {
			this.outlook.plan().drop();
		}
		return null;
	}

	/** A waiter leaves without an answer. Changes nothing if it has one. */
	public void leave(Waiter waiter, long nowNanos) {
		if (waiter.queued) {
			this.turns.remove(waiter, nowNanos);
		}
		else {
			this.delayed.remove(waiter);
		}
	}

	/**
	 * A call ended, or was found to have ended otherwise than it was granted.
	 * @param usage what it used, where that is known
	 */
	public void end(Entry entry, Ending ending, @Nullable Usage usage, long nowNanos) {
		this.books.end(entry, ending, usage, nowNanos);
		boolean same = ending == Ending.KEPT || usage != null && !this.ledger.tariff().corrects(entry, usage);
		if (!same) {
			this.outlook.plan().drop();
		}
	}

	/** Whether nobody waits, for budget or for the end of a delay of its own. */
	public boolean nobodyWaits() {
		return this.queue.isEmpty() && this.delayed.first() == null && answered().isEmpty();
	}

	/** A call leaves only now: what it took is held from now on. */
	public void takeLater(Entry entry, long nowNanos) {
		this.books.takeLater(entry, nowNanos);
		this.outlook.plan().drop();
	}

	/** Something came back or was taken beside the queue: calls start at other times. */
	public void changed() {
		this.outlook.plan().drop();
	}

	/** What calls use is as unknown as at the start. */
	public void forgetUsedParts() {
		this.ledger.tariff().forget();
		this.outlook.plan().drop();
	}

	/**
	 * Changes the amount of one limit.
	 * @return whether there is such a limit
	 */
	public boolean changeLimit(Limit limit, long nowNanos) {
		this.ledger.advance(nowNanos);
		boolean found = this.ledger.changeLimit(limit);
		this.outlook.plan().drop();
		refuseTooLarge(nowNanos);
		return found;
	}

	private void refuseTooLarge(long now) {
		for (Waiter waiter : this.queue.inArrivalOrder()) {
			Limit exceeded = this.ledger.exceeded(waiter.cost());
			if (exceeded != null) {
				this.turns.answer(waiter, Refusals.tooLarge(waiter, exceeded), now);
			}
		}
	}

	/**
	 * A call was answered, and its answer tells about limits.
	 * @return what that changed
	 */
	public List<LimitChange> hear(Entry entry, ProviderSignal signal, long nowNanos) {
		this.reopens = this.ledger.room().isOpen();
		this.ledger.advance(nowNanos);
		List<LimitChange> changes = this.ledger.hear(entry, signal, nowNanos);
		if (!changes.isEmpty()) {
			this.outlook.plan().drop();
			refuseTooLarge(nowNanos);
		}
		return changes;
	}

	/**
	 * Answers all that can be answered now.
	 * @return when to look again, {@link Ticks#FOREVER_NANOS} from now if nobody waits
	 */
	public long drain(long nowNanos) {
		this.ledger.advance(nowNanos);
		long next = nobodyWaits() ? nowNanos + Ticks.FOREVER_NANOS
				: Ticks.earliest(askDelayed(nowNanos), this.turns.take(nowNanos));
		if (this.reopens && this.gate.isCalm()) {
			this.ledger.openRoom();
		}
		this.reopens = false;
		return Ticks.earliest(next, this.trouble.run().look(this.trouble.pauseEnd(nowNanos), nowNanos));
	}

	private long askDelayed(long now) {
		for (Waiter nearest = this.delayed.first(); nearest != null; nearest = this.delayed.first()) {
			if (nearest.dueNanos - now > 0 && !this.gate.isStopped()) {
				return nearest.dueNanos;
			}
			this.delayed.remove(nearest);
			ask(nearest, now);
		}
		return now + Ticks.FOREVER_NANOS;
	}

	/** When a call would start if it asked now. Takes nothing. */
	public Forecast forecast(Waiter waiter, long nowNanos) {
		this.ledger.advance(nowNanos);
		return this.outlook.forecast(waiter, nowNanos);
	}

	public void pause(List<Dimension> dimensions, Pauses.Pause pause) {
		this.trouble.pauses().add(dimensions, pause);
		this.outlook.plan().drop();
	}

	/** A call is sent for which nothing is taken. */
	public void sentOutside(Entry entry, long nowNanos) {
		this.ledger.advance(nowNanos);
		this.ledger.sentOutside(entry, nowNanos);
	}

	/**
	 * A provider says that calls come too fast: they are spread, and where they became
	 * more too fast, they may become more only slowly.
	 */
	public void heed(Caution caution, long nowNanos) {
		this.ledger.advance(nowNanos);
		this.ledger.heed(caution, nowNanos);
		this.outlook.plan().drop();
	}

	/** What a refusal can mean; whatever is done to that, calls start at other times. */
	public RefusedWindows refused(List<Dimension> meant, Duration longest, long nowNanos) {
		this.ledger.advance(nowNanos);
		changed();
		return this.ledger.refused(meant, longest);
	}

	public LimiterStatus status(int inFlight, long nowNanos) {
		this.ledger.advance(nowNanos);
		return new LimiterStatus(state(nowNanos), this.ledger.windows(), this.queue.sizeByPriority(), inFlight,
				Duration.ofNanos(this.trouble.pauseEnd(nowNanos) - nowNanos));
	}

	State state(long nowNanos) {
		if (this.trouble.exhaustion().isExhausted()) {
			return State.QUOTA_EXHAUSTED;
		}
		if (this.trouble.pauseEnd(nowNanos) - nowNanos > 0) {
			return State.PAUSED;
		}
		return this.queue.isEmpty() ? State.OK : State.QUEUEING;
	}

	/** Answers everybody who waits, and all that will ask, that the application stops. */
	public void stop() {
		this.gate.stop();
	}

}
