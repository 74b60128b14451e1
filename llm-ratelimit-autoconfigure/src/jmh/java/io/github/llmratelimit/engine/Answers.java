package io.github.llmratelimit.engine;

import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.Reservation;
import io.github.llmratelimit.provider.ProviderSignal;

/**
 * Lets a limiter hear answers that have been read already.
 */
public final class Answers {

	private Answers() {
	}

	/**
	 * A call was answered.
	 * @param limiter the limiter of its model
	 * @param reservation what it took
	 * @param signal what the answer says
	 */
	public static void hear(LlmRateLimiter limiter, Reservation reservation, ProviderSignal signal) {
		((ModelLimiter) limiter).budget().hear((BudgetReservation) reservation, signal);
	}

}
