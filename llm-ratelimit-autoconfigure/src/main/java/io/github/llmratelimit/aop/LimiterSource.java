package io.github.llmratelimit.aop;

import java.util.List;

import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.UnknownLlmModelException;
import io.github.llmratelimit.aop.AttributeValue.Constant;
import org.jspecify.annotations.Nullable;

/**
 * The limiter of a method's calls, from {@code model}: found once where the name is
 * constant, else by each call.
 */
final class LimiterSource {

	private final AttributeValue model;

	private final LlmRateLimiterRegistry registry;

	private final @Nullable LlmRateLimiter constant;

	LimiterSource(MethodAttributes attributes, LlmRateLimiterRegistry registry) {
		AttributeValue value = attributes.value(MethodAttributes.MODEL);
		if (value == null) {
			throw attributes.method()
				.invalid(MethodAttributes.MODEL, "", "no model is stated.",
						"Name one of those under llm.ratelimit.models: @LlmRateLimited(model = \"…\").");
		}
		this.model = value;
		this.registry = registry;
		this.constant = (value instanceof Constant name)
				? limiter(attributes.method(), MethodAttributes.MODEL, name.text(), registry) : null;
	}

	/**
	 * Finds a limiter while the application starts.
	 * @param method whose attribute it is
	 * @param attribute the attribute that names the model
	 * @param model the model's name
	 * @param registry where to look
	 * @return the limiter
	 * @throws InvalidLlmRateLimitedException if there is none
	 */
	static LlmRateLimiter limiter(AnnotatedMethod method, String attribute, String model,
			LlmRateLimiterRegistry registry) {
		try {
			return registry.limiter(model);
		}
		catch (UnknownLlmModelException ex) {
			throw method.invalid(attribute, model, "no such model.", String.valueOf(ex.getMessage()), ex);
		}
	}

	/**
	 * The limiter of one call.
	 * @param arguments the call's arguments
	 * @return the limiter
	 * @throws UnknownLlmModelException if the expression names no known model; without a
	 * model there is no limit, and a call without limit must not pass
	 */
	LlmRateLimiter of(@Nullable Object[] arguments) {
		if (this.constant != null) {
			return this.constant;
		}
		Object name;
		try {
			name = Conversions.unwrap(this.model.of(arguments));
		}
		catch (RuntimeException ex) {
			throw (UnknownLlmModelException) unknown("?").initCause(ex);
		}
		if (name == null) {
			throw unknown("null");
		}
		return this.registry.limiter(name.toString());
	}

	private UnknownLlmModelException unknown(String name) {
		List<String> known = this.registry.limiters().stream().map(LlmRateLimiter::model).toList();
		return new UnknownLlmModelException(name, known);
	}

}
