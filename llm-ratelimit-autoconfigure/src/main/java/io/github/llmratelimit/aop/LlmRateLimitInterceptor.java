package io.github.llmratelimit.aop;

import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

/**
 * Makes the calls of limited methods through their limiter.
 */
final class LlmRateLimitInterceptor implements MethodInterceptor {

	/*
	 * Interception
	 *
	 * Problem. The advice runs around every call, also where nothing has to wait, so what
	 * it costs is what the limiter costs.
	 *
	 * Simple scheme: an @Aspect bound to the annotation, which parses its expressions in
	 * a fresh context per call. Binding alone costs 790 ns and 750 bytes a call; it needs
	 * AspectJ; it doesn't see annotations on interfaces.
	 *
	 * Chosen: an interceptor, whose method is found by two look-ups in maps. Whatever
	 * does not depend on the arguments was read when the bean was checked: annotation,
	 * limiter, parsed expressions, constants, and where all of it is constant the whole
	 * request. An attribute that names an argument is an array access. Only real
	 * expressions meet the expression language, with a context that is one object for the
	 * call and shares all else.
	 *
	 * Measured on JDK 17 over an interceptor that does nothing (36 ns, 72 bytes), with a
	 * limiter that admits at once: all constant + 20 ns and 144 bytes, most of it the
	 * clone of the invocation that a repeated attempt would need; two arguments by name +
	 * 45 ns; #n * 2 + 100 ns; two expressions with properties and a method + 530 ns.
	 */

	private final LimitedMethods methods;

	LlmRateLimitInterceptor(LimitedMethods methods) {
		this.methods = methods;
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		Object target = invocation.getThis();
		LimitedMethod method = (target != null) ? this.methods.find(invocation.getMethod(), target) : null;
		return (method != null) ? method.call(invocation) : invocation.proceed();
	}

}
