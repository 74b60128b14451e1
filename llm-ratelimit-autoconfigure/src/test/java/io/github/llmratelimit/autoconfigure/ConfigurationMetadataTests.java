package io.github.llmratelimit.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties;
import io.github.llmratelimit.provider.ProviderDialects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the metadata by which editors complete and explain our properties.
 */
class ConfigurationMetadataTests {

	private static final Set<String> WITHOUT_DEFAULT = Set.of("llm.ratelimit.models", "llm.ratelimit.providers",
			"llm.ratelimit.queue.guard", "llm.ratelimit.providers.generic.hosts");

	private static final JsonNode METADATA = read();

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

	@Test
	void propertiesAreAllThatRecordsHave() {
		assertThat(properties().map((property) -> property.path("name").asString()))
			.containsAll(PropertyTree.names(Map.of()));
	}

	@Test
	void hintsOfProvidersAreTheBundledOnes() {
		assertThat(hints("llm.ratelimit.providers.keys")).containsExactlyInAnyOrderElementsOf(bundled().keySet());
	}

	@ParameterizedTest
	@MethodSource("providersWithTiers")
	void hintsOfTiersAreThoseOfTheTable(String provider) {
		assertThat(hints("llm.ratelimit.providers." + provider + ".tier"))
			.containsExactlyInAnyOrderElementsOf(bundled().get(provider).tiers().keySet());
	}

	static Stream<String> providersWithTiers() {
		return bundled().keySet().stream().filter((provider) -> !bundled().get(provider).tiers().isEmpty());
	}

	@Test
	void hintsOfModelsAreThoseOfTheTable() {
		Set<String> keys = new TreeSet<>();
		bundled().values().forEach((provider) -> keys.addAll(provider.models().keySet()));
		new ProviderReader(bundled(), ProviderDialects::named, TypedProperties.NONE).read(Map.of())
			.values()
			.stream()
			.map(ProviderAccount::table)
			.forEach((table) -> table.tiers()
				.forEach((tier) -> table.rows(tier).forEach((row) -> keys.add(row.model().key()))));
		assertThat(hints("llm.ratelimit.models.keys")).containsExactlyInAnyOrderElementsOf(keys);
	}

	private static Map<String, BundledProvider> bundled() {
		return BundledProviders.load(ConfigurationMetadataTests.class.getClassLoader());
	}

	private static List<String> hints(String name) {
		JsonNode hint = METADATA.path("hints")
			.valueStream()
			.filter((candidate) -> candidate.path("name").asString().equals(name))
			.findFirst()
			.orElseThrow();
		return hint.path("values").valueStream().map((value) -> value.path("value").asString()).toList();
	}

	static Stream<JsonNode> properties() {
		return METADATA.path("properties").valueStream();
	}

	private static JsonNode read() {
		// other jars on the class path have a file of this name, too
		String classes = LlmRateLimitProperties.class.getProtectionDomain().getCodeSource().getLocation().toString();
		try (InputStream in = URI.create(classes + "META-INF/spring-configuration-metadata.json")
			.toURL()
			.openStream()) {
			return JsonMapper.builder().build().readTree(in);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
