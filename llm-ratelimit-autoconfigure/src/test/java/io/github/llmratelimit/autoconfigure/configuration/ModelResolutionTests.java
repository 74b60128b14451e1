package io.github.llmratelimit.autoconfigure.configuration;

import java.util.Set;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.ModelLimits;
import io.github.llmratelimit.autoconfigure.diagnostics.ConfigurationMistakeException;
import io.github.llmratelimit.engine.LimiterMode;
import io.github.llmratelimit.engine.settings.EngineSettings;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link ConfigurationResolver}: names, providers, and what else a model has.
 */
class ModelResolutionTests {

	@Test
	void resolveWhenNothingIsConfiguredHasNoModel() {
		assertThat(Resolved.yaml("").definitions()).isEmpty();
	}

	@Test
	void settingsWhenNothingIsConfiguredAreTheEnginesDefaults() {
		assertThat(Resolved.yaml("").settings()).usingRecursiveComparison()
			.ignoringFields("queue.lowWatermark")
			.isEqualTo(EngineSettings.DEFAULTS);
	}

	@Test
	void nameWhenNotStatedIsTheKey() {
		assertThat(Resolved.models(Resolved.yaml("models: { m: { provider: generic, rpm: 1 } }"))).containsExactly("m");
	}

	@Test
	void nameWhenStatedReplacesTheKey() {
		assertThat(Resolved.models(Resolved.yaml("""
				models:
				  llama: { name: "meta-llama/Llama-3.1:8b", provider: generic, rpm: 1 }
				"""))).containsExactly("meta-llama/Llama-3.1:8b");
	}

	@Test
	void nameWhenTheKeyIsThatOfATableIsTheTables() {
		ModelLimits limits = Resolved.limits(Resolved.yaml("models: { gpt-41: { rpm: 1 } }"), "gpt-4.1");
		assertThat(limits.providerModel()).isEqualTo("gpt-4.1");
	}

	@Test
	void modelsWhenListedAndGrantedAreThereOnce() {
		assertThat(Resolved.models(Resolved.yaml("""
				providers:
				  openai: { tier: build }
				models:
				  gpt-4o: { mode: enforce }
				"""))).containsOnlyOnce("gpt-4o");
	}

	@Test
	void providerModelWhenStatedIsThat() {
		ResolvedConfiguration resolved = Resolved.yaml("""
				models:
				  fast: { provider: generic, model: gpt-4o, rpm: 1 }
				""");
		assertThat(Resolved.limits(resolved, "fast").providerModel()).isEqualTo("gpt-4o");
	}

	@Test
	void limitsWhenTheProviderCallsTheModelOtherwiseAreThoseOfItsRow() {
		ResolvedConfiguration resolved = Resolved.yaml("""
				providers:
				  openai: { tier: build }
				models:
				  fast: { model: gpt-4o }
				""");
		assertThat(Resolved.numbers(resolved, "fast")).contains("450000 tokens per 1m (BUNDLED_TIER)");
	}

	@Test
	void aliasesWhenStatedAreKept() {
		ResolvedConfiguration resolved = Resolved.yaml("""
				models:
				  gpt-4o: { rpm: 1, aliases: [gpt-4o-2024-11-20, big] }
				""");
		assertThat(Resolved.definition(resolved, "gpt-4o").aliases()).isEqualTo(Set.of("gpt-4o-2024-11-20", "big"));
	}

	@Test
	void aliasWhenItIsTheModelsOwnNameIsLeftOut() {
		ResolvedConfiguration resolved = Resolved.yaml("models: { gpt-4o: { rpm: 1, aliases: [gpt-4o, big] } }");
		assertThat(Resolved.definition(resolved, "gpt-4o").aliases()).containsExactly("big");
	}

	@Test
	void aliasWhenAnotherModelHasThatNameIsAMistake() {
		assertMistake("""
				models:
				  gpt-4o: { rpm: 1, aliases: [gpt-4o-mini] }
				  gpt-4o-mini: { rpm: 1 }
				""").withMessageContainingAll("Alias 'gpt-4o-mini'", "'llm.ratelimit.models.gpt-4o'",
				"'llm.ratelimit.models.gpt-4o-mini'");
	}

