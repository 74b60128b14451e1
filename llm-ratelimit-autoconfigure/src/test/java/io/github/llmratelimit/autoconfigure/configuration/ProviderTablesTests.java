package io.github.llmratelimit.autoconfigure.configuration;

import java.util.Map;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.CostRule;
import io.github.llmratelimit.CostRule.Formula;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for what the bundled tables mean, beside OpenAI's.
 */
@ExtendWith(OutputCaptureExtension.class)
class ProviderTablesTests {

	/** Cells as the providers' pages have them. */
	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					anthropic    | start             | claude-opus-4-8       | 1000 requests per 1m, 2000000 input-tokens per 1m, 400000 output-tokens per 1m
					anthropic    | build             | claude-fable-5        | 2000 requests per 1m, 1500000 input-tokens per 1m, 300000 output-tokens per 1m
					anthropic    | scale             | claude-sonnet-4-6     | 10000 requests per 1m, 10000000 input-tokens per 1m, 2000000 output-tokens per 1m
					anthropic    | start             | claude-3-5-haiku      | 1000 requests per 1m, 100000 input-tokens per 1m, 20000 output-tokens per 1m
					anthropic    | Tier 2            | claude-haiku-4-5      | 1000 requests per 1m, 450000 input-tokens per 1m, 90000 output-tokens per 1m
					anthropic    | 1                 | claude-sonnet-4-5     | 50 requests per 1m, 30000 input-tokens per 1m, 8000 output-tokens per 1m
					xai          | tier0             | grok-4.3              | 10000000 tokens per 1m, 37 requests per 1s
					xai          | tier-4            | grok-4.6              | 100000000 tokens per 1m, 500 requests per 1s
					groq         | free              | openai/gpt-oss-120b   | 30 requests per 1m, 8000 tokens per 1m, 1000 requests per 1d, 200000 tokens per 1d
					groq         | developer         | qwen/qwen3-32b        | 1000 requests per 1m, 300000 tokens per 1m, 500000 requests per 1d
					deepseek     | standard          | deepseek-v4-pro       | 500 concurrent per none
					azure-openai | tier1             | model-router          | 1000 requests per 1m, 1000000 tokens per 1m, 166 requests per 10s
					azure-openai | 6                 | model-router          | 15000 requests per 1m, 15000000 tokens per 1m, 2500 requests per 10s
					bedrock      | cross-region      | anthropic.claude-sonnet-5-5 | 6000000 tokens per 1m
					openai       | tier2             | gpt-4.1-long-context  | 250 requests per 1m, 500000 tokens per 1m
					openai       | tier5             | gpt-5.5-long-context  | 8000 requests per 1m, 20000000 tokens per 1m
					""")
	void tierGrantsWhatIsPublished(String provider, String tier, String model, String limits) {
		assertThat(Resolved.numbers(granted(provider, tier), model))
			.containsExactly(limits.replaceAll("(?=, )|$", " (BUNDLED_TIER)").split(", "));
	}

	/** Models that no table can list, but of whose form the provider says something. */
	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					mistral    | free              | mistral-large-latest   | all-models  | 500000 tokens per 1m, 1 requests per 1s, 1000000000 tokens per 31d
					cohere     | trial             | command-a-03-2025      | chat        | 20 requests per 1m, 1000 requests per 31d
					cohere     | production        | rerank-v4              | rerank      | 1000 requests per 1m
					fireworks  | start             | accounts/f/models/x    | all-models  | 900000 input-tokens per 1m, 36000 output-tokens per 1m
					openrouter | free              | qwen/qwen3:free        | free-models | 20 requests per 1m, 50 requests per 1d
					openrouter | free-with-credits | qwen/qwen3:free        | free-models | 20 requests per 1m, 1000 requests per 1d
					together   | base              | meta-llama/Llama-4     | meta-llama/Llama-4 | 60 requests per 1m
					""")
	void tierGrantsToModelsOfAForm(String provider, String tier, String model, String pool, String limits) {
		ResolvedConfiguration resolved = Resolved.yaml("""
				providers: { %s: { tier: %s } }
				models: { m: { name: "%s", provider: %s } }
				""".formatted(provider, tier, model, provider));
		assertThat(Resolved.limits(resolved, model).key()).isEqualTo(new BudgetKey(provider, pool));
		assertThat(Resolved.numbers(resolved, model))
			.containsExactly(limits.replaceAll("(?=, )|$", " (BUNDLED_TIER)").split(", "));
	}

	@Test
	void tierWhenItGrantsOnlyToFormsMakesNoModelOfThem() {
		assertThat(granted("mistral", "free").models()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "openai, ESTIMATE", "azure-openai, ESTIMATE", "azure-openai-ptu, SETTLED", "anthropic, ACTUAL",
			"gemini, ACTUAL", "vertex, ESTIMATE", "bedrock, SETTLED", "mistral, ESTIMATE", "groq, ESTIMATE",
			"cohere, ESTIMATE", "deepseek, ESTIMATE", "xai, ESTIMATE", "together, ESTIMATE", "fireworks, ESTIMATE",
			"openrouter, ESTIMATE", "generic, ESTIMATE" })
	void bookingWhenNotStatedIsTheProviders(String provider, Booking booking) {
		assertThat(Resolved.limits(listed(provider, "m"), "m").booking()).isEqualTo(booking);
	}

	@Test
	void bookingWhenAnotherEntryHasTheDialectIsTheProviders() {
		ResolvedConfiguration resolved = Resolved.yaml("""
				providers: { second: { dialect: anthropic } }
				models: { m: { provider: second, rpm: 5 } }
				""");
		assertThat(Resolved.limits(resolved, "m").booking()).isEqualTo(Booking.ACTUAL);
	}

	@ParameterizedTest
	@CsvSource({ "openai, gpt-4o, SUM, 1, 1", "anthropic, claude-opus-4-8, SUM, 1, 0",
			"anthropic, claude-3-5-haiku-20241022, SUM, 1, 1", "gemini, gemini-2.5-pro, INPUT, 1, 1",
			"azure-openai, mine, SUM, 1, 1", "azure-openai-ptu, mine, SUM, 1, 0", "groq, qwen/qwen3-32b, SUM, 1, 0",
			"xai, grok-4.3, SUM, 1, 1", "fireworks, any, SUM, 1, 0.25",
			"bedrock, us.anthropic.claude-opus-4-8-v1, SUM, 15, 0",
			"bedrock, anthropic.claude-opus-5-5-v1:0, SUM, 10, 0", "bedrock, eu.anthropic.claude-sonnet-5, SUM, 10, 0",
			"bedrock, anthropic.claude-fable-5-1, SUM, 10, 0", "bedrock, openai.gpt-5.6-sol, SUM, 10, 0",
			"bedrock, anthropic.claude-opus-4-1-20250805-v1:0, SUM, 5, 0",
			"bedrock, anthropic.claude-3-7-sonnet-20250219-v1:0, SUM, 5, 0",
			"bedrock, anthropic.claude-3-5-sonnet-20241022-v2:0, SUM, 1, 0",
			"bedrock, amazon.nova-pro-v1:0, SUM, 1, 0" })
	void costWhenNotStatedIsTheProviders(String provider, String model, Formula formula, double output, double cached) {
		assertThat(Resolved.limits(listed(provider, model), model).costRule())
			.isEqualTo(new CostRule(formula, output, cached));
	}

	@Test
	void costWhenPartlyStatedIsTheProvidersForTheRest() {
		ResolvedConfiguration resolved = Resolved
			.yaml("""
					models: { opus: { provider: bedrock, model: anthropic.claude-opus-4-8, tpm: 5, cached-input-weight: 1 } }
					""");
		assertThat(Resolved.limits(resolved, "opus").costRule()).isEqualTo(new CostRule(Formula.SUM, 15, 1));
	}

	@Test
	void modelsOfAFamilyShareABudget() {
		ResolvedConfiguration resolved = granted("anthropic", "start");
		assertThat(Map.of("claude-opus-4-5", "claude-opus-4", "claude-opus-4-8", "claude-opus-4", "claude-opus-5-5",
				"claude-opus-5-5", "claude-sonnet-4-6", "claude-sonnet-4"))
			.allSatisfy((model, pool) -> assertThat(Resolved.limits(resolved, model).key())
				.isEqualTo(new BudgetKey("anthropic", pool)));
	}

	@Test
	void modelsOfAFamilyWhenOneHasARowOfTheApplicationAllHaveIt() {
		ResolvedConfiguration resolved = Resolved.yaml("""
				providers:
				  anthropic: { tier: start, tiers: { start: { claude-opus-4-8: { rpm: 7 } } } }
				""");
		assertThat(Resolved.numbers(resolved, "claude-opus-4-5")).containsExactly("7 requests per 1m (TIER)");
	}

	@Test
	void modelsOfAFamilyWhenWithoutTierAndLearningShareABudget() {
		ResolvedConfiguration resolved = Resolved.yaml("""
				models: { claude-opus-4-8: { learn: true }, claude-opus-4-7: { learn: true } }
				""");
		assertThat(Resolved.limits(resolved, "claude-opus-4-8").key())
			.isEqualTo(Resolved.limits(resolved, "claude-opus-4-7").key());
	}

	@Test
	void modelsOfAFamilyWhenWithoutTierHaveTheNumbersThatAreWrittenForThem() {
		ResolvedConfiguration resolved = Resolved.yaml("""
				models: { claude-opus-4-8: { rpm: 5 }, claude-opus-4-7: { rpm: 6 } }
				""");
		assertThat(Resolved.numbers(resolved, "claude-opus-4-7")).containsExactly("6 requests per 1m (CONFIGURED)");
	}

	@ParameterizedTest
	@CsvSource({ "anthropic, start, claude-opus-4.8, claude-opus-4-8",
			"anthropic, start, claude-3.5-haiku, claude-3-5-haiku",
			"anthropic, start, claude-haiku-3-5, claude-3-5-haiku",
			"bedrock, cross-region, us.anthropic.claude-opus-5-5, anthropic.claude-opus-5-5" })
	void aliasWhenATableHasItIsTheModels(String provider, String tier, String alias, String model) {
		assertThat(Resolved.definition(granted(provider, tier), model).aliases()).contains(alias);
	}

	@Test
	void aliasWhenTheApplicationHasAModelOfThatNameIsLeftOut() {
		ResolvedConfiguration resolved = Resolved.yaml("""
				providers: { anthropic: { tier: start } }
				models: { mine: { name: claude-opus-4.8 } }
				""");
		assertThat(Resolved.definition(resolved, "claude-opus-4-8").aliases()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "anthropic, start, claude-3-5-haiku-latest", "anthropic, start, claude-opus-4-5-20251101",
			"anthropic, start, claude-haiku-4-5@20251001", "openai, tier1, gpt-4o-2024-11-20",
			"bedrock, cross-region, us.anthropic.claude-haiku-4-5-20251001-v1:0" })
	void modelWhenNamedWithItsReleaseTakesTheRow(String provider, String tier, String model) {
		ResolvedConfiguration resolved = Resolved.yaml("""
				providers: { %s: { tier: %s } }
				models: { m: { name: "%s" } }
				""".formatted(provider, tier, model));
		assertThat(Resolved.numbers(resolved, model)).isNotEmpty()
			.allSatisfy((limit) -> assertThat(limit).endsWith("(BUNDLED_TIER)"));
	}

	@Test
	void modelWithALongContextIsSentAsTheModelItself() {
		assertThat(Resolved.limits(granted("openai", "tier1"), "gpt-5.5-long-context").providerModel())
			.isEqualTo("gpt-5.5");
	}

	@Test
	void requestsOfAzureWhenNotStatedFollowFromTokens() {
		assertThat(azure("tpm: 120k")).containsExactly("120000 tokens per 1m (CONFIGURED)",
				"720 requests per 1m (CONFIGURED)", "120 requests per 10s (CONFIGURED)");
	}

	@Test
	void requestsOfAzureWhenTokensAreNoWholeThousandsAreRoundedDown() {
		assertThat(azure("tpm: 1500")).contains("9 requests per 1m (CONFIGURED)", "1 requests per 10s (CONFIGURED)");
	}

	@Test
	void requestsOfAzureWhenStatedAreThose() {
		assertThat(azure("tpm: 120k, rpm: 60")).containsExactly("60 requests per 1m (CONFIGURED)",
				"120000 tokens per 1m (CONFIGURED)", "10 requests per 10s (CONFIGURED)");
	}

	@Test
	void sliceOfAzureWhenAShorterWindowIsStatedIsThat() {
		assertThat(azure("rpm: 60, rps: 1")).containsExactly("60 requests per 1m (CONFIGURED)",
				"1 requests per 1s (CONFIGURED)");
	}

	@ParameterizedTest
	@ValueSource(strings = { "free", "tier1", "Tier 2", "3" })
	void tierOfGeminiIsListedButNotApplied(String tier) {
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
			.isThrownBy(() -> granted("gemini", tier))
			.withMessageContaining("llm.ratelimit.providers.gemini.tier")
			.withMessageContaining("too uncertain to be applied")
			.withMessageContaining("'learn: true'")
			.withMessageContaining("as of 2025-09-05")
			.withMessageContaining("AI Studio");
	}

	@Test
	void tierOfGeminiWhenItHasARowOfTheApplicationIsApplied() {
		ResolvedConfiguration resolved = Resolved.yaml("""
				providers: { gemini: { tier: 1, tiers: { tier1: { gemini-25-pro: { rpm: 150 } } } } }
				""");
		assertThat(Resolved.numbers(resolved, "gemini-2.5-pro")).containsExactly("150 requests per 1m (TIER)");
	}

	@Test
	void modelOfGeminiIsKnownAsItsModel() {
		assertThat(Resolved.limits(Resolved.yaml("models: { gemini-25-pro: { learn: true } }"), "gemini-2.5-pro").key())
			.isEqualTo(new BudgetKey("gemini", "gemini-2.5-pro"));
	}

	@Test
	void tierWhenItsNumbersAreUncertainIsWarnedOf(CapturedOutput output) {
		granted("anthropic", "tier1");
		assertThat(output).containsOnlyOnce("The numbers of tier 'tier1' of provider 'anthropic' are uncertain "
				+ "(as of 2026-05-22). Compare them with the limits in the Console");
	}

	@Test
	void tierWhenItsNumbersAreDocumentedIsNotWarnedOf(CapturedOutput output) {
		granted("anthropic", "start");
		assertThat(output).doesNotContain("WARN");
	}

	@Test
	void batchQueuesAreNoLimiters() {
		assertThat(Resolved.models(granted("openai", "tier1"))).noneMatch((model) -> model.contains("batch"));
	}

	private static Iterable<String> azure(String numbers) {
		return Resolved.numbers(Resolved.yaml("models: { chat: { provider: azure-openai, %s } }".formatted(numbers)),
				"chat");
	}

	private static ResolvedConfiguration listed(String provider, String model) {
		return Resolved.yaml("models: { m: { provider: %s, name: '%s', rpm: 5 } }".formatted(provider, model));
	}

	private static ResolvedConfiguration granted(String provider, String tier) {
		return Resolved.yaml("providers: { %s: { tier: '%s' } }".formatted(provider, tier));
	}

}
