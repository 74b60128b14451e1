package io.github.llmratelimit.engine.admission;

import java.time.Duration;

import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.LlmRateLimitExceededException.Refusal;
import io.github.llmratelimit.engine.admission.Pauses.Pause;
import io.github.llmratelimit.engine.admission.Waiter.Refused;
import org.jspecify.annotations.Nullable;

/**
 * Words for a refusal: why, by which limit, and when to come back.
 */
final class Refusals {

	private static final Duration DAY = Duration.ofDays(1);

	private Refusals() {
	}

	static Refused tooLarge(Waiter waiter, Limit exceeded) {
		return refused(waiter, Reason.REQUEST_TOO_LARGE, exceeded, null, null);
	}

	/** As many calls wait as may: of all, or of a tenant that its limits hold back. */
	static Refused queueFull(Waiter waiter, int most) {
		return new Refused(new Refusal(Reason.QUEUE_FULL, waiter.asked.model(), waiter.asked.tenant(), null, most,
				waiter.cost().requests(), null, Duration.ofNanos(waiter.asked.maxWaitNanos())), null);
	}

	static Refused exhausted(Waiter waiter, long closedNanos, @Nullable Throwable cause) {
		return refused(waiter, Reason.QUOTA_EXHAUSTED, null, closedNanos, cause);
	}

	/** Its own delay ends after its deadline. */
	static Refused delayedTooLong(Waiter waiter, long delayNanos) {
		return refused(waiter, Reason.WAIT_TOO_LONG, null, delayNanos, null);
	}

	/** A call could start only after its deadline. */
	static Refused tooLong(Waiter waiter, long waitNanos, @Nullable Limit binding, @Nullable Pause pause) {
		if (pause != null && pause.endNanos() - waiter.deadlineNanos > 0) {
			return refused(waiter, pause.reason(), null, waitNanos, pause.cause());
		}
		boolean day = binding != null && binding.per() != null && binding.per().compareTo(DAY) >= 0;
		return refused(waiter, day ? Reason.DAY_LIMIT : Reason.WAIT_TOO_LONG, binding, waitNanos, null);
	}

	/** The tenant's own limits allow a call only after its deadline. */
	static Refused tenantLimit(Waiter waiter, long waitNanos, @Nullable Limit binding) {
		return refused(waiter, Reason.TENANT_LIMIT, binding, waitNanos, null);
	}

	private static Refused refused(Waiter waiter, Reason reason, @Nullable Limit limit, @Nullable Long waitNanos,
			@Nullable Throwable cause) {
		Dimension dimension = (limit != null) ? limit.dimension() : null;
		long requested = waiter.cost().amount((dimension != null) ? dimension : Dimension.REQUESTS);
		// what is held while calls run comes back when they end, which nobody knows
		boolean held = dimension != null && dimension.isHeld();
		Duration retryAfter = (waitNanos != null && !held) ? Duration.ofNanos(waitNanos) : null;
		return new Refused(new Refusal(reason, waiter.asked.model(), waiter.asked.tenant(), dimension,
				(limit != null) ? limit.amount() : 0, requested, retryAfter,
				Duration.ofNanos(waiter.asked.maxWaitNanos())), cause);
	}

}
