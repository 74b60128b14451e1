package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

import io.github.llmratelimit.CallDefaults;
import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Forecast;
import io.github.llmratelimit.LearnedEstimates;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.LimiterStatus;
import io.github.llmratelimit.LlmCall;
import io.github.llmratelimit.LlmRateLimitExceededException;
import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.LlmRateLimitExceededException.Refusal;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.ModelLimits;
import io.github.llmratelimit.Reservation;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.admission.Entry;
import io.github.llmratelimit.engine.settings.EngineSettings;
import io.github.llmratelimit.provider.ProviderResponse;
import io.github.llmratelimit.provider.ProviderSignal;
import io.github.llmratelimit.time.AlarmClock;
import io.github.llmratelimit.time.Ticks;
import org.jspecify.annotations.Nullable;

/**
 * The limiter of one model: makes callers wait for what its {@link Budget} decides.
 */
final class ModelLimiter implements LlmRateLimiter {

	private final LimiterDefinition definition;

	private final Budget budget;

	private final CallDefaults defaults;

	private final long defaultMaxWaitNanos;

	private final AlarmClock clock;

	private final Listeners listeners;

	private final CallRunner runner;

	private final Continuations continuations;

	private final Lessons lessons;

	ModelLimiter(LimiterDefinition definition, Budget budget, EngineSettings settings, AlarmClock clock,
			Listeners listeners, CallRunner runner, Continuations continuations, Lessons lessons) {
		this.definition = definition;
		this.budget = budget;
		this.defaults = new CallDefaults(settings.maxWait(), definition.fallbackModels(), definition.fallbackAfter());
		this.defaultMaxWaitNanos = Ticks.nanos(settings.maxWait());
		this.clock = clock;
		this.listeners = listeners;
		this.runner = runner;
		this.continuations = continuations;
		this.lessons = lessons;
	}

	@Override
	public String model() {
		return this.definition.limits().model();
	}

	@Override
	public ModelLimits limits() {
		return this.definition.limits().withLimits(this.budget.limits());
	}

	@Override
	public CallDefaults defaults() {
		return this.defaults;
	}

	@Override
	public <T extends @Nullable Object> T call(CallRequest request, Callable<T> body) throws Exception {
		LimitedCall call = newCall(request);
		if (call.isJoined()) {
			return this.runner.runJoined(call, body);
		}
		return (this.definition.mode() == LimiterMode.OFF) ? CallRunner.runFree(call, body)
				: this.runner.run(call, body);
	}

	@Override
	public <T extends @Nullable Object> CompletableFuture<T> callAsync(CallRequest request,
			Supplier<? extends CompletionStage<T>> body) {
		LaterCall<T> later = new LaterCall<>(newCall(request), this.runner, body);
		later.start();
		return later;
	}

	@Override
	public Reservation acquire(CallRequest request) throws InterruptedException {
		if (this.definition.mode() == LimiterMode.OFF) {
			return new FreeReservation(request.cost());
		}
		BudgetReservation reservation = takeAtOnce(request);
		return (reservation != null) ? reservation : acquireLater(newCall(request));
	}

	@Override
	public CompletableFuture<Reservation> acquireAsync(CallRequest request) {
		if (this.definition.mode() == LimiterMode.OFF) {
			return CompletableFuture.completedFuture(new FreeReservation(request.cost()));
		}
		LaterReservation later = new LaterReservation();
		later.ask(newCall(request));
		return later;
	}

	/** Waits for the next attempt of a call: its own delay first, then in the queue. */
	BudgetReservation acquire(LimitedCall call) throws InterruptedException {
		BudgetReservation reservation = !call.isRepeated() ? takeAtOnce(call.request()) : null;
		return (reservation != null) ? reservation : acquireLater(call);
	}

	/** What can be taken for an attempt without asking, {@code null} if it has to ask. */
	@Nullable BudgetReservation acquireAtOnce(LimitedCall call) {
		BudgetReservation reservation = !call.isRepeated() ? takeAtOnce(call.request()) : null;
		return (reservation == null && this.definition.mode() == LimiterMode.OBSERVE)
				? observe(call.request(), call.waitLeftNanos()) : reservation;
	}

	/** The path of a call that need not wait. */
	private @Nullable BudgetReservation takeAtOnce(CallRequest request) {
		BudgetReservation reservation = new BudgetReservation(this, request);
		if (!this.budget.tryTake(reservation)) {
			return null;
		}
		this.listeners.onAcquire(this, request, AcquireOutcome.ADMITTED, 0);
		return reservation;
	}

	private BudgetReservation acquireLater(LimitedCall call) throws InterruptedException {
		if (this.definition.mode() == LimiterMode.OBSERVE) {
			return observe(call.request(), call.waitLeftNanos());
		}
		Thread thread = Thread.currentThread();
		return new Asking(this, call, () -> LockSupport.unpark(thread)).await();
	}

	/** Admits what does not fit, and tells what would have happened. */
	private BudgetReservation observe(CallRequest request, long waitLeftNanos) {
		boolean refuse = this.budget.exceeded(request.cost()) != null
				|| this.budget.forecast(request).waitTime().toNanos() > waitLeftNanos;
		this.listeners.onAcquire(this, request, refuse ? AcquireOutcome.WOULD_REFUSE : AcquireOutcome.WOULD_WAIT, 0);
		BudgetReservation reservation = new BudgetReservation(this, request);
		this.budget.takeAnyway(reservation);
		return reservation;
	}

