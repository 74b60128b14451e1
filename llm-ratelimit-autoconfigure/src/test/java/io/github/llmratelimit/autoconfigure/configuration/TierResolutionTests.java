package io.github.llmratelimit.autoconfigure.configuration;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConfigurationResolver}: which numbers hold.
 */
class TierResolutionTests {

	@Test
	void limitsWhenOnlyTheTierIsStatedAreThoseOfTheBundledRow() {
		assertThat(numbers("gpt-4o", """
				providers:
				  openai: { tier: build }
				models:
				  gpt-4o: { mode: enforce }
				""")).containsExactly("5000 requests per 1m (BUNDLED_TIER)", "450000 tokens per 1m (BUNDLED_TIER)");
	}

	@Test
	void modelsWhenOnlyTheTierIsStatedAreAllThatItGrants() {
		assertThat(Resolved.models(Resolved.yaml("""
				providers:
				  openai: { tier: launch }
				"""))).containsExactlyInAnyOrder("gpt-6.1-sol", "gpt-6-astra", "gpt-4o", "gpt-4o-mini");
	}

	@ParameterizedTest
	@ValueSource(strings = { "1", "Tier 1", "tier-1", "tier1", "TIER_1", "Tier1" })
	void tierWhenWrittenInAnyWayIsTheSame(String tier) {
		assertThat(numbers("gpt-4o", """
				providers:
				  openai: { tier: %s }
				""".formatted(tier))).contains("30000 tokens per 1m (BUNDLED_TIER)");
	}

	@Test
	void rowWhenItsTierIsWrittenOtherwiseIsFound() {
		assertThat(numbers("m", """
				providers:
				  mine: { dialect: generic, tier: 7, tiers: { "[Tier 7]": { m: { rpm: 3 } } } }
				""")).containsExactly("3 requests per 1m (TIER)");
	}

	@Test
	void numberOfTheModelWhenTheTierHasOneTooWinsForItsWindowOnly() {
		assertThat(numbers("gpt-4o", """
				providers:
				  openai: { tier: build }
				models:
				  gpt-4o: { tpm: 30k }
				""")).containsExactly("5000 requests per 1m (BUNDLED_TIER)", "30000 tokens per 1m (CONFIGURED)");
	}

	@Test
	void numberOfTheModelWhenTheTierHasNoneIsAdded() {
		assertThat(numbers("gpt-4o", """
				providers:
				  openai: { tier: build }
				models:
				  gpt-4o: { limits: [ { dimension: tokens, amount: 5000, per: 10s } ] }
				""")).containsExactly("5000 requests per 1m (BUNDLED_TIER)", "450000 tokens per 1m (BUNDLED_TIER)",
				"5000 tokens per 10s (CONFIGURED)");
	}

	@Test
	void shortFormsWhenAllAreWrittenMeanTheirDimensionAndWindow() {
		assertThat(numbers("m", """
				models:
				  m:
				    provider: generic
				    rpm: 1
				    tpm: 2
				    itpm: 3
				    otpm: 4
				    rpd: 5
				    tpd: 6
				    rps: 7
				    concurrent: 8
				    enqueued-tokens: 9
				""")).containsExactly("1 requests per 1m (CONFIGURED)", "2 tokens per 1m (CONFIGURED)",
				"3 input-tokens per 1m (CONFIGURED)", "4 output-tokens per 1m (CONFIGURED)",
				"5 requests per 1d (CONFIGURED)", "6 tokens per 1d (CONFIGURED)", "7 requests per 1s (CONFIGURED)",
				"8 concurrent per none (CONFIGURED)", "9 enqueued-tokens per none (CONFIGURED)");
	}

	@Test
	void ownRowWhenTheTableHasOneReplacesItAsAWhole() {
		assertThat(numbers("gpt-4o", """
				providers:
				  openai: { tier: build, tiers: { build: { gpt-4o: { rpm: 4000 } } } }
				""")).containsExactly("4000 requests per 1m (TIER)");
	}

	@Test
	void bundledRowWhenOnlyAnotherModelHasAnOwnOneStays() {
		assertThat(numbers("gpt-4o-mini", """
				providers:
				  openai: { tier: build, tiers: { build: { gpt-4o: { rpm: 4000 } } } }
				""")).containsExactly("5000 requests per 1m (BUNDLED_TIER)", "2000000 tokens per 1m (BUNDLED_TIER)");
	}

	@Test
	void ownRowWhenNamedByNameReplacesThatOfTheSameModel() {
		assertThat(numbers("gpt-4.1", """
				providers:
				  openai: { tier: 1, tiers: { tier1: { gpt41: { name: gpt-4.1, rpm: 7 } } } }
				""")).containsExactly("7 requests per 1m (TIER)");
	}

	@Test
	void ownTierWhenTheTableHasNoneOfThatNameIsUsable() {
		assertThat(numbers("gpt-4o", """
				providers:
				  openai: { tier: enterprise, tiers: { enterprise: { gpt-4o: { tpm: 9M } } } }
				""")).containsExactly("9000000 tokens per 1m (TIER)");
	}

	@Test
	void datedModelWhenTheTableHasTheUndatedOneTakesItsRow() {
		assertThat(numbers("gpt-4o-2024-11-20", """
				providers:
				  openai: { tier: build }
				models:
				  snapshot: { name: gpt-4o-2024-11-20 }
				""")).contains("450000 tokens per 1m (BUNDLED_TIER)");
	}

	@Test
	void shareWhenBelowOneMultipliesConfiguredNumbers() {
		assertThat(numbers("m", """
				share: 0.25
				models:
				  m: { provider: generic, rpm: 500 }
				""")).containsExactly("125 requests per 1m (CONFIGURED)");
	}

	@Test
	void shareWhenBelowOneMultipliesBundledNumbers() {
		assertThat(numbers("gpt-4o", """
				share: 0.1
				providers:
				  openai: { tier: build }
				""")).containsExactly("500 requests per 1m (BUNDLED_TIER)", "45000 tokens per 1m (BUNDLED_TIER)");
	}

	@Test
	void shareWhenThePartIsNoWholeNumberRoundsDown() {
		assertThat(numbers("m", """
				share: 0.3
				models:
				  m: { provider: generic, rpm: 9 }
				""")).containsExactly("2 requests per 1m (CONFIGURED)");
	}

	@Test
	void shareWhenBinaryFractionsWouldMissIsExact() {
		assertThat(numbers("m", """
				share: 0.29
				models:
				  m: { provider: generic, rpm: 100 }
				""")).containsExactly("29 requests per 1m (CONFIGURED)");
	}

	@Test
	void shareWhenThePartIsLessThanOneLeavesOne() {
		assertThat(numbers("m", """
				share: 0.01
				models:
				  m: { provider: generic, rpm: 9 }
				""")).containsExactly("1 requests per 1m (CONFIGURED)");
	}

	private static List<String> numbers(String model, String yaml) {
		return Resolved.numbers(Resolved.yaml(yaml), model);
	}

}
