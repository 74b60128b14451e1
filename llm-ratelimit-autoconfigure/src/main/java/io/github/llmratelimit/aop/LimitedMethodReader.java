package io.github.llmratelimit.aop;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.aop.LimitedMethod.Terms;
import io.github.llmratelimit.engine.ReturnTypeAdapter;
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

	private final Surroundings surroundings;

	private final LongAdder failures = new LongAdder();

	LimitedMethodReader(AttributeReader attributeReader, Supplier<LlmRateLimiterRegistry> registry,
			Supplier<TokenEstimator> estimator, Surroundings surroundings) {
		this.surroundings = surroundings;
		this.attributeReader = attributeReader;
		this.registry = registry;
		this.estimator = estimator;
	}

	LimitedMethod read(AnnotatedMethod method) {
		ReturnTypeAdapter adapter = new ReturnTypes(this.surroundings.adapters()).adapter(method);
		MethodAttributes attributes = new MethodAttributes(method, this.attributeReader,
				new AttributeFailures(method, this.failures));
		LimiterSource limiter = new LimiterSource(attributes, this.registry.get());
		CallCost cost = new CallCost(attributes, this.estimator.get(), this.surroundings.learned());
		boolean saysTenant = attributes.value(MethodAttributes.TENANT) != null;
		Terms terms = new Terms(Attribute.read(attributes, MethodAttributes.PRIORITY, Conversions::priority),
				Attribute.read(attributes, MethodAttributes.TENANT, Conversions::tenant),
				Attribute.read(attributes, MethodAttributes.MAX_WAIT, Conversions::duration),
				saysTenant ? null : this.surroundings.tenants());
		FallbackMethods fallback = FallbackMethods.find(attributes);
		Fallbacks models = Fallbacks.read(attributes, this.attributeReader, this.registry.get());
		if (cost.countsNothing()) {
			logger.warn(("%s has no argument whose tokens can be counted: each call is booked as one request and the "
					+ "model's default output. State 'tokens' in its @LlmRateLimited.")
				.formatted(method));
		}
		return new LimitedMethod(limiter, cost, terms, models, fallback, adapter);
	}

	/** How often an attribute could not be used by a call. */
	long failures() {
		return this.failures.sum();
	}

}
