package io.github.llmratelimit.aop;

import java.util.HashMap;
import java.util.Map;

import io.github.llmratelimit.LlmRateLimited;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of one method, parsed.
 */
final class MethodAttributes {

	static final String MODEL = "model";

	static final String TOKENS = "tokens";

	static final String MAX_OUTPUT_TOKENS = "maxOutputTokens";

	static final String TENANT = "tenant";

	static final String PRIORITY = "priority";

	static final String MAX_WAIT = "maxWait";

	static final String FALLBACK_MODELS = "fallbackModels";

	static final String FALLBACK_AFTER = "fallbackAfter";

	static final String FALLBACK_METHOD = "fallbackMethod";

	private final AnnotatedMethod method;

	private final AttributeFailures failures;

	private final Map<String, AttributeValue> values = new HashMap<>();

	MethodAttributes(AnnotatedMethod method, AttributeReader reader, AttributeFailures failures) {
		this.method = method;
		this.failures = failures;
		MethodVariables variables = new MethodVariables(method);
		LlmRateLimited annotation = method.annotation();
		reader.read(method, variables, MODEL, model(method)).ifPresent((value) -> this.values.put(MODEL, value));
		Map<String, String> texts = Map.of(TOKENS, annotation.tokens(), MAX_OUTPUT_TOKENS, annotation.maxOutputTokens(),
				TENANT, annotation.tenant(), PRIORITY, annotation.priority(), MAX_WAIT, annotation.maxWait(),
				FALLBACK_AFTER, annotation.fallbackAfter(), FALLBACK_METHOD, annotation.fallbackMethod());
		texts.forEach((name, text) -> reader.read(method, variables, name, text)
			.ifPresent((value) -> this.values.put(name, value)));
	}

	private static String model(AnnotatedMethod method) {
		LlmRateLimited annotation = method.annotation();
		if (annotation.model().isBlank() || annotation.model().equals(annotation.value())) {
			return annotation.value();
		}
		if (!annotation.value().isBlank()) {
			throw method.invalid(MODEL, annotation.model(),
					"value names another model (%s).".formatted(annotation.value()),
					"State either model or value; they mean the same.");
		}
		return annotation.model();
	}

	AnnotatedMethod method() {
		return this.method;
	}

	AttributeFailures failures() {
		return this.failures;
	}

	/**
	 * An attribute's value.
	 * @param name the attribute's name
	 * @return the value, {@code null} if it isn't stated
	 */
	@Nullable AttributeValue value(String name) {
		return this.values.get(name);
	}

}
