package io.github.llmratelimit.autoconfigure.tiers;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.CostRule;
import io.github.llmratelimit.CostRule.Formula;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.autoconfigure.tiers.ProviderListing.Row;
import io.github.llmratelimit.autoconfigure.tiers.ProviderListing.Tier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ProviderLimits}.
 */
class ProviderLimitsTests {

	private final ByteArrayOutputStream out = new ByteArrayOutputStream();

	private final ByteArrayOutputStream err = new ByteArrayOutputStream();

	@Test
	void runWhenNothingIsAskedForNamesProvidersAndTiers() {
		assertThat(run().lines().map((line) -> line.replaceAll(" +", " "))).hasSize(16)
			.contains("openai build, launch, grow, tier1, tier2, tier3, tier4, tier5", "vertex no tiers",
					"gemini free, tier1, tier2, tier3");
	}

	@Test
	void runWhenATierIsAskedForTellsAllThatIsKnown() {
		assertThat(run("openai", "build")).contains("openai\n", "booking      estimate", "day resets   rolling",
				"true limits  the limits in the organisation's settings",
				"raised by    total credit purchases: Build from $5", "tier build", "as of        2026-10-09",
				"confidence   secondary", "source       developers.openai.com/api/docs/models",
				"gpt-4o       5,000 requests per 1m, 450,000 tokens per 1m\n");
	}

	@Test
	void runWhenATierIsAskedForTellsOfNoOther() {
		assertThat(run("openai", "build")).doesNotContain("tier launch");
	}

	@ParameterizedTest
	@ValueSource(strings = { "1", "Tier 1", "tier-1", "TIER_1" })
	void runWhenATierIsWrittenInAnyWayFindsIt(String tier) {
		assertThat(run("openai", tier)).contains("tier tier1", "gpt-4o ");
	}

	@Test
	void runWhenAProviderIsAskedForTellsOfAllTiers() {
		assertThat(run("xai")).contains("tier tier0", "tier tier4");
	}

	@Test
	void runWhenModelsShareAPoolTellsPoolAliasesAndCosts() {
		assertThat(run("anthropic", "start"))
			.contains("claude-opus-4-8    1,000 requests per 1m, 2,000,000 input-tokens per 1m, "
					+ "400,000 output-tokens per 1m; pool claude-opus-4; cached input counts nothing; also claude-opus-4.8");
	}

	@Test
	void runWhenOutputHasAWeightTellsIt() {
		assertThat(run("bedrock")).contains("output counts 10 times, cached input counts nothing");
	}

	@Test
	void runWhenAllModelsShareARowSaysSo() {
		assertThat(run("mistral")).contains("any model  500,000 tokens per 1m, 1 requests per 1s, "
				+ "1,000,000,000 tokens per 31d; pool all-models");
	}

	@Test
	void runWhenEachModelHasARowSaysSo() {
		assertThat(run("together")).contains("any model  60 requests per 1m; each");
	}

	@Test
	void runWhenRowsAreNotAppliedSaysSo() {
		assertThat(run("gemini", "1")).contains("gemini-2.5-pro         150 requests per 1m, 2,000,000 tokens per 1m, "
				+ "10,000 requests per 1d; tokens are those of the input alone; not applied");
	}

	@Test
	void runWhenWhatIsLimitedIsHeldTellsNoWindow() {
		assertThat(run("deepseek")).contains("deepseek-v4-pro  500 concurrent\n");
	}

	@Test
	void runWhenRequestsFollowFromTokensSaysSo() {
		assertThat(run("azure-openai"))
			.contains("requests     6 per minute come with 1,000 tokens per minute, spread evenly over 10s");
	}

	@ParameterizedTest
	@MethodSource("names")
	void runForEveryProviderIsLegible(String provider) {
		assertThat(run(provider)).startsWith(provider + System.lineSeparator()).doesNotContain("null");
	}

	@Test
	void runWhenTheProviderIsUnknownSuggestsAnother() {
		assertThat(fail("opnai"))
			.startsWith("Unknown provider (opnai): must be one of anthropic, azure-openai, azure-openai-ptu, bedrock, ")
			.endsWith("Did you mean 'openai'?" + System.lineSeparator());
	}

