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
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.ProxyMethodInvocation;

/**
 * A limited method with everything that can be known before a call.
 *
 * @param limiter whose limits its calls keep to
 * @param cost what they take
 * @param terms how urgent they are, for whom, and how long they wait
 * @param fallback who answers instead, if anybody does
 * @param constant the request of every call, {@code null} if it depends on the arguments
 */
record LimitedMethod(LimiterSource limiter, CallCost cost, Terms terms, @Nullable FallbackMethods fallback,
		@Nullable CallRequest constant) {

	LimitedMethod(LimiterSource limiter, CallCost cost, Terms terms, @Nullable FallbackMethods fallback) {
		this(limiter, cost, terms, fallback, constant(cost, terms));
	}

	private static @Nullable CallRequest constant(CallCost cost, Terms terms) {
		Cost constant = cost.constant();
		return (constant != null && terms.areConstant()) ? terms.request(constant, new Object[0]) : null;
	}

	/** Makes one call of the method. */
	@Nullable Object call(MethodInvocation invocation) throws Throwable {
		@Nullable Object[] arguments = invocation.getArguments();
		LlmRateLimiter limiter = this.limiter.of(arguments);
		CallRequest request = (this.constant != null) ? this.constant
				: this.terms.request(this.cost.of(limiter, arguments), arguments);
		Body body = new Body(invocation);
		try {
			return limiter.call(request, body);
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
	 */
	record Terms(Attribute<Priority> priority, Attribute<String> tenant, Attribute<Duration> maxWait) {

		boolean areConstant() {
			return this.priority.isConstant() && this.tenant.isConstant() && this.maxWait.isConstant();
		}

		CallRequest request(Cost cost, @Nullable Object[] arguments) {
			Priority stated = this.priority.of(arguments);
			return new CallRequest(cost, (stated != null) ? stated : Priority.NORMAL, this.tenant.of(arguments),
					this.maxWait.of(arguments));
		}

	}

	private static final class Body implements Callable<@Nullable Object> {

		private final MethodInvocation invocation;

		private @Nullable Throwable failure;

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
