package io.github.llmratelimit.autoconfigure.properties;

import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the metadata by which editors complete and explain our properties.
 */
class ConfigurationMetadataTests {

	private static final Set<String> WITHOUT_DEFAULT = Set.of("llm.ratelimit.models", "llm.ratelimit.providers",
			"llm.ratelimit.queue.guard", "llm.ratelimit.providers.generic.hosts");

	@ParameterizedTest
	@MethodSource("properties")
	void propertyIsDescribed(JsonNode property) {
		assertThat(property.path("description").asString("")).isNotBlank()
			.doesNotStartWithIgnoringCase("the ")
			.doesNotStartWithIgnoringCase("a ");
	}

	@ParameterizedTest
	@MethodSource("properties")
	void propertyHasItsDefaultUnlessItHasNone(JsonNode property) {
		String name = property.path("name").asString();
		assertThat(property.has("defaultValue")).isNotEqualTo(
				WITHOUT_DEFAULT.contains(name) || name.startsWith("llm.ratelimit.tenants.") || name.endsWith(".tier"));
	}

	@ParameterizedTest
	@CsvSource({ "queue.max-wait, 90s", "queue.capacity, 10000", "retry.max-attempts, 6", "retry.max-elapsed, 180s",
			"mode, enforce", "retry.jitter, 0.25", "queue.ageing, 30s", "queue.backfill, 4",
			"throttle.low-watermark, 0.2", "task-queue.workers, 16", "task-queue.capacity, 100000",
			"learning.credit, true", "metrics.tenant-tag, false", "metrics.max-tenants, 100",
			"web.problem-details, true", "store, local" })
	void propertyHasTheDefaultThatIsPromised(String name, String value) {
		JsonNode property = properties()
			.filter((candidate) -> candidate.path("name").asString().equals("llm.ratelimit." + name))
			.findFirst()
			.orElseThrow();
		assertThat(property.path("defaultValue").asString()).isEqualTo(value);
	}

	static Stream<JsonNode> properties() {
		return Metadata.properties();
	}

}
