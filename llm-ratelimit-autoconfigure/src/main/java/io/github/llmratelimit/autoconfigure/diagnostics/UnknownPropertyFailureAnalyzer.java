package io.github.llmratelimit.autoconfigure.diagnostics;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.llmratelimit.autoconfigure.diagnostics.NameElements.Element;
import io.github.llmratelimit.autoconfigure.diagnostics.PropertyTree.Unknown;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.annotation.Order;

/**
 * Says of a property under our prefix that doesn't exist which one could be meant. Goes
 * before Boot's own analyzer, which only lists what was left unbound.
 */
@Order(0)
final class UnknownPropertyFailureAnalyzer extends AbstractFailureAnalyzer<UnboundConfigurationPropertiesException> {

	private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of(LlmRateLimitProperties.PREFIX);

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, UnboundConfigurationPropertiesException cause) {
		Map<String, String> problems = new LinkedHashMap<>();
		Set<String> actions = new LinkedHashSet<>();
		for (ConfigurationProperty property : cause.getUnboundProperties()) {
			if (!ROOT.isAncestorOf(property.getName())) {
				return null;
			}
			add(property, problems, actions);
		}
		return new FailureAnalysis(String.join("\n\n", problems.values()), String.join("\n\n", actions), cause);
	}

	private void add(ConfigurationProperty property, Map<String, String> problems, Set<String> actions) {
		String typed = Origins.typedName(property);
		List<Element> elements = NameElements.of(typed);
		int prefix = ROOT.getNumberOfElements();
		Unknown unknown = PropertyTree.findUnknown(elements.subList(prefix, elements.size()));
		int index = (unknown != null) ? prefix + unknown.index() : elements.size() - 1;
		String where = Origins.where(property);
		String name = NameElements.join(elements, index + 1);
		if (unknown != null && unknown.dottedKey() != null) {
			problems.putIfAbsent(name, "The key '%s' in '%s'%s can't be read: to Spring Boot, a dot ends it."
				.formatted(unknown.dottedKey().text(), typed, where));
			actions.add(unknown.dottedKey().form());
			return;
		}
		String parent = NameElements.join(elements, index);
		if (unknown == null || unknown.known().isEmpty()) {
			problems.putIfAbsent(parent, "'%s'%s can't have properties of its own.".formatted(parent, where));
			actions.add("Write a single value, or if it is a list, entries that begin with '-'.");
			return;
		}
		problems.putIfAbsent(name, "There is no property '%s'%s.".formatted(name, where));
		String closest = Suggestions.closest(elements.get(index).text(), unknown.known());
		actions.add(((closest != null) ? "Did you mean '%s.%s'? ".formatted(parent, closest) : "")
				+ "Properties of '%s' are: %s.".formatted(parent, String.join(", ", unknown.known())));
	}

}