	@Test
	void nameWhenTwoModelsHaveItIsAMistake() {
		assertMistake("""
				models:
				  one: { name: m, provider: generic, rpm: 1 }
				  two: { name: m, provider: generic, rpm: 1 }
				""").withMessageContainingAll("models.one", "models.two", "the same name 'm'");
	}

	@Test
	void providerWhenNotStatedIsTheOneThatKnowsTheModel() {
		ResolvedConfiguration resolved = Resolved.yaml("models: { gpt-4o: { rpm: 1 } }");
		assertThat(Resolved.limits(resolved, "gpt-4o").key()).isEqualTo(new BudgetKey("openai", "gpt-4o"));
	}

	@Test
	void providerWhenNotStatedIsRatherAConfiguredOneThanABundledOne() {
		ResolvedConfiguration resolved = Resolved.yaml("""
				providers:
				  proxy: { dialect: openai, tier: build }
				models:
				  gpt-4o: { mode: enforce }
				""");
		assertThat(Resolved.limits(resolved, "gpt-4o").key().provider()).isEqualTo("proxy");
	}

	@Test
	void providerWhenStatedInAnotherCaseIsFound() {
		ResolvedConfiguration resolved = Resolved.yaml("models: { m: { provider: OpenAI, rpm: 1 } }");
		assertThat(Resolved.limits(resolved, "m").key().provider()).isEqualTo("openai");
	}

	@Test
	void providerWhenNoTableKnowsTheModelIsAMistakeThatListsProviders() {
		assertThat(mistake("models: { mystery: { rpm: 1 } }"))
			.satisfies((mistake) -> assertThat(mistake).hasMessageContaining("no tier table knows 'mystery'"))
			.satisfies((mistake) -> assertThat(mistake.action())
				.contains("Set 'llm.ratelimit.models.mystery.provider' to one of anthropic, azure-openai"));
	}

	@Test
	void providerWhenTwoKnowTheModelIsAMistakeThatNamesBoth() {
		assertMistake("""
				providers:
				  one: { dialect: openai, tier: build }
				  two: { dialect: openai, tier: grow }
				models:
				  gpt-4o: { mode: enforce }
				""").withMessageContaining("more than one provider knows 'gpt-4o': one, two");
	}

	@Test
	void modelsWhenTwoAccountsGrantThemAreOnlyTheListedOnes() {
		ResolvedConfiguration resolved = Resolved.yaml("""
				providers:
				  one: { dialect: openai, tier: build }
				  two: { dialect: openai, tier: grow }
				models:
				  gpt-4o: { provider: two }
				""");
		assertThat(Resolved.models(resolved)).containsExactly("gpt-4o");
	}

	@Test
	void hostsWhenNotStatedAreThoseOfTheBundledProvider() {
		ResolvedConfiguration resolved = Resolved.yaml("models: { gpt-4o: { rpm: 1 } }");
		assertThat(Resolved.definition(resolved, "gpt-4o").hosts()).containsExactly("api.openai.com");
	}

	@Test
	void hostsWhenStatedReplaceTheBundledOnes() {
		ResolvedConfiguration resolved = Resolved.yaml("""
				providers:
				  openai: { hosts: [LocalHost, "[::1]"] }
				models:
				  gpt-4o: { rpm: 1 }
				""");
		assertThat(Resolved.definition(resolved, "gpt-4o").hosts()).containsExactlyInAnyOrder("localhost", "[::1]");
	}

	@Test
	void dialectWhenNotStatedIsThatOfTheBundledProvider() {
		ResolvedConfiguration resolved = Resolved.yaml("models: { gpt-4o: { rpm: 1 } }");
		assertThat(Resolved.definition(resolved, "gpt-4o").dialect().name()).isEqualTo("openai");
	}