	@Test
	void runWhenTheTierIsUnknownSuggestsAnother() {
		assertThat(fail("openai", "biuld")).isEqualTo("Unknown tier (biuld): must be one of build, launch, grow, "
				+ "tier1, tier2, tier3, tier4, tier5. Did you mean 'build'?" + System.lineSeparator());
	}

	@Test
	void runWhenTheProviderHasNoTierSaysSo() {
		assertThat(fail("vertex", "1")).startsWith("Unknown tier (1): no tier of 'vertex' is known.");
	}

	@Test
	void runWhenThereAreTooManyArgumentsSaysWhatToDo() {
		assertThat(fail("openai", "tier", "1"))
			.startsWith("Invalid arguments (openai tier 1): must be none, a provider, "
					+ "or a provider and a tier. Put a tier that has a space in quotes.");
	}

	@Test
	void providersAreAllThatAreBundled() {
		assertThat(ProviderLimits.providers()).hasSize(16).contains("openai", "azure-openai-ptu", "generic");
	}

	@Test
	void listingTellsFacts() {
		assertThat(ProviderLimits.listing("azure-openai-ptu"))
			.extracting(ProviderListing::dialect, ProviderListing::booking, ProviderListing::tiers)
			.containsExactly("azure-openai-ptu", Booking.SETTLED, List.of());
	}

	@Test
	void listingTellsWhatFollowsFromOtherLimits() {
		assertThat(ProviderLimits.listing("azure-openai"))
			.extracting(ProviderListing::rpmPer1000Tpm, ProviderListing::requestSlice)
			.containsExactly(6L, Duration.ofSeconds(10));
	}

	@Test
	void tierTellsItsSourceAndAge() {
		assertThat(ProviderLimits.tier("groq", "free")).extracting(Tier::name, Tier::asOf, Tier::confidence)
			.containsExactly("free", "2026", "secondary");
	}

	@Test
	void rowTellsModelPoolAliasesCostsAndWhetherItIsApplied() {
		Row row = row("anthropic", "start", "claude-3-5-haiku");
		assertThat(row).extracting(Row::pool, Row::aliases, Row::costRule, Row::applied)
			.containsExactly("claude-3-5-haiku", Set.of("claude-haiku-3-5", "claude-haiku-3.5", "claude-3.5-haiku"),
					CostRule.PLAIN, true);
	}

	@Test
	void rowTellsLimits() {
		assertThat(row("anthropic", "start", "claude-3-5-haiku").limits()).extracting(Limit::toString)
			.containsExactly("1000 requests per 1m (BUNDLED_TIER)", "100000 input-tokens per 1m (BUNDLED_TIER)",
					"20000 output-tokens per 1m (BUNDLED_TIER)");
	}

	@Test
	void rowWhenOnlyListedIsNotApplied() {
		assertThat(row("gemini", "free", "gemini-2.5-pro")).extracting(Row::costRule, Row::applied)
			.containsExactly(new CostRule(Formula.INPUT, 1, 1), false);
	}

	@Test
	void rowOfBatchesIsListedBesideThoseThatAreApplied() {
		assertThat(row("openai", "tier2", "gpt-4.1-batch").limits()).extracting(Limit::toString)
			.containsExactly("1350000 enqueued-tokens per none (BUNDLED_TIER)");
	}

	@Test
	void listingWhenTheProviderIsUnknownListsThoseThereAre() {
		assertThatIllegalArgumentException().isThrownBy(() -> ProviderLimits.listing("mine"))
			.withMessageContaining("must be one of anthropic");
	}

	static Set<String> names() {
		return ProviderLimits.providers();
	}

	private static Row row(String provider, String tier, String model) {
		return ProviderLimits.tier(provider, tier)
			.rows()
			.stream()
			.filter((row) -> row.model().equals(model))
			.findFirst()
			.orElseThrow();
	}

	private String run(String... arguments) {
		assertThat(runs(arguments)).isTrue();
		return this.out.toString(StandardCharsets.UTF_8);
	}

	private String fail(String... arguments) {
		assertThat(runs(arguments)).isFalse();
		return this.err.toString(StandardCharsets.UTF_8);
	}

	private boolean runs(String... arguments) {
		return ProviderLimits.run(List.of(arguments), new PrintStream(this.out, true, StandardCharsets.UTF_8),
				new PrintStream(this.err, true, StandardCharsets.UTF_8));
	}

}
