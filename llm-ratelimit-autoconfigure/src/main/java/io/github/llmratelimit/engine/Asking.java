package io.github.llmratelimit.engine;

import java.util.concurrent.CancellationException;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.LlmRateLimitExceededException;
import io.github.llmratelimit.engine.admission.Waiter;
import io.github.llmratelimit.engine.admission.Waiter.Asked;
import io.github.llmratelimit.engine.admission.Waiter.Granted;
import io.github.llmratelimit.engine.admission.Waiter.Refused;

/**
 * One attempt of a call that asks its budget for admission, from the asking to the
 * answer, whoever waits for it and how.
 */
final class Asking {

	private final ModelLimiter limiter;

	private final LimitedCall call;

	private final long startNanos;

	private final BudgetReservation reservation;

	private final Waiter waiter;

	/**
	 * Prepares the asking.
	 * @param onAnswer called once when the answer is there, on any thread
	 */
	Asking(ModelLimiter limiter, LimitedCall call, Runnable onAnswer) {
		this.limiter = limiter;
		this.call = call;
		this.startNanos = limiter.clock().nanos();
		CallRequest request = call.request();
		this.reservation = new BudgetReservation(limiter, request);
		this.waiter = new Waiter(
				new Asked(limiter.model(), request.cost(), request.priority(), request.tenant(), call.maxWaitNanos()),
				this.reservation, call.isRepeated(), call.arrival(), this.startNanos + call.waitLeftNanos(), onAnswer);
	}

	/** Asks, after the call's own delay. */
	void ask() {
		this.limiter.budget().askLater(this.waiter, this.call.takeDelay(this.startNanos));
	}

	/** Waits for the answer on the current thread, which {@code onAnswer} must wake. */
	BudgetReservation await() throws InterruptedException {
		ask();
		try {
			Parking.awaitAnswer(this.waiter);
		}
		catch (InterruptedException ex) {
			withdraw(AcquireOutcome.INTERRUPTED);
			throw ex;
		}
		return outcome();
	}

	/**
	 * Nobody wants the answer any more. What was granted in the same moment is given
	 * back.
	 */
	void withdraw(AcquireOutcome outcome) {
		this.limiter.budget().cancel(this.waiter);
		notAdmitted(outcome);
	}

	/**
	 * What the answer means for the call.
	 * @return what was taken for it
	 * @throws LlmRateLimitExceededException if it was refused
	 * @throws CancellationException if the application stops
	 */
	BudgetReservation outcome() {
		this.call.arrival(this.waiter.arrival);
		if (this.waiter.answer() instanceof Granted granted) {
			waited();
			long waited = granted.atNanos() - this.startNanos;
			this.limiter.listeners()
				.onAcquire(this.limiter, this.call.request(), AcquireOutcome.ADMITTED, Math.max(0, waited));
			return this.reservation;
		}
		if (this.waiter.answer() instanceof Refused refused) {
			notAdmitted(AcquireOutcome.of(refused.refusal().reason()));
			throw new LlmRateLimitExceededException(refused.refusal(), refused.cause());
		}
		notAdmitted(AcquireOutcome.CANCELLED);
		throw new CancellationException(
				"The application stops: the call to '%s' was not made.".formatted(this.limiter.model()));
	}

	private void notAdmitted(AcquireOutcome outcome) {
		this.limiter.listeners().onAcquire(this.limiter, this.call.request(), outcome, waited());
	}

	private long waited() {
		long waited = this.limiter.clock().nanos() - this.startNanos;
		this.call.waited(waited);
		return waited;
	}

}
