package io.github.llmratelimit;

import java.io.Serializable;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * A call was not admitted by the limiter. The provider has not seen it. Refusals of the
 * provider itself reach the caller as they are, never as this exception.
 */
public class LlmRateLimitExceededException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final Refusal refusal;

	/**
	 * Creates the exception.
	 * @param refusal why the call was refused
	 * @param cause the provider's refusal that led to this one, if any
	 */
	public LlmRateLimitExceededException(Refusal refusal, @Nullable Throwable cause) {
		super(refusal.message(), cause, false, true);
		this.refusal = refusal;
	}

	/**
	 * Returns why the call was refused.
	 * @return the reason
	 */
	public Reason reason() {
		return this.refusal.reason();
	}

	/**
	 * Returns the model that was called.
	 * @return its name
	 */
	public String model() {
		return this.refusal.model();
	}

	/**
	 * Returns on whose behalf the call was made.
	 * @return the tenant, or {@code null}
	 */
	public @Nullable String tenant() {
		return this.refusal.tenant();
	}

	/**
	 * Returns the dimension that stood in the way.
	 * @return the dimension, or {@code null} if no single one did
	 */
	public @Nullable Dimension dimension() {
		return this.refusal.dimension();
	}

	/**
	 * Returns the limit of that dimension, or how many calls may wait.
	 * @return the amount, 0 if none stood in the way
	 */
	public long limit() {
		return this.refusal.limit();
	}

	/**
	 * Returns what the call asked for in that dimension.
	 * @return the amount
	 */
	public long requested() {
		return this.refusal.requested();
	}

	/**
	 * Returns after which time the call would be admitted.
	 * @return the forecast, or {@code null} where there is none or the call never fits
	 */
	public @Nullable Duration retryAfter() {
		return this.refusal.retryAfter();
	}

	/** Why a call was refused. */
	public enum Reason {

		/** It could not start before its {@code maxWait} is over. */
		WAIT_TOO_LONG,

		/**
		 * As many calls wait as the queue may hold, or as a tenant may fill it with that
		 * is over its own limits: half of what others leave.
		 */
		QUEUE_FULL,

		/** It is larger than the whole limit: no wait can help. */
		REQUEST_TOO_LARGE,

		/** Its tenant's own limit stands in the way. */
		TENANT_LIMIT,

		/** The provider's limit per day is used up. */
		DAY_LIMIT,

		/** The account's money or quota is used up. */
		QUOTA_EXHAUSTED,

		/** The provider refused an earlier call and asked for a longer wait. */
		PAUSED

	}

	/**
	 * The facts of a refusal.
	 *
	 * @param reason why the call was refused
	 * @param model the model that was called
	 * @param tenant on whose behalf, if known
	 * @param dimension the dimension that stood in the way, if one did
	 * @param limit its limit, or how many calls may wait
	 * @param requested what the call asked for
	 * @param retryAfter after which time the call would be admitted, if known
	 * @param maxWait how long the call would have waited
	 */
	public record Refusal(Reason reason, String model, @Nullable String tenant, @Nullable Dimension dimension,
			long limit, long requested, @Nullable Duration retryAfter, Duration maxWait) implements Serializable {

		String message() {
			String what = (this.dimension != null) ? this.dimension.id() : "calls";
			return "Call to '%s' refused (%s): ".formatted(this.model, this.reason) + switch (this.reason) {
				case WAIT_TOO_LONG -> (this.retryAfter != null)
						? "%d %s would be free in %s, but the call may wait %s only.".formatted(this.requested, what,
								this.retryAfter, this.maxWait)
						: "%d %s did not become free within %s.".formatted(this.requested, what, this.maxWait);
				case QUEUE_FULL ->
					"%d calls wait already. Raise llm.ratelimit.queue.capacity, or send less.".formatted(this.limit);
				case REQUEST_TOO_LARGE -> "it needs %d %s and the whole limit is %d. Shorten it or raise the limit."
					.formatted(this.requested, what, this.limit);
				case TENANT_LIMIT ->
					"tenant '%s' is over its own limit of %d %s.".formatted(this.tenant, this.limit, what);
				case DAY_LIMIT -> "the provider's limit per day is used up.";
				case QUOTA_EXHAUSTED ->
					"the provider says that the account's quota or credit is used up. Check plan and billing.";
				case PAUSED ->
					"the provider refused an earlier call and asked all to wait %s.".formatted(this.retryAfter);
			};
		}

	}

}
