package io.github.llmratelimit.provider;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The bundled dialects.
 */
public final class ProviderDialects {

	private static final Map<String, ProviderDialect> DIALECTS = dialects();

	private ProviderDialects() {
	}

	/**
	 * Return a dialect by its name.
	 * @param name one of {@link #names()}
	 * @return the dialect
	 * @throws IllegalArgumentException if there is no such dialect; the message lists all
	 */
	public static ProviderDialect named(String name) {
		ProviderDialect dialect = DIALECTS.get(name);
		if (dialect == null) {
			throw new IllegalArgumentException(
					"Invalid dialect (%s): must be one of %s".formatted(name, String.join(", ", names())));
		}
		return dialect;
	}

	/**
	 * Return the names of all bundled dialects.
	 * @return the names, unmodifiable
	 */
	public static Set<String> names() {
		return DIALECTS.keySet();
	}

	private static Map<String, ProviderDialect> dialects() {
		Map<String, ProviderDialect> dialects = new LinkedHashMap<>();
		BundledDialects.ALL.forEach((table) -> dialects.put(table.name(), new TableDialect(table)));
		return Collections.unmodifiableMap(dialects);
	}

}
