package io.github.llmratelimit.autoconfigure.tiers;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import io.github.llmratelimit.autoconfigure.diagnostics.TypedProperties;
import io.github.llmratelimit.autoconfigure.properties.Metadata;
import io.github.llmratelimit.provider.ProviderDialects;
import org.apache.commons.logging.impl.NoOpLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the hints by which editors offer what is bundled.
 */
class ConfigurationHintsTests {

	@Test
	void hintsOfProvidersAreTheBundledOnes() {
		assertThat(Metadata.hints("llm.ratelimit.providers.keys"))
			.containsExactlyInAnyOrderElementsOf(bundled().keySet());
	}

	@ParameterizedTest
	@MethodSource("providersWithTiers")
	void hintsOfTiersAreThoseOfTheTable(String provider) {
		assertThat(Metadata.hints("llm.ratelimit.providers." + provider + ".tier"))
			.containsExactlyInAnyOrderElementsOf(bundled().get(provider).tiers().keySet());
	}

	static Stream<String> providersWithTiers() {
		return bundled().keySet().stream().filter((provider) -> !bundled().get(provider).tiers().isEmpty());
	}

	@Test
	void hintsOfModelsAreThoseOfTheTable() {
		Set<String> keys = new TreeSet<>();
		bundled().values().forEach((provider) -> keys.addAll(provider.models().keySet()));
		new ProviderReader(BundledProviders.load(getClass().getClassLoader()), ProviderDialects::named,
				TypedProperties.NONE, new NoOpLog())
			.read(Map.of())
			.values()
			.stream()
			.map(ProviderAccount::table)
			.forEach((table) -> table.tiers()
				.forEach((tier) -> table.rows(tier).forEach((row) -> keys.add(row.model().key()))));
		assertThat(Metadata.hints("llm.ratelimit.models.keys")).containsExactlyInAnyOrderElementsOf(keys);
	}

	private static Map<String, BundledProvider> bundled() {
		return BundledProviders.load(ConfigurationHintsTests.class.getClassLoader()).byName();
	}

}
