package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;

import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Forecast;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimiterStatus.State;
import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.LlmRateLimitExceededException.Refusal;
import io.github.llmratelimit.Priority;
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
	 * Chosen: one queue and one alarm. A caller asks and is granted, refused, or queued,
	 * by a single reading of the clock. A newcomer is granted at once only if nobody
	 * waits. The start of the head is known, since budget comes back at known instants,
	 * and the alarm is set to it; when it goes off, all that fit by then are granted in
	 * order. A grant wakes one thread: its own.
	 *
	 * Who cannot start before its deadline is refused as soon as that is known: when it
	 * asks, by the plan of the whole queue; at the head, when a pause or a lowered limit
	 * has moved its start; at the latest when the deadline passes.
	 */

	/** How long an exhausted account is left alone before one call tries it again. */
	static final Duration PROBE_INTERVAL = Duration.ofMinutes(1);

	private static final Duration DAY = Duration.ofDays(1);

	private final Ledger ledger;

	private final int capacity;

	private final WaitQueue queue = new WaitQueue();

	private final WaiterHeap deadlines = new WaiterHeap();

	/** Waiters that wait for the end of their own delay, outside of the queue. */
	private final WaiterHeap delayed = new WaiterHeap();

	private final Pauses pauses = new Pauses();

	private final Plan plan = new Plan();

	/** Waiters that have an answer and have not been told. */
	private final Queue<Waiter> answered = new ArrayDeque<>();

	private long arrivals;

	private boolean exhausted;

	/** What the provider said when the account was exhausted. */
	private @Nullable Throwable exhaustedCause;

	private long exhaustedNanos;

	private long nextProbeNanos;

	private boolean stopped;

	Admission(List<Limit> limits, @Nullable Duration guard, int capacity, long nowNanos) {
		this.ledger = new Ledger(limits, guard, nowNanos);
		this.capacity = capacity;
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
	boolean tryTake(Cost cost, long nowNanos) {
		this.ledger.advance(nowNanos);
		if (!this.queue.isEmpty() || this.stopped || this.exhausted || this.pauses.longestFor(cost, nowNanos) != null
				|| !this.ledger.fits(cost)) {
			return false;
		}
		take(cost);
		return true;
	}

	/** Takes a cost whatever the limits say. */
	void take(Cost cost) {
		this.plan.drop();
		this.ledger.take(cost);
	}

	/** Answers a waiter, or lets it wait. */
	void ask(Waiter waiter, long nowNanos) {
		this.ledger.advance(nowNanos);
		Answer answer = decide(waiter, nowNanos);
		if (answer != null) {
			answer(waiter, answer);
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
			answer(waiter, refused(waiter, Reason.WAIT_TOO_LONG, null, notBeforeNanos - nowNanos, null));
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
		if (this.exhausted && !(answer instanceof Refused)) {
			waiter.probe = true;
			this.nextProbeNanos = now + PROBE_INTERVAL.toNanos();
		}
		return answer;
	}

	private @Nullable Answer admit(Waiter waiter, long now) {
		Cost cost = waiter.cost();
		if (this.queue.isEmpty() && this.pauses.longestFor(cost, now) == null && this.ledger.fits(cost)) {
			return granted(waiter, now);
		}
		if (waiter.repeated) {
			// it stands before others, which the plan does not know
			queue(waiter);
			this.plan.drop();
			return null;
		}
		if (this.queue.size() >= this.capacity) {
			return refused(waiter, Reason.QUEUE_FULL, null, null, null);
		}
		long start = this.plan.startOf(now, cost, this.ledger, this.queue, this.pauses);
		if (start - waiter.deadlineNanos > 0) {
			return tooLong(waiter, start, now);
		}
		queue(waiter);
		this.plan.add(waiter, start);
		return null;
	}

	private void queue(Waiter waiter) {
		this.queue.add(waiter);
		this.deadlines.add(waiter, waiter.deadlineNanos);
	}

	/** A waiter leaves without an answer. Changes nothing if it has one. */
	void leave(Waiter waiter) {
		if (waiter.queued) {
			this.queue.remove(waiter);
			this.deadlines.remove(waiter);
			this.plan.left(waiter);
		}
		else {
			this.delayed.remove(waiter);
		}
	}

	/** Something came back or was taken beside the queue: calls start at other times. */
	void changed() {
		this.plan.drop();
	}

	/**
	 * Changes the amount of one window.
	 * @return whether there is such a window
	 */
	boolean changeLimit(Limit limit) {
		boolean found = this.ledger.changeLimit(limit);
		this.plan.drop();
		for (Waiter waiter : this.queue) {
			Limit exceeded = this.ledger.exceeded(waiter.cost());
			if (exceeded != null) {
				answer(waiter, refused(waiter, Reason.REQUEST_TOO_LARGE, exceeded, null, null));
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
		for (Waiter head = this.queue.head(); head != null; head = this.queue.head()) {
			Answer answer = refusedWhatever(head, nowNanos);
			if (answer == null) {
				Cost cost = head.cost();
				long start = Ticks.latest(this.ledger.fitsAt(nowNanos, cost), this.pauses.endFor(cost, nowNanos));
				if (start - nowNanos <= 0) {
					answer = granted(head, nowNanos);
				}
				else if (start - head.deadlineNanos > 0) {
					answer = tooLong(head, start, nowNanos);
				}
				else {
					next = Ticks.earliest(next, start);
					break;
				}
			}
			answer(head, answer);
		}
		return Ticks.earliest(next, expire(nowNanos));
	}

	private long askDelayed(long now) {
		for (Waiter nearest = this.delayed.nearest(); nearest != null; nearest = this.delayed.nearest()) {
			if (nearest.dueNanos - now > 0 && !this.stopped) {
				return nearest.dueNanos;
			}
			this.delayed.remove(nearest);
			ask(nearest, now);
		}
		return now + Ticks.FOREVER_NANOS;
	}

	private long expire(long now) {
		for (Waiter nearest = this.deadlines.nearest(); nearest != null; nearest = this.deadlines.nearest()) {
			if (nearest.deadlineNanos - now > 0) {
				return nearest.deadlineNanos;
			}
			answer(nearest, tooLong(nearest,
					this.plan.startOf(now, nearest.cost(), this.ledger, this.queue, this.pauses), now));
		}
		return now + Ticks.FOREVER_NANOS;
	}

	/** When a cost would start behind all that wait. */
	Forecast forecast(Cost cost, long nowNanos) {
		this.ledger.advance(nowNanos);
		long start = this.plan.startOf(nowNanos, cost, this.ledger, this.queue, this.pauses);
		Limit binding = (start - nowNanos > 0) ? binding(nowNanos, cost) : null;
		return new Forecast(Duration.ofNanos(start - nowNanos), (binding != null) ? binding.dimension() : null,
				this.queue.size());
	}

	void pause(List<Dimension> dimensions, Pause pause) {
		this.pauses.add(dimensions, pause);
		this.plan.drop();
	}

	void exhausted(@Nullable Throwable cause, long nowNanos) {
		this.exhausted = true;
		this.exhaustedCause = cause;
		this.exhaustedNanos = nowNanos;
		this.nextProbeNanos = nowNanos + PROBE_INTERVAL.toNanos();
	}

	/**
	 * A call was answered. That the account works again is shown only by a call that was
	 * admitted after it was found exhausted.
	 * @return whether the account is still exhausted
	 */
	boolean works(long takenAtNanos) {
		if (this.exhausted && takenAtNanos - this.exhaustedNanos > 0) {
			this.exhausted = false;
			this.exhaustedCause = null;
		}
		return this.exhausted;
	}

	/** Says what led to a refusal that was heard of before. */
	void explain(Throwable failure) {
		if (this.exhausted && this.exhaustedCause == null) {
			this.exhaustedCause = failure;
		}
		this.pauses.explain(failure);
	}

	long pauseEnd(long nowNanos) {
		return this.pauses.end(nowNanos);
	}

	State state(long nowNanos) {
		if (this.exhausted) {
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

	private void answer(Waiter waiter, Answer answer) {
		if (waiter.queued) {
			this.queue.remove(waiter);
			this.deadlines.remove(waiter);
			if (answer instanceof Granted granted) {
				this.plan.started(waiter, granted.atNanos());
			}
			else {
				this.plan.left(waiter);
			}
		}
		waiter.answer(answer);
		this.answered.add(waiter);
	}

	private Granted granted(Waiter waiter, long now) {
		if (!waiter.queued) {
			this.plan.drop();
		}
		this.ledger.take(waiter.cost());
		return new Granted(now);
	}

	/** Refusals that no amount of budget can help. */
	private @Nullable Answer refusedWhatever(Waiter waiter, long now) {
		if (this.stopped) {
			return new Stopped();
		}
		Limit exceeded = this.ledger.exceeded(waiter.cost());
		if (exceeded != null) {
			return refused(waiter, Reason.REQUEST_TOO_LARGE, exceeded, null, null);
		}
		if (this.exhausted && !waiter.probe && this.nextProbeNanos - now > 0) {
			return refused(waiter, Reason.QUOTA_EXHAUSTED, null, this.nextProbeNanos - now, this.exhaustedCause);
		}
		return null;
	}

	private Refused tooLong(Waiter waiter, long start, long now) {
		Pause pause = this.pauses.longestFor(waiter.cost(), now);
		if (pause != null && pause.endNanos() - waiter.deadlineNanos > 0) {
			return refused(waiter, pause.reason(), null, start - now, pause.cause());
		}
		Limit binding = binding(now, waiter.cost());
		boolean day = binding != null && binding.per() != null && binding.per().compareTo(DAY) >= 0;
		return refused(waiter, day ? Reason.DAY_LIMIT : Reason.WAIT_TOO_LONG, binding, start - now, null);
	}

	/** The limit that makes a cost wait: its own, or that of the call in front of all. */
	private @Nullable Limit binding(long now, Cost cost) {
		Limit own = this.ledger.binding(now, cost);
		Waiter head = this.queue.head();
		return (own == null && head != null) ? this.ledger.binding(now, head.cost()) : own;
	}

	private Refused refused(Waiter waiter, Reason reason, @Nullable Limit limit, @Nullable Long retryAfterNanos,
			@Nullable Throwable cause) {
		Dimension dimension = (limit != null) ? limit.dimension() : null;
		long amount = (limit != null) ? limit.amount() : (reason == Reason.QUEUE_FULL) ? this.capacity : 0;
		long requested = waiter.cost().amount((dimension != null) ? dimension : Dimension.REQUESTS);
		Duration retryAfter = (retryAfterNanos != null) ? Duration.ofNanos(retryAfterNanos) : null;
		return new Refused(new Refusal(reason, waiter.asked.model(), waiter.asked.tenant(), dimension, amount,
				requested, retryAfter, Duration.ofNanos(waiter.asked.maxWaitNanos())), cause);
	}

}
