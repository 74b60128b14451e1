package io.github.llmratelimit.aop;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

import io.github.llmratelimit.LlmRateLimited;
import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.aop.AttributeValue.Constant;
import io.github.llmratelimit.aop.LimitedMethod.Terms;
import io.github.llmratelimit.tokens.TokenEstimator;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Reads an annotation into what its calls need, and refuses what can't ever work.
 */
final class LimitedMethodReader {

	private static final Log logger = LogFactory.getLog(LimitedMethodReader.class);

	private final AttributeReader attributeReader;

	private final Supplier<LlmRateLimiterRegistry> registry;

	private final Supplier<TokenEstimator> estimator;

	private final LongAdder failures = new LongAdder();

	LimitedMethodReader(AttributeReader attributeReader, Supplier<LlmRateLimiterRegistry> registry,
			Supplier<TokenEstimator> estimator) {
		this.attributeReader = attributeReader;
		this.registry = registry;
		this.estimator = estimator;
	}

	LimitedMethod read(AnnotatedMethod method) {
		ReturnTypes.requireSynchronous(method);
		MethodAttributes attributes = new MethodAttributes(method, this.attributeReader,
				new AttributeFailures(method, this.failures));
		LimiterSource limiter = new LimiterSource(attributes, this.registry.get());
		CallCost cost = new CallCost(attributes, this.estimator.get());
		Terms terms = new Terms(Attribute.read(attributes, MethodAttributes.PRIORITY, Conversions::priority),
				Attribute.read(attributes, MethodAttributes.TENANT, Conversions::tenant),
				Attribute.read(attributes, MethodAttributes.MAX_WAIT, Conversions::duration));
		FallbackMethods fallback = FallbackMethods.find(attributes);
		readFallbackModels(attributes);
		if (cost.countsNothing()) {
			logger.warn(("%s has no argument whose tokens can be counted: each call is booked as one request and the "
					+ "model's default output. State 'tokens' in its @LlmRateLimited.")
				.formatted(method));
		}
		return new LimitedMethod(limiter, cost, terms, fallback);
	}

	/** How often an attribute could not be used by a call. */
	long failures() {
		return this.failures.sum();
	}

	/** Checked like the rest, so that nothing breaks on the day that they take effect. */
	private void readFallbackModels(MethodAttributes attributes) {
		AnnotatedMethod method = attributes.method();
		LlmRateLimited annotation = method.annotation();
		MethodVariables variables = new MethodVariables(method);
		for (String model : annotation.fallbackModels()) {
			this.attributeReader.read(method, variables, MethodAttributes.FALLBACK_MODELS, model).ifPresent((value) -> {
				if (value instanceof Constant name) {
					LimiterSource.limiter(method, MethodAttributes.FALLBACK_MODELS, name.text(), this.registry.get());
				}
			});
		}
		Attribute.read(attributes, MethodAttributes.FALLBACK_AFTER, Conversions::duration);
		if (annotation.fallbackModels().length != 0 || !annotation.fallbackAfter().isBlank()) {
			logger.warn(("fallbackModels and fallbackAfter of %s have no effect yet: its calls wait for '%s' alone. "
					+ "Use fallbackMethod until a later version tries other models.")
				.formatted(method, annotation.model().isBlank() ? annotation.value() : annotation.model()));
		}
	}

}