	@Override
	public Optional<Reservation> tryAcquire(Cost cost) {
		CallRequest request = CallRequest.of(cost).withMaxWait(Duration.ZERO);
		if (this.definition.mode() == LimiterMode.OFF) {
			return Optional.of(new FreeReservation(cost));
		}
		Reservation reservation = takeAtOnce(request);
		if (reservation == null && this.definition.mode() == LimiterMode.OBSERVE) {
			reservation = observe(request, 0);
		}
		if (reservation == null) {
			Limit exceeded = this.budget.exceeded(cost);
			this.listeners.onAcquire(this, request,
					(exceeded != null) ? AcquireOutcome.REQUEST_TOO_LARGE : AcquireOutcome.WAIT_TOO_LONG, 0);
			if (exceeded != null) {
				throw tooLarge(request, exceeded);
			}
		}
		return Optional.ofNullable(reservation);
	}

	@Override
	public Forecast forecast(CallRequest request) {
		Limit exceeded = this.budget.exceeded(request.cost());
		if (exceeded != null) {
			throw tooLarge(request, exceeded);
		}
		return this.budget.forecast(request);
	}

	private LlmRateLimitExceededException tooLarge(CallRequest request, Limit exceeded) {
		return new LlmRateLimitExceededException(new Refusal(Reason.REQUEST_TOO_LARGE, model(), request.tenant(),
				exceeded.dimension(), exceeded.amount(), request.cost().amount(exceeded.dimension()), null,
				Duration.ofNanos(maxWaitNanos(request))), null);
	}

	@Override
	public void changeLimit(Dimension dimension, @Nullable Duration per, long amount) {
		Limit limit = new Limit(dimension, amount, per, LimitOrigin.RUNTIME);
		if (!this.budget.changeLimit(limit)) {
			throw new IllegalArgumentException("Invalid limit (%s per %s): model '%s' has only %s."
				.formatted(dimension.id(), limit.window(), model(), this.budget.limits()));
		}
	}

	@Override
	public LimiterStatus status() {
		return this.runner.status(this, this.budget.status());
	}

	@Override
	public LearnedEstimates learned() {
		return this.lessons.of(this.definition.limits(), this.budget);
	}

	@Override
	public void forgetLearned() {
		this.lessons.forget(this.definition.limits(), this.budget);
	}

	@Override
	public String toString() {
		return "limiter of " + model() + " on " + this.budget.key();
	}

	/** A provider answered a call. */
	void onResponse(LimitedCall call, ProviderResponse response) {
		if (this.definition.mode() != LimiterMode.OFF) {
			this.runner.onResponse(call, response, null);
		}
	}

	/** A provider answered a call that nobody limits. */
	void onOutside(Entry entry, ProviderResponse response) {
		this.runner.onOutside(this, entry, response);
	}

	/** What a failure means that no call of this limiter has seen. */
	@Nullable ProviderSignal read(Throwable failure) {
		ProviderSignal signal = this.runner.read(this, failure);
		// nobody pauses for this one, so the wait itself has to be long enough
		return (signal != null) ? signal.withRetryAfter(this.definition.dialect().traits().leastWait(signal)) : null;
	}

	/** What a part of an answer says of usage. */
	@Nullable Usage usageIn(Object part) {
		return this.runner.usageIn(part);
	}

	boolean isProviderHost(String host) {
		return this.definition.isProviderHost(host);
	}

	/** Whether the provider counts the tokens of calls that it refused. */
	boolean refusedTokensCount() {
		return this.definition.dialect().traits().refusedTokensCount();
	}

	LimiterDefinition definition() {
		return this.definition;
	}

	Budget budget() {
		return this.budget;
	}

	AlarmClock clock() {
		return this.clock;
	}

	Listeners listeners() {
		return this.listeners;
	}

	Continuations continuations() {
		return this.continuations;
	}

	private LimitedCall newCall(CallRequest request) {
		return new LimitedCall(this, request, this.clock.nanos(), maxWaitNanos(request), LlmCall.currentOrNull());
	}

	private long maxWaitNanos(CallRequest request) {
		return (request.maxWait() != null) ? Ticks.nanos(request.maxWait()) : this.defaultMaxWaitNanos;
	}

	/** A reservation that is taken when its future completes. */
	private final class LaterReservation extends CompletableFuture<Reservation> {

		void ask(LimitedCall call) {
			BudgetReservation reservation = acquireAtOnce(call);
			if (reservation != null) {
				complete(reservation);
				return;
			}
			LaterAnswer answer = new LaterAnswer(ModelLimiter.this, call, ModelLimiter.this.continuations,
					this::answered);
			answer.ask();
			// whoever ends this future before the answer does, and however
			whenComplete((result, failure) -> answer.cancel());
		}

		private void answered(@Nullable BudgetReservation reservation, @Nullable RuntimeException refusal) {
			if (reservation == null) {
				completeExceptionally(Objects.requireNonNull(refusal));
			}
			else if (!complete(reservation)) {
				reservation.release();
			}
		}

	}

}
