package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.LockSupport;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Forecast;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.LimiterStatus;
import io.github.llmratelimit.LlmRateLimitExceededException;
import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.LlmRateLimitExceededException.Refusal;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.ModelLimits;
import io.github.llmratelimit.Reservation;
import io.github.llmratelimit.engine.Waiter.Asked;
import io.github.llmratelimit.engine.Waiter.Granted;
import io.github.llmratelimit.engine.Waiter.Refused;
import io.github.llmratelimit.provider.ProviderResponse;
import io.github.llmratelimit.provider.ProviderSignal;
import io.github.llmratelimit.time.AlarmClock;
import org.jspecify.annotations.Nullable;

/**
 * The limiter of one model: makes callers wait for what its {@link Budget} decides.
 */
final class ModelLimiter implements LlmRateLimiter {

	private final LimiterDefinition definition;

	private final Budget budget;

	private final long defaultMaxWaitNanos;

	private final AlarmClock clock;

	private final Listeners listeners;

	private final CallRunner runner;

	ModelLimiter(LimiterDefinition definition, Budget budget, EngineSettings settings, AlarmClock clock,
			Listeners listeners, CallRunner runner) {
		this.definition = definition;
		this.budget = budget;
		this.defaultMaxWaitNanos = Ticks.nanos(settings.maxWait());
		this.clock = clock;
		this.listeners = listeners;
		this.runner = runner;
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
	public <T extends @Nullable Object> T call(CallRequest request, Callable<T> body) throws Exception {
		LimitedCall call = newCall(request);
		return (this.definition.mode() == LimiterMode.OFF) ? CallRunner.runFree(call, body)
				: this.runner.run(call, body);
	}

	@Override
	public Reservation acquire(CallRequest request) throws InterruptedException {
		if (this.definition.mode() == LimiterMode.OFF) {
			return new FreeReservation(request.cost());
		}
		BudgetReservation reservation = takeAtOnce(request);
		return (reservation != null) ? reservation : acquireLater(newCall(request));
	}

	/** Waits for the next attempt of a call: its own delay first, then in the queue. */
	BudgetReservation acquire(LimitedCall call) throws InterruptedException {
		BudgetReservation reservation = (call.failure() == null) ? takeAtOnce(call.request()) : null;
		return (reservation != null) ? reservation : acquireLater(call);
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
		boolean repeated = call.failure() != null;
		BudgetReservation reservation = new BudgetReservation(this, call.request());
		long start = this.clock.nanos();
		try {
			Granted granted = ask(call, reservation, repeated, start);
			long waited = granted.atNanos() - start;
			this.listeners.onAcquire(this, call.request(), AcquireOutcome.ADMITTED, Math.max(0, waited));
			return reservation;
		}
		catch (LlmRateLimitExceededException ex) {
			notAdmitted(call, AcquireOutcome.of(ex.reason()), start);
			throw ex;
		}
		catch (InterruptedException ex) {
			notAdmitted(call, AcquireOutcome.INTERRUPTED, start);
			throw ex;
		}
		catch (CancellationException ex) {
			notAdmitted(call, AcquireOutcome.CANCELLED, start);
			throw ex;
		}
		finally {
			call.waited(this.clock.nanos() - start);
		}
	}

	private Granted ask(LimitedCall call, BudgetReservation reservation, boolean repeated, long now)
			throws InterruptedException {
		CallRequest request = call.request();
		Thread thread = Thread.currentThread();
		Waiter waiter = new Waiter(
				new Asked(model(), request.cost(), request.priority(), request.tenant(), call.maxWaitNanos()),
				reservation, repeated, call.arrival(), now + call.waitLeftNanos(), () -> LockSupport.unpark(thread));
		this.budget.askLater(waiter, call.takeDelay(now));
		try {
			Parking.awaitAnswer(waiter);
		}
		catch (InterruptedException ex) {
			this.budget.cancel(waiter);
			throw ex;
		}
		call.arrival(waiter.arrival);
		if (waiter.answer() instanceof Granted granted) {
			return granted;
		}
		if (waiter.answer() instanceof Refused refused) {
			throw new LlmRateLimitExceededException(refused.refusal(), refused.cause());
		}
		throw new CancellationException("The application stops: the call to '%s' was not made.".formatted(model()));
	}

	private void notAdmitted(LimitedCall call, AcquireOutcome outcome, long startNanos) {
		this.listeners.onAcquire(this, call.request(), outcome, this.clock.nanos() - startNanos);
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
	public String toString() {
		return "limiter of " + model() + " on " + this.budget.key();
	}

	/** A provider answered a call. */
	void onResponse(LimitedCall call, ProviderResponse response) {
		if (this.definition.mode() != LimiterMode.OFF) {
			this.runner.onResponse(call, response, null);
		}
	}

	/** What a failure means that no call of this limiter has seen. */
	@Nullable ProviderSignal read(Throwable failure) {
		return this.runner.read(this, failure);
	}

	boolean isProviderHost(String host) {
		return this.definition.isProviderHost(host);
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

	private LimitedCall newCall(CallRequest request) {
		return new LimitedCall(this, request, this.clock.nanos(), maxWaitNanos(request));
	}

	private long maxWaitNanos(CallRequest request) {
		return (request.maxWait() != null) ? Ticks.nanos(request.maxWait()) : this.defaultMaxWaitNanos;
	}

}
