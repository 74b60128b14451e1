package io.github.llmratelimit.aop;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.time.Duration;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.CallDefaults;
import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Forecast;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimiterStatus;
import io.github.llmratelimit.LlmRateLimitExceededException;
import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.LlmRateLimitExceededException.Refusal;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.ModelLimits;
import io.github.llmratelimit.Reservation;

/**
 * A limiter that admits everything and remembers what was asked for.
 */
final class FakeLimiter implements LlmRateLimiter {

	private final String model;

	private final List<CallRequest> requests = new ArrayList<>();

	private List<Limit> limits = List.of(Limit.perMinute(Dimension.TOKENS, 1_000_000));

	private long defaultOutputTokens = 512;

	private int attempts = 1;

	private Exception refusal;

	FakeLimiter(String model) {
		this.model = model;
	}

	/** Limits of the model, with its default output. */
	FakeLimiter limits(long newDefaultOutputTokens, Limit... newLimits) {
		this.defaultOutputTokens = newDefaultOutputTokens;
		this.limits = List.of(newLimits);
		return this;
	}

	/** Attempts of each call, while the body fails. */
	void attempts(int newAttempts) {
		this.attempts = newAttempts;
	}

	void refuse() {
		this.refusal = new LlmRateLimitExceededException(new Refusal(Reason.WAIT_TOO_LONG, this.model, null,
				Dimension.TOKENS, 1, 2, Duration.ofSeconds(60), Duration.ofSeconds(1)), null);
	}

	/** What the limiter throws instead of admitting a call. */
	void refuse(Exception newRefusal) {
		this.refusal = newRefusal;
	}

	List<CallRequest> requests() {
		return this.requests;
	}

	CallRequest request() {
		if (this.requests.size() != 1) {
			throw new AssertionError("There is not one request, but " + this.requests);
		}
		return this.requests.get(0);
	}

	Cost cost() {
		return request().cost();
	}

	@Override
	public String model() {
		return this.model;
	}

	@Override
	public ModelLimits limits() {
		return new ModelLimits(this.model, "provider-" + this.model, new BudgetKey("openai", this.model), this.limits,
				Booking.ESTIMATE, this.defaultOutputTokens);
	}

	@Override
	public CallDefaults defaults() {
		return new CallDefaults(Duration.ofSeconds(90), List.of(), null);
	}

	@Override
	public <T> T call(CallRequest request, Callable<T> body) throws Exception {
		this.requests.add(request);
		if (this.refusal != null) {
			throw this.refusal;
		}
		for (int attempt = 1; attempt < this.attempts; attempt++) {
			try {
				return body.call();
			}
			catch (Exception ex) {
				// repeated
			}
		}
		return body.call();
	}

	@Override
	public <T> CompletableFuture<T> callAsync(CallRequest request, Supplier<? extends CompletionStage<T>> body) {
		this.requests.add(request);
		return (this.refusal != null) ? CompletableFuture.failedFuture(this.refusal) : body.get().toCompletableFuture();
	}

	@Override
	public CompletableFuture<Reservation> acquireAsync(CallRequest request) {
		throw new UnsupportedOperationException();
	}

	@Override
	public Reservation acquire(CallRequest request) {
		throw new UnsupportedOperationException();
	}

	@Override
	public Optional<Reservation> tryAcquire(Cost cost) {
		throw new UnsupportedOperationException();
	}

	@Override
	public Forecast forecast(CallRequest request) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void changeLimit(Dimension dimension, Duration per, long amount) {
		throw new UnsupportedOperationException();
	}

	@Override
	public LimiterStatus status() {
		throw new UnsupportedOperationException();
	}

}
