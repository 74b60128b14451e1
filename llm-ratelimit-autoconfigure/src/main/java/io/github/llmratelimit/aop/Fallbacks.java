package io.github.llmratelimit.aop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.aop.AttributeValue.Constant;
import org.jspecify.annotations.Nullable;

/**
 * The models that a method's calls may have instead of its own.
 */
final class Fallbacks {

	private final LlmRateLimiterRegistry registry;

	private final List<AttributeValue> models;

	private final Attribute<Duration> after;

	private final AttributeFailures failures;

	private Fallbacks(LlmRateLimiterRegistry registry, List<AttributeValue> models, Attribute<Duration> after,
			AttributeFailures failures) {
		this.registry = registry;
		this.models = models;
		this.after = after;
		this.failures = failures;
	}

	/**
	 * Reads the attributes.
	 * @param attributes the attributes of the method
	 * @param reader reads texts
	 * @param registry the limiters
	 * @return the models; none of them where only the configuration names some
	 * @throws InvalidLlmRateLimitedException if they can't ever work
	 */
	static Fallbacks read(MethodAttributes attributes, AttributeReader reader, LlmRateLimiterRegistry registry) {
		AnnotatedMethod method = attributes.method();
		MethodVariables variables = new MethodVariables(method);
		List<AttributeValue> models = new ArrayList<>();
		for (String model : method.annotation().fallbackModels()) {
			reader.read(method, variables, MethodAttributes.FALLBACK_MODELS, model).ifPresent((value) -> {
				if (value instanceof Constant name) {
					LimiterSource.limiter(method, MethodAttributes.FALLBACK_MODELS, name.text(), registry);
				}
				models.add(value);
			});
		}
		return new Fallbacks(registry, models,
				Attribute.read(attributes, MethodAttributes.FALLBACK_AFTER, Conversions::duration),
				attributes.failures());
	}

	/** Whether calls of a model have no other to go to. */
	boolean areNone(LlmRateLimiter limiter) {
		return this.models.isEmpty() && limiter.defaults().fallbackModels().isEmpty();
	}

	/**
	 * Chooses the limiter of one call, now.
	 * @param limiter the limiter of the method's own model
	 */
	LlmRateLimiter choose(LlmRateLimiter limiter, CallRequest request, @Nullable Object[] arguments) {
		List<String> names = new ArrayList<>();
		names.add(limiter.model());
		for (AttributeValue model : this.models) {
			String name = name(model, arguments);
			if (name != null) {
				names.add(name);
			}
		}
		return this.registry.choose(names, request, this.after.of(arguments));
	}

	/** A broken name must not fail a call that may do without it. */
	private @Nullable String name(AttributeValue model, @Nullable Object[] arguments) {
		if (model instanceof Constant constant) {
			return constant.text();
		}
		String problem = "names no known model";
		Throwable cause = null;
		try {
			Object name = Conversions.unwrap(model.of(arguments));
			if (name != null && this.registry.find(name.toString()).isPresent()) {
				return name.toString();
			}
		}
		catch (RuntimeException ex) {
			problem = String.valueOf(ex.getMessage());
			cause = ex;
		}
		this.failures.add(MethodAttributes.FALLBACK_MODELS, problem, "the call does without it", cause);
		return null;
	}

	/** The choice, put off until the call begins. */
	Supplier<LlmRateLimiter> later(LlmRateLimiter limiter, CallRequest request, @Nullable Object[] arguments) {
		return areNone(limiter) ? () -> limiter : () -> choose(limiter, request, arguments);
	}

}
