package io.github.llmratelimit.engine;

import java.util.List;
import java.util.function.Consumer;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.UsageListener;
import io.github.llmratelimit.learning.LimitChange;
import io.github.llmratelimit.provider.SignalKind;
import org.jspecify.annotations.Nullable;

/**
 * All listeners as one that does not throw.
 */
final class Listeners implements PauseListener {

	private final RateLimitListener[] listeners;

	private final PauseListener[] pauseListeners;

	private final BrokenParts broken = new BrokenParts();

	Listeners(List<RateLimitListener> listeners) {
		this.listeners = listeners.toArray(RateLimitListener[]::new);
		this.pauseListeners = listeners.stream()
			.filter(PauseListener.class::isInstance)
			.map(PauseListener.class::cast)
			.toArray(PauseListener[]::new);
	}

	/** Whether anybody wants to be told of pauses. */
	boolean hearPauses() {
		return this.pauseListeners.length > 0;
	}

	@Override
	public void onAcquire(LlmRateLimiter limiter, CallRequest request, AcquireOutcome outcome, long waitedNanos) {
		for (RateLimitListener listener : this.listeners) {
			try {
				listener.onAcquire(limiter, request, outcome, waitedNanos);
			}
			catch (Throwable ex) { // whatever it is, the call must go on
				this.broken.report(listener, ex);
			}
		}
	}

	@Override
	public void onEnd(LlmRateLimiter limiter, Cost cost, @Nullable String tenant, @Nullable Usage usage) {
		for (RateLimitListener listener : this.listeners) {
			try {
				listener.onEnd(limiter, cost, tenant, usage);
			}
			catch (Throwable ex) { // whatever it is, the call must go on
				this.broken.report(listener, ex);
			}
		}
	}

	/** Tells the one who asked for it what a call took. */
	void tell(UsageListener listener, String model, Usage usage) {
		try {
			listener.onUsage(model, usage);
		}
		catch (Throwable ex) { // whatever it is, the call has succeeded
			this.broken.report(listener, ex);
		}
	}

	@Override
	public void onResponse(LlmRateLimiter limiter, SignalKind kind) {
		tellAll(this.listeners, (listener) -> listener.onResponse(limiter, kind));
	}

	@Override
	public void onLimitChange(LlmRateLimiter limiter, LimitChange change) {
		tellAll(this.listeners, (listener) -> listener.onLimitChange(limiter, change));
	}

	@Override
	public void onBookingMismatch(LlmRateLimiter limiter, Booking suggested) {
		tellAll(this.listeners, (listener) -> listener.onBookingMismatch(limiter, suggested));
	}

	@Override
	public void onPause(LlmRateLimiter limiter, PauseStart pause) {
		tellAll(this.pauseListeners, (listener) -> listener.onPause(limiter, pause));
	}

	@Override
	public void onResume(LlmRateLimiter limiter, Reason reason) {
		tellAll(this.pauseListeners, (listener) -> listener.onResume(limiter, reason));
	}

	@Override
	public void onRetry(LlmRateLimiter limiter, SignalKind kind) {
		tellAll(this.listeners, (listener) -> listener.onRetry(limiter, kind));
	}

	/** For what is rare. Admissions and ends have loops of their own, without garbage. */
	private <T extends RateLimitListener> void tellAll(T[] all, Consumer<T> event) {
		for (T listener : all) {
			try {
				event.accept(listener);
			}
			catch (Throwable ex) { // whatever it is, the call must go on, and others wait
				this.broken.report(listener, ex);
			}
		}
	}

}