	@Test
	void dialectWhenTheProvidersKeyIsOneIsThat() {
		ResolvedConfiguration resolved = Resolved.yaml("""
				providers:
				  anthropic: { hosts: [api.anthropic.com] }
				models:
				  claude: { provider: anthropic, rpm: 1 }
				""");
		assertThat(Resolved.definition(resolved, "claude").dialect().name()).isEqualTo("anthropic");
	}

	@Test
	void bookingWhenNotStatedIsTheProviders() {
		assertThat(Resolved.limits(Resolved.yaml("models: { gpt-4o: { rpm: 1 } }"), "gpt-4o").booking())
			.isEqualTo(Booking.ESTIMATE);
	}

	@Test
	void strictWhenNotStatedIsOff() {
		assertThat(Resolved.limits(Resolved.yaml("models: { gpt-4o: { rpm: 1 } }"), "gpt-4o").strict()).isFalse();
	}

	@Test
	void strictWhenStatedIsThat() {
		assertThat(Resolved.limits(Resolved.yaml("models: { gpt-4o: { rpm: 1, strict: true } }"), "gpt-4o").strict())
			.isTrue();
	}

	@Test
	void bookingWhenSettledIsThat() {
		assertThat(
				Resolved.limits(Resolved.yaml("models: { gpt-4o: { rpm: 1, booking: settled } }"), "gpt-4o").booking())
			.isEqualTo(Booking.SETTLED);
	}

	@Test
	void bookingWhenActualIsThat() {
		assertThat(
				Resolved.limits(Resolved.yaml("models: { gpt-4o: { rpm: 1, booking: actual } }"), "gpt-4o").booking())
			.isEqualTo(Booking.ACTUAL);
	}

	@Test
	void outputTokensWhenNotStatedAreTheDefault() {
		assertThat(Resolved.limits(Resolved.yaml("models: { gpt-4o: { rpm: 1 } }"), "gpt-4o").defaultOutputTokens())
			.isEqualTo(ModelLimits.DEFAULT_OUTPUT_TOKENS);
	}

	@Test
	void outputTokensWhenStatedMayBeNone() {
		assertThat(Resolved.limits(Resolved.yaml("models: { gpt-4o: { rpm: 1, default-output-tokens: 0 } }"), "gpt-4o")
			.defaultOutputTokens()).isZero();
	}

	@Test
	void modeWhenNotStatedIsTheGeneralOne() {
		ResolvedConfiguration resolved = Resolved.yaml("""
				mode: observe
				models:
				  gpt-4o: { rpm: 1 }
				""");
		assertThat(Resolved.definition(resolved, "gpt-4o").mode()).isEqualTo(LimiterMode.OBSERVE);
	}

	@Test
	void modeWhenStatedIsTheModelsOwn() {
		ResolvedConfiguration resolved = Resolved.yaml("""
				mode: observe
				models:
				  gpt-4o: { rpm: 1, mode: enforce }
				""");
		assertThat(Resolved.definition(resolved, "gpt-4o").mode()).isEqualTo(LimiterMode.ENFORCE);
	}

	@Test
	void modeWhenOffNeedsNoLimit() {
		ResolvedConfiguration resolved = Resolved.yaml("models: { m: { provider: generic, mode: off } }");
		assertThat(Resolved.definition(resolved, "m").mode()).isEqualTo(LimiterMode.OFF);
	}

	@Test
	void generalModeWhenOffNeedsNoLimit() {
		ResolvedConfiguration resolved = Resolved.yaml("""
				mode: off
				models:
				  m: { provider: generic }
				""");
		assertThat(Resolved.definition(resolved, "m").mode()).isEqualTo(LimiterMode.OFF);
	}

	private static ThrowableAssertAlternative<ConfigurationMistakeException> assertMistake(String yaml) {
		return assertThatExceptionOfType(ConfigurationMistakeException.class).isThrownBy(() -> Resolved.yaml(yaml));
	}

	private static ConfigurationMistakeException mistake(String yaml) {
		return catchThrowableOfType(ConfigurationMistakeException.class, () -> Resolved.yaml(yaml));
	}

}
