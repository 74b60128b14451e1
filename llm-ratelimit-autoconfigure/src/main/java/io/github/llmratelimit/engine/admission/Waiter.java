package io.github.llmratelimit.engine.admission;

import java.util.Comparator;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.LlmRateLimitExceededException.Refusal;
import io.github.llmratelimit.Priority;
import io.github.llmratelimit.time.Ticks;
import org.jspecify.annotations.Nullable;

/**
 * One call that asks a budget for admission, from the asking to the answer. All fields
 * but the answer belong to the budget and are guarded by its lock.
 */
public final class Waiter {

	/** Who was there first. A repeated call was in front of all once and is so again. */
	static final Comparator<Waiter> ARRIVAL = Comparator.comparing((Waiter waiter) -> !waiter.repeated)
		.thenComparing((waiter) -> waiter.arrival);

	/** What the call asked for. */
	final Asked asked;

	/** Where what it takes is written down. */
	public final Entry entry;

	/**
	 * Whether the call was admitted before and is made again. It keeps its place.
	 */
	public final boolean repeated;

	/**
	 * Its place in the order of arrival, 0 before it has one. A call that once was
	 * admitted without a wait arrived before all that wait now, and keeps 0.
	 */
	public long arrival;

	/** When it gives up. */
	public final long deadlineNanos;

	/** Called once when the answer is there, outside of all locks. */
	private final Runnable onAnswer;

	private volatile @Nullable Answer answer;

	/** Its neighbours in its line. */
	@Nullable Waiter before;

	@Nullable Waiter behind;

	/** The line that it waits in, {@code null} outside of the queue. */
	@Nullable Line line;

	boolean queued;

	/** Whether it is the one call that tries an exhausted account. */
	boolean probe;

	/** When something is due to it: the end of its own delay, or its deadline. */
	long dueNanos;

	/** Index in the heap by that instant, -1 outside of it. */
	int heapIndex = IndexedHeap.NOWHERE;

	/** The plan that it is part of, -1 for none. */
	long planVersion = -1;

	/** When it starts by that plan. */
	long plannedNanos;

	public Waiter(Asked asked, boolean repeated, long arrival, long deadlineNanos, Runnable onAnswer) {
		this(asked, new Entry(asked.cost(), asked.tenant()), repeated, arrival, deadlineNanos, onAnswer);
	}

	public Waiter(Asked asked, Entry entry, boolean repeated, long arrival, long deadlineNanos, Runnable onAnswer) {
		this.asked = asked;
		this.entry = entry;
		this.repeated = repeated;
		this.arrival = arrival;
		this.deadlineNanos = deadlineNanos;
		this.onAnswer = onAnswer;
	}

	/** A call of which nobody but a forecast will know. */
	public static Waiter toForecast(CallRequest request, long nowNanos) {
		Asked asked = new Asked("", request.cost(), request.priority(), request.tenant(), Ticks.FOREVER_NANOS);
		return new Waiter(asked, false, 0, nowNanos + Ticks.FOREVER_NANOS, () -> {
		});
	}

	/** The same call in a rehearsal, of whose answer nobody is told. */
	Waiter copy() {
		return new Waiter(this.asked, this.repeated, this.arrival, this.deadlineNanos, () -> {
		});
	}

	public Cost cost() {
		return this.asked.cost();
	}

	/** Since when the call has been waiting, all its attempts together. */
	long sinceNanos() {
		return this.deadlineNanos - this.asked.maxWaitNanos();
	}

	public @Nullable Answer answer() {
		return this.answer;
	}

	public void answer(Answer newAnswer) {
		this.answer = newAnswer;
	}

	public void tell() {
		this.onAnswer.run();
	}

	/**
	 * What a call asked for, as far as the answer depends on it.
	 *
	 * @param model the model, for messages
	 * @param cost what the call needs
	 * @param priority how urgent it is
	 * @param tenant on whose behalf
	 * @param maxWaitNanos how long it would wait, for messages
	 */
	public record Asked(String model, Cost cost, Priority priority, @Nullable String tenant, long maxWaitNanos) {
	}

	/** What the budget decided. */
	public sealed interface Answer {

	}

	/**
	 * The cost is taken.
	 *
	 * @param atNanos when it was taken
	 */
	public record Granted(long atNanos) implements Answer {
	}

	/**
	 * Nothing is taken.
	 *
	 * @param refusal why
	 * @param cause the provider's refusal that led to this one
	 */
	public record Refused(Refusal refusal, @Nullable Throwable cause) implements Answer {
	}

	/** Nothing is taken: the application stops. */
	public record Stopped() implements Answer {
	}

}
