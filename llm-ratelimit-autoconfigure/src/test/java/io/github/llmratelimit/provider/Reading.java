package io.github.llmratelimit.provider;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Short ways to read a response in tests.
 */
final class Reading {

	static final Instant NOW = Instant.parse("2026-10-15T12:00:00Z");

	private Reading() {
	}

	static ProviderSignal read(String dialect, int status, String body, String... headers) {
		return ProviderDialects.named(dialect).read(new ProviderResponse(status, fields(headers), body), NOW);
	}

	/**
	 * Create fields from names and values in turn; a name may occur more than once.
	 */
	static HttpFields fields(String... headers) {
		Map<String, List<String>> lines = new LinkedHashMap<>();
		for (int i = 0; i < headers.length; i += 2) {
			lines.computeIfAbsent(headers[i], (name) -> new ArrayList<>()).add(headers[i + 1]);
		}
		return HttpFields.of(lines);
	}

}
