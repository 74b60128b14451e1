package io.github.llmratelimit.engine;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;

/**
 * The answer to one attempt that asks for admission and does not wait on a thread.
 */
final class LaterAnswer {

	/*
	 * Who tells, and who listens
	 *
	 * The budget answers on whichever thread brought the answer about: the one that asks,
	 * another one that gave budget back, or the alarm's, which has more callers to wake.
	 * So what follows runs there only where it is the asking thread itself, once the
	 * budget has finished with it; else it is handed on.
	 *
	 * An answer and a cancellation may come at once. Exactly one of them wins, by a
	 * single exchange of the state. If it is the cancellation, the budget takes back what
	 * it has granted meanwhile, and nobody hears of it.
	 */

	private enum State {

		/** The asking thread is inside the budget. */
		ASKING,

		/** It has left without an answer. */
		WAITING,

		/** The answer is there, and will be heard. */
		ANSWERED,

		/** Nobody wants to hear it. */
		CANCELLED

	}

	private final Asking asking;

	private final Continuations continuations;

	private final @Nullable ClassLoader classLoader = Thread.currentThread().getContextClassLoader();

	private final BiConsumer<@Nullable BudgetReservation, @Nullable RuntimeException> listener;

	private final AtomicReference<State> state = new AtomicReference<>(State.ASKING);

	/**
	 * Prepares the asking.
	 * @param listener hears once what was taken, or why nothing was; never, if the
	 * cancellation was faster
	 */
	LaterAnswer(ModelLimiter limiter, LimitedCall call, Continuations continuations,
			BiConsumer<@Nullable BudgetReservation, @Nullable RuntimeException> listener) {
		this.asking = new Asking(limiter, call, this::answered);
		this.continuations = continuations;
		this.listener = listener;
	}

	/** Asks. The answer may be heard before this returns. */
	void ask() {
		this.asking.ask();
		if (this.state.compareAndSet(State.ASKING, State.WAITING)) {
			return;
		}
		if (this.state.get() == State.ANSWERED) {
			tell();
		}
		else {
			this.asking.withdraw(AcquireOutcome.CANCELLED);
		}
	}

	/** Gives up, unless the answer was faster. */
	void cancel() {
		State before = this.state.getAndUpdate((now) -> (now == State.ANSWERED) ? now : State.CANCELLED);
		if (before == State.WAITING) { // while asking, the asking thread will see to it
			this.asking.withdraw(AcquireOutcome.CANCELLED);
		}
	}

	private void answered() {
		State before = this.state.getAndUpdate((now) -> (now == State.CANCELLED) ? now : State.ANSWERED);
		if (before == State.WAITING) {
			this.continuations.run(this::tell, this.classLoader);
		}
	}

	private void tell() {
		BudgetReservation reservation;
		try {
			reservation = this.asking.outcome();
		}
		catch (RuntimeException ex) {
			this.listener.accept(null, ex);
			return;
		}
		this.listener.accept(reservation, null);
	}

}
