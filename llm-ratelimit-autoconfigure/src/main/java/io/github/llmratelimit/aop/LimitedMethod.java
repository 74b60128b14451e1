package io.github.llmratelimit.aop;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.LlmRateLimitExceededException;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.Priority;
import io.github.llmratelimit.UnknownLlmModelException;
import io.github.llmratelimit.engine.ReturnTypeAdapter;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.ProxyMethodInvocation;

/**
 * A limited method with everything that can be known before a call.
 *
 * @param limiter whose limits its calls keep to
 * @param cost what they take
 * @param terms how urgent they are, for whom, and how long they wait
 * @param models which other models they may have
 * @param fallback who answers instead, if anybody does
 * @param adapter limits what goes on when the method has returned, {@code null} if it
 * returns when its work is done
 * @param constant the request of every call, {@code null} if it depends on the arguments
 */
record LimitedMethod(LimiterSource limiter, CallCost cost, Terms terms, Fallbacks models,
		@Nullable FallbackMethods fallback, @Nullable ReturnTypeAdapter adapter, @Nullable CallRequest constant) {

	/** Request of a call whose limiter is not even known. */
	private static final CallRequest NOTHING = CallRequest.of(new Cost(0, 0, 0, false));

	LimitedMethod(LimiterSource limiter, CallCost cost, Terms terms, Fallbacks models,
			@Nullable FallbackMethods fallback, @Nullable ReturnTypeAdapter adapter) {
		this(limiter, cost, terms, models, fallback, adapter, constant(cost, terms));
	}

	private static @Nullable CallRequest constant(CallCost cost, Terms terms) {
		Cost constant = cost.constant();
		return (constant != null && terms.areConstant()) ? terms.request(ExpectedCost.stated(constant), new Object[0])
				: null;
	}

	/** Makes one call of the method. */
	@Nullable Object call(MethodInvocation invocation) throws Throwable {
		if (this.adapter != null) {
			return this.adapter.adapt(invocation.getMethod().getReturnType(), later(invocation));
		}
		@Nullable Object[] arguments = invocation.getArguments();
		LlmRateLimiter own = this.limiter.of(arguments);
		CallRequest request = request(own, arguments);
		LlmRateLimiter chosen = this.models.areNone(own) ? own : this.models.choose(own, request, arguments);
		Body body = new Body(invocation);
		try {
			return chosen.call(request, body);
		}
		catch (InterruptedException ex) {
			throw (ex == body.failure) ? ex : interrupted(invocation, ex);
		}
		catch (Exception ex) {
			boolean failed = body.failure != null || ex instanceof LlmRateLimitExceededException;
			if (failed && this.fallback != null) {
				return this.fallback.answer(invocation.getThis(), arguments, ex);
			}
			throw ex;
		}
	}

	private CallRequest request(LlmRateLimiter own, @Nullable Object[] arguments) {
		return (this.constant != null) ? this.constant : this.terms.request(this.cost.of(own, arguments), arguments);
	}

	/**
	 * A call that begins when its adapter says so. What it costs, and for whom it is, is
	 * read now, on the thread of the caller; which model it gets, then.
	 */
	private ReturnTypeAdapter.Call later(MethodInvocation invocation) {
		@Nullable Object[] arguments = invocation.getArguments();
		Body body = new Body(invocation);
		LlmRateLimiter own;
		try {
			own = this.limiter.of(arguments);
		}
		catch (UnknownLlmModelException ex) { // told where all failures of the call are
			return new ReturnTypeAdapter.Call(() -> {
				throw ex;
			}, NOTHING, body, null);
		}
		CallRequest request = request(own, arguments);
		FallbackMethods methods = this.fallback;
		ReturnTypeAdapter.Fallback answer = (methods == null) ? null : (failure) -> {
			boolean failed = body.failure != null || !(failure instanceof CancellationException);
			if (failed && failure instanceof Exception exception) {
				return methods.answer(invocation.getThis(), arguments, exception);
			}
			throw failure;
		};
		return new ReturnTypeAdapter.Call(this.models.later(own, request, arguments), request, body, answer);
	}

	/** A method that doesn't declare the interruption must not throw it. */
	private static Exception interrupted(MethodInvocation invocation, InterruptedException ex) {
		boolean declared = Arrays.stream(invocation.getMethod().getExceptionTypes())
			.anyMatch((type) -> type.isAssignableFrom(InterruptedException.class));
		if (declared) {
			return ex;
		}
		Thread.currentThread().interrupt();
		CancellationException cancelled = new CancellationException(
				"Interrupted while waiting for budget, before %s was called."
					.formatted(invocation.getMethod().getName()));
		cancelled.initCause(ex);
		return cancelled;
	}

	/**
	 * How urgent calls are, for whom, and how long they wait.
	 *
	 * @param priority how urgent
	 * @param tenant for whom
	 * @param maxWait how long they wait
	 * @param tenants says for whom, where {@code tenant} is not stated and somebody knows
	 */
	record Terms(Attribute<Priority> priority, Attribute<String> tenant, Attribute<Duration> maxWait,
			@Nullable TenantSource tenants) {

		boolean areConstant() {
			return this.tenants == null && this.priority.isConstant() && this.tenant.isConstant()
					&& this.maxWait.isConstant();
		}

		CallRequest request(ExpectedCost expected, @Nullable Object[] arguments) {
			Priority stated = this.priority.of(arguments);
			String whom = (this.tenants != null) ? this.tenants.currentTenant() : this.tenant.of(arguments);
			return new CallRequest(expected.cost(), (stated != null) ? stated : Priority.NORMAL, whom,
					this.maxWait.of(arguments), expected.listener());
		}

	}

	private static final class Body implements Callable<@Nullable Object> {

		private final MethodInvocation invocation;

		private volatile @Nullable Throwable failure;

		Body(MethodInvocation invocation) {
			this.invocation = invocation;
		}

		@Override
		public @Nullable Object call() throws Exception {
			try {
				// a clone for each attempt, since an invocation can proceed only once
				MethodInvocation attempt = (this.invocation instanceof ProxyMethodInvocation proxied)
						? proxied.invocableClone() : this.invocation;
				return attempt.proceed();
			}
			catch (Throwable ex) {
				this.failure = ex;
				throw Body.<RuntimeException>sneaky(ex);
			}
		}

		@SuppressWarnings("unchecked")
		private static <E extends Throwable> E sneaky(Throwable failure) throws E {
			throw (E) failure;
		}

	}

}
