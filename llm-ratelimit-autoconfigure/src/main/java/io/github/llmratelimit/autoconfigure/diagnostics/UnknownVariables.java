package io.github.llmratelimit.autoconfigure.diagnostics;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.apache.commons.logging.Log;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * Warns of environment variables and system properties that look like ours and mean
 * nothing. Boot refuses to start with an unknown property in a file, but not with one of
 * these, since others may have set them.
 */
public final class UnknownVariables {

	private UnknownVariables() {
	}

	/**
	 * Warns once of all of them.
	 * @param properties what is set
	 * @param bound names of all properties that mean something
	 * @param keys keys that maps have or could have, by name of the map
	 * @param log where to warn
	 */
	public static void warn(TypedProperties properties, Set<ConfigurationPropertyName> bound,
			Map<String, Collection<String>> keys, Log log) {
		List<String> known = PropertyTree.names(keys);
		Set<String> used = new HashSet<>();
		bound.forEach((name) -> used.addAll(properties.typedAnywhere(name)));
		TreeMap<String, String> unknown = new TreeMap<>();
		properties.forEach((typed) -> {
			Collection<String> names = typed.isVariable() ? variables(known) : known;
			// one that is known may go unused, if it is there in another form, too
			if (typed.mayBeUnknown() && !used.contains(typed.name()) && !names.contains(typed.name())) {
				unknown.put(typed.name(), hint(typed.name(), names));
			}
		});
		if (!unknown.isEmpty()) {
			log.warn("Ignored, since no property of 'llm.ratelimit' is meant: " + String.join("; ", unknown.values()));
		}
	}

	private static String hint(String name, Collection<String> known) {
		String closest = Suggestions.closest(name, known);
		return (closest != null) ? "%s (did you mean %s?)".formatted(name, closest) : name;
	}

	private static List<String> variables(Collection<String> names) {
		return names.stream().map((name) -> name.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_")).toList();
	}

}
