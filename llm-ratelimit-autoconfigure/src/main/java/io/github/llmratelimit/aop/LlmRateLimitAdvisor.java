package io.github.llmratelimit.aop;

import java.lang.reflect.Method;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

import io.github.llmratelimit.LlmRateLimited;
import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.tokens.TokenEstimator;
import org.aopalliance.aop.Advice;

import org.springframework.aop.ClassFilter;
import org.springframework.aop.Pointcut;
import org.springframework.aop.PointcutAdvisor;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.Ordered;

/**
 * Applies limits to the methods that carry {@link LlmRateLimited}, themselves, by their
 * type, or by an interface. Must be a bean with the role of infrastructure: without
 * AspectJ no other advisor is applied.
 * <p>
 * Not promised: a method that calls another one of its own object doesn't pass the proxy,
 * so that call isn't limited.
 */
public final class LlmRateLimitAdvisor implements PointcutAdvisor, Ordered {

	private final AnnotatedTypes types = new AnnotatedTypes();

	private final LimitedMethodReader reader;

	private final LimitedMethods methods;

	private final IntSupplier order;

	private final Pointcut pointcut;

	private final Advice advice;

	/**
	 * Creates the advisor. Nothing that is supplied is asked for before the first limited
	 * bean is created, so that the advisor itself draws no bean into being too early.
	 * @param beanFactory the beans and properties that attributes may name
	 * @param registry the limiters
	 * @param estimator counts the tokens of prompts
	 * @param order where the advice stands among other advice; lower is further outside
	 */
	public LlmRateLimitAdvisor(ConfigurableBeanFactory beanFactory, Supplier<LlmRateLimiterRegistry> registry,
			Supplier<TokenEstimator> estimator, IntSupplier order) {
		this.reader = new LimitedMethodReader(new AttributeReader(beanFactory), registry, estimator,
				new Surroundings(beanFactory));
		this.methods = new LimitedMethods(this.types, this.reader);
		this.order = order;
		this.pointcut = new LimitedPointcut(this.types);
		this.advice = new LlmRateLimitInterceptor(this.methods);
	}

	@Override
	public Pointcut getPointcut() {
		return this.pointcut;
	}

	@Override
	public Advice getAdvice() {
		return this.advice;
	}

	@Override
	public int getOrder() {
		return this.order.getAsInt();
	}

	/**
	 * Returns how often a call had to do without the value of an attribute, because its
	 * expression failed or its result made no sense.
	 * @return the count since the start
	 */
	public long failures() {
		return this.reader.failures();
	}

	AnnotatedTypes types() {
		return this.types;
	}

	LimitedMethods methods() {
		return this.methods;
	}

	private static final class LimitedPointcut extends StaticMethodMatcherPointcut {

		private final AnnotatedTypes types;

		LimitedPointcut(AnnotatedTypes types) {
			this.types = types;
			setClassFilter(new LimitedTypes(types));
		}

		@Override
		public boolean matches(Method method, Class<?> targetClass) {
			return this.types.find(method, targetClass) != null;
		}

	}

	private record LimitedTypes(AnnotatedTypes types) implements ClassFilter {

		@Override
		public boolean matches(Class<?> type) {
			return this.types.isLimited(type);
		}

	}

}
