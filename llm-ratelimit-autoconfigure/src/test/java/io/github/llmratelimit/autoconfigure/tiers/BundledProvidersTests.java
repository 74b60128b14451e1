package io.github.llmratelimit.autoconfigure.tiers;

import java.time.ZoneId;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

import io.github.llmratelimit.autoconfigure.diagnostics.NormalForm;
import io.github.llmratelimit.provider.ProviderDialects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.context.FilteredClassLoader;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BundledProviders} and what is bundled.
 */
class BundledProvidersTests {

	private final Map<String, BundledProvider> providers = BundledProviders.load(getClass().getClassLoader()).byName();

	@Test
	void schemesOfOpenAiAreBothDated() {
		assertThat(openAi().schemes())
			.extractingFromEntries((scheme) -> scheme.getKey() + " " + scheme.getValue().asOf())
			.containsExactly("build-launch-grow 2026-10-09", "tier-1-to-5 2026-09");
	}

	@Test
	void providersAreAllThatHaveADialect() {
		assertThat(this.providers.keySet()).containsExactlyInAnyOrderElementsOf(ProviderDialects.names());
	}

	@ParameterizedTest
	@MethodSource("names")
	void schemesCoverEveryTierOnce(String name) {
		Set<String> tiers = new LinkedHashSet<>(this.providers.get(name).tiers().keySet());
		tiers.addAll(this.providers.get(name).listed().keySet());
		assertThat(this.providers.get(name).schemes().values()).flatExtracting(BundledProvider.Scheme::tiers)
			.containsExactlyInAnyOrderElementsOf(tiers);
	}

	@ParameterizedTest
	@MethodSource("names")
	void tiersAreNoTwoInTheSameNormalForm(String name) {
		Set<String> normal = new LinkedHashSet<>();
		this.providers.get(name).tiers().keySet().forEach((tier) -> normal.add(NormalForm.ofTier(tier)));
		assertThat(normal).hasSameSizeAs(this.providers.get(name).tiers().keySet());
	}

	@ParameterizedTest
	@MethodSource("names")
	void providersSayWhereTheTruthIsAndWhatRaisesTheTier(String name) {
		if (!name.equals("generic")) {
			assertThat(this.providers.get(name)).extracting(BundledProvider::shownAt, BundledProvider::raisedBy)
				.doesNotContainNull();
		}
	}

	@ParameterizedTest
	@MethodSource("names")
	void dayOfAProviderResetsInAZoneThatThereIs(String name) {
		String reset = this.providers.get(name).dayReset();
		assertThat(reset).satisfiesAnyOf((none) -> assertThat(none).isNull(),
				(rolling) -> assertThat(rolling).isEqualTo("rolling"),
				(zone) -> assertThat(ZoneId.of(zone)).isNotNull());
	}

	static Set<String> names() {
		return BundledProviders.load(BundledProvidersTests.class.getClassLoader()).names();
	}

	@Test
	void dialectsOfAllProvidersAreThere() {
		assertThat(this.providers.values()).extracting(BundledProvider::dialect)
			.allSatisfy((dialect) -> assertThat(ProviderDialects.names()).contains(dialect));
	}

	@Test
	void loadWhenThereIsNoYamlParserKnowsNoProvider() {
		assertThat(BundledProviders.load(new FilteredClassLoader("org.yaml.snakeyaml")).names()).isEmpty();
	}

	private BundledProvider openAi() {
		return this.providers.get("openai");
	}

}
