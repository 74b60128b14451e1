package io.github.llmratelimit.engine;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.learning.LimitChange;
import io.github.llmratelimit.provider.SignalKind;
import org.jspecify.annotations.Nullable;

/**
 * Hears what limiters do. Called on the threads of the callers, outside of all locks;
 * must be quick. What a listener throws is logged once and fails nobody's call.
 */
public interface RateLimitListener {

	/**
	 * Asking for admission ended.
	 * @param limiter the limiter asked
	 * @param request what was asked for
	 * @param outcome how it ended
	 * @param waitedNanos how long it took, in nanoseconds
	 */
	default void onAcquire(LlmRateLimiter limiter, CallRequest request, AcquireOutcome outcome, long waitedNanos) {
	}

	/**
	 * An admitted call ended.
	 * @param limiter its limiter
	 * @param cost what was taken for it
	 * @param tenant on whose behalf it was made, {@code null} if nobody said
	 * @param usage what it used, {@code null} if nobody said
	 */
	default void onEnd(LlmRateLimiter limiter, Cost cost, @Nullable String tenant, @Nullable Usage usage) {
	}

	/**
	 * A provider answered, be it to a limited call or to one that nobody limits.
	 * @param limiter the limiter of the model that was called
	 * @param kind what the answer means
	 */
	default void onResponse(LlmRateLimiter limiter, SignalKind kind) {
	}

	/**
	 * A limit changed, was found, or was told to be above what the application stated.
	 * @param limiter the limiter of the call whose answer told it
	 * @param change what changed, and why
	 */
	default void onLimitChange(LlmRateLimiter limiter, LimitChange change) {
	}

	/**
	 * What a provider says is left fits another way of booking than the configured one.
	 * Told once; nothing is switched.
	 * @param limiter the limiter of the call whose answer showed it
	 * @param suggested the way of booking that fits
	 */
	default void onBookingMismatch(LlmRateLimiter limiter, Booking suggested) {
	}

	/**
	 * A failed attempt will be followed by another.
	 * @param limiter the limiter of the call
	 * @param kind what the failure means
	 */
	default void onRetry(LlmRateLimiter limiter, SignalKind kind) {
	}

}
