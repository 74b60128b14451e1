package io.github.llmratelimit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.llmratelimit.LimiterStatus.State;
import org.jspecify.annotations.Nullable;

/**
 * Chooses among models by when each would start a call.
 */
final class ModelChoice {

	/*
	 * Before queueing, by forecast
	 *
	 * Problem. A call would rather be answered by another model soon than by its own
	 * late.
	 *
	 * Simple scheme: wait for the first model until patience ends, then ask the next. The
	 * caller pays the patience on every call while the first model is busy, and its place
	 * in the queue is taken by nobody.
	 *
	 * Chosen: the forecast is exact, so the choice is made before anybody queues, and
	 * costs no waiting. A fallback is asked by its own forecast in the same way: calls
	 * spill over to it only as long as it is itself soon enough, so it cannot be stormed.
	 * If none is soon enough, the first is waited for, or whichever can be waited for at
	 * all; if none can, the first refuses.
	 *
	 * Not promised: that nobody else comes between the forecast and the queue. The call
	 * may then wait longer than was forecast, never longer than its maxWait.
	 */

	private final LlmRateLimiterRegistry registry;

	private final CallRequest request;

	ModelChoice(LlmRateLimiterRegistry registry, CallRequest request) {
		this.registry = registry;
		this.request = request;
	}

	LlmRateLimiter choose(List<String> models, @Nullable Duration fallbackAfter) {
		if (models.isEmpty()) {
			throw new IllegalArgumentException("Invalid models ([]): must name at least one.");
		}
		LlmRateLimiter first = this.registry.limiter(models.get(0));
		CallDefaults defaults = first.defaults();
		List<String> others = (models.size() > 1) ? models.subList(1, models.size()) : defaults.fallbackModels();
		if (others.isEmpty() || isInside(first)) {
			return first;
		}
		Duration maxWait = (this.request.maxWait() != null) ? this.request.maxWait() : defaults.maxWait();
		Duration after = (fallbackAfter != null) ? fallbackAfter
				: (defaults.fallbackAfter() != null) ? defaults.fallbackAfter() : maxWait;
		Duration patience = (after.compareTo(maxWait) < 0) ? after : maxWait;
		return choose(first, others, patience, maxWait);
	}

	/** A call inside another one of its model starts at once. */
	private static boolean isInside(LlmRateLimiter limiter) {
		LlmCall current = LlmCall.currentOrNull();
		return current != null && current.model().equals(limiter.model());
	}

	private LlmRateLimiter choose(LlmRateLimiter first, List<String> others, Duration patience, Duration maxWait) {
		List<LlmRateLimiter> late = new ArrayList<>();
		LlmRateLimiter limiter = first;
		for (int next = 0; next <= others.size(); next++) {
			Duration wait = waitTime(limiter);
			if (wait != null && wait.compareTo(patience) <= 0) {
				return limiter;
			}
			if (wait != null && wait.compareTo(maxWait) <= 0) {
				late.add(limiter);
			}
			if (next < others.size()) {
				limiter = this.registry.limiter(others.get(next));
			}
		}
		return late.isEmpty() ? first : late.get(0);
	}

	/** How long the call would wait for a model, {@code null} if it would be refused. */
	private @Nullable Duration waitTime(LlmRateLimiter limiter) {
		try {
			Duration wait = limiter.forecast(this.request).waitTime();
			return (limiter.status().state() == State.QUOTA_EXHAUSTED) ? null : wait;
		}
		catch (LlmRateLimitExceededException ex) {
			return null;
		}
	}

}
