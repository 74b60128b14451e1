package io.github.llmratelimit.engine;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.provider.SignalKind;
import org.jspecify.annotations.Nullable;

/**
 * All listeners as one that does not throw.
 */
final class Listeners implements RateLimitListener {

	private static final Logger logger = System.getLogger(RateLimitListener.class.getName());

	private final RateLimitListener[] listeners;

	private final Set<Class<?>> broken = ConcurrentHashMap.newKeySet();

	Listeners(List<RateLimitListener> listeners) {
		this.listeners = listeners.toArray(RateLimitListener[]::new);
	}

	@Override
	public void onAcquire(LlmRateLimiter limiter, CallRequest request, AcquireOutcome outcome, long waitedNanos) {
		for (RateLimitListener listener : this.listeners) {
			try {
				listener.onAcquire(limiter, request, outcome, waitedNanos);
			}
			catch (RuntimeException ex) {
				failed(listener, ex);
			}
		}
	}

	@Override
	public void onEnd(LlmRateLimiter limiter, Cost cost, @Nullable Usage usage) {
		for (RateLimitListener listener : this.listeners) {
			try {
				listener.onEnd(limiter, cost, usage);
			}
			catch (RuntimeException ex) {
				failed(listener, ex);
			}
		}
	}

	@Override
	public void onResponse(LlmRateLimiter limiter, SignalKind kind) {
		for (RateLimitListener listener : this.listeners) {
			try {
				listener.onResponse(limiter, kind);
			}
			catch (RuntimeException ex) {
				failed(listener, ex);
			}
		}
	}

	@Override
	public void onRetry(LlmRateLimiter limiter, SignalKind kind) {
		for (RateLimitListener listener : this.listeners) {
			try {
				listener.onRetry(limiter, kind);
			}
			catch (RuntimeException ex) {
				failed(listener, ex);
			}
		}
	}

	private void failed(RateLimitListener listener, RuntimeException ex) {
		if (this.broken.add(listener.getClass())) {
			logger.log(Level.WARNING, "A listener failed and is still called; further failures are not logged: "
					+ listener.getClass().getName(), ex);
		}
	}

}
