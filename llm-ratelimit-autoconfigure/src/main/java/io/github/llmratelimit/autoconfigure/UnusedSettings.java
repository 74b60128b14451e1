package io.github.llmratelimit.autoconfigure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.apache.commons.logging.Log;

/*
 * The contract of the configuration is wider than what is there. A setting that is read,
 * checked and then does nothing would be believed in, so whoever sets one is told. A
 * setting that only asks for what happens anyway is not worth a word.
 */

/**
 * Warns of settings that are understood but have no effect yet. Whoever gives one its
 * effect takes it out here.
 */
final class UnusedSettings {

	private static final String OFF = "false";

	/** What is missing, by property; a value of "false" asks for nothing. */
	private static final Map<String, String> GENERAL = general();

	private UnusedSettings() {
	}

	/**
	 * Warns once of all of them.
	 * @param properties what is set
	 * @param log where to warn
	 */
	static void warn(TypedProperties properties, Log log) {
		List<String> unused = new ArrayList<>();
		GENERAL.forEach((property, missing) -> {
			TypedProperties.Typed typed = properties.contains(property) ? properties.find(property) : null;
			if (typed != null && !typed.value().equalsIgnoreCase(OFF)) {
				add(unused, properties, property, missing);
			}
		});
		if (!unused.isEmpty()) {
			log.warn("Understood, but without effect in this version: " + String.join("; ", unused));
		}
	}

	private static void add(List<String> unused, TypedProperties properties, String property, String missing) {
		unused.add("%s, %s".formatted(properties.place(property), missing));
	}

	private static Map<String, String> general() {
		Map<String, String> general = new LinkedHashMap<>();
		general.put("metrics.tenant-tag", "meters have no tag 'tenant'");
		general.put("metrics.max-tenants", "meters have no tag 'tenant'");
		general.put("web.problem-details", "refusals are answered as the application answers any exception");
		Map<String, String> prefixed = new LinkedHashMap<>();
		general.forEach((name, missing) -> prefixed.put(LlmRateLimitProperties.PREFIX + "." + name, missing));
		return prefixed;
	}

}
