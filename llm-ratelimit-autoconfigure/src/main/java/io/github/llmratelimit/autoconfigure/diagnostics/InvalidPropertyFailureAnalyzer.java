package io.github.llmratelimit.autoconfigure.diagnostics;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import io.github.llmratelimit.autoconfigure.diagnostics.NameElements.Element;
import io.github.llmratelimit.autoconfigure.diagnostics.TypedProperties.Typed;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Says of a value under our prefix that isn't of its property's type what to write
 * instead. Goes before Boot's own analyzer, which tells of types and converters.
 */
@Order(0)
final class InvalidPropertyFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

	private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of(LlmRateLimitProperties.PREFIX);

	private final TypedProperties properties;

	InvalidPropertyFailureAnalyzer(Environment environment) {
		this.properties = TypedProperties.of(environment);
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
		boolean ours = ROOT.equals(cause.getName()) || ROOT.isAncestorOf(cause.getName());
		Typed typed = ours ? this.properties.find(cause.getName().toString()) : null;
		if (typed == null || cause.getCause() instanceof UnboundConfigurationPropertiesException) {
			return null;
		}
		Class<?> type = cause.getTarget().getType().resolve(Object.class);
		String value = typed.value();
		if (type.isRecord() || Map.class.isAssignableFrom(type)) {
			return analyzeEntry(typed, value, cause);
		}
		return new FailureAnalysis("Invalid value '%s' for configuration property '%s'%s: must be %s.".formatted(value,
				typed.name(), typed.where(), expected(type)), valueAction(value, type), cause);
	}

	private static FailureAnalysis analyzeEntry(Typed typed, String value, BindException cause) {
		for (Element element : NameElements.of(typed.name())) {
			if (!element.isKept()) {
				// dropped as a whole, so that what is below it took its place
				ConfigurationMistakeException dropped = KeyCheck.dropped(typed, element);
				return new FailureAnalysis(dropped.getMessage(), dropped.action(), cause);
			}
		}
		return new FailureAnalysis(
				"'%s'%s is %s, but has to have properties of its own.".formatted(typed.name(), typed.where(),
						value.isEmpty() ? "empty" : "the value '" + value + "'"),
				"Indent its properties below it, or remove it."
						+ (typed.canonical().toString().startsWith(LlmRateLimitProperties.MODELS)
								? " A model needs no entry if its provider's tier grants it." : ""),
				cause);
	}

	private static String expected(Class<?> type) {
		if (type.isEnum()) {
			return "one of " + String.join(", ", ids(type));
		}
		if (type == Duration.class) {
			return "a duration";
		}
		if (type == boolean.class || type == Boolean.class) {
			return "true or false";
		}
		return (type == int.class || type == Integer.class) ? "a whole number"
				: (type == double.class) ? "a number" : "a " + type.getSimpleName().toLowerCase(Locale.ROOT);
	}

	private static String valueAction(String value, Class<?> type) {
		if (type == Duration.class) {
			return "Write a number with a unit, e.g. 500ms, 90s or 5m.";
		}
		String closest = type.isEnum() ? Suggestions.closest(value, ids(type)) : null;
		return (closest != null) ? "Did you mean '%s'?".formatted(closest) : "Correct the value.";
	}

	private static List<String> ids(Class<?> type) {
		return Stream.of(type.getEnumConstants())
			.map((constant) -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'))
			.toList();
	}

}
