package io.github.llmratelimit.autoconfigure.configuration;

import java.time.Duration;
import java.util.List;

import io.github.llmratelimit.CostRule;
import io.github.llmratelimit.CostRule.Formula;
import io.github.llmratelimit.engine.LimiterDefinition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConfigurationResolver}: what a call costs, limits that are to be
 * learned, models that stand in, and what has no effect yet.
 */
@ExtendWith(OutputCaptureExtension.class)
class ModelSettingsTests {

	@Test
	void costWhenNothingIsStatedIsPlain() {
		assertThat(cost("rpm: 5")).isSameAs(CostRule.PLAIN);
	}

	@Test
	void costWhenStatedIsThat() {
		assertThat(cost("rpm: 5, cost: max, output-weight: 5, cached-input-weight: 0.1"))
			.isEqualTo(new CostRule(Formula.MAX, 5, 0.1));
	}

	@Test
	void costWhenStatedAsTheUsualOneIsPlain() {
		assertThat(cost("rpm: 5, cost: sum, output-weight: 1")).isSameAs(CostRule.PLAIN);
	}

	@Test
	void limitsWhenToBeLearnedAreSmallAtFirst() {
		assertThat(numbers("learn: true")).containsExactly("60 requests per 1m (ASSUMED)",
				"10000 tokens per 1m (ASSUMED)");
	}

	@Test
	void limitsWhenToBeLearnedAndSomeAreStatedAreAssumedOnlyForTheRest() {
		assertThat(numbers("learn: true, rpm: 500")).containsExactly("500 requests per 1m (CONFIGURED)",
				"10000 tokens per 1m (ASSUMED)");
	}

	@Test
	void limitsWhenToBeLearnedAndInputIsLimitedAssumeNoTokens() {
		assertThat(numbers("learn: true, rps: 5, itpm: 70")).containsExactly("70 input-tokens per 1m (CONFIGURED)",
				"5 requests per 1s (CONFIGURED)");
	}

	@Test
	void limitsWhenToBeLearnedByOneOfAPoolAreThePools() {
		ResolvedConfiguration resolved = Resolved.yaml("""
				models:
				  a: { provider: generic, pool: p, learn: true }
				  b: { provider: generic, pool: p }
				""");
		assertThat(Resolved.numbers(resolved, "b")).containsExactly("60 requests per 1m (ASSUMED)",
				"10000 tokens per 1m (ASSUMED)");
	}

	@Test
	void limitsWhenToBeLearnedAndTheInstanceHasAShareAreMultiplied() {
		ResolvedConfiguration resolved = Resolved.yaml("""
				share: 0.5
				models: { m: { provider: generic, learn: true } }
				""");
		assertThat(Resolved.numbers(resolved, "m")).contains("30 requests per 1m (ASSUMED)");
	}

	@Test
	void learnWhenStatedIsKept() {
		assertThat(Resolved.yaml("models: { m: { provider: generic, learn: true } }").models()).singleElement()
			.matches(ResolvedModel::learn);
	}

	@Test
	void fallbacksWhenStatedAreKeptInTheirOrder() {
		assertThat(fallbacks("gpt-4o-mini, gpt-4.1").fallbackModels()).containsExactly("gpt-4o-mini", "gpt-4.1");
	}

	@Test
	void fallbacksWhenNamedByAliasOrDateAreTheModels() {
		assertThat(fallbacks("small, gpt-4.1-2025-04-14").fallbackModels()).containsExactly("gpt-4o-mini", "gpt-4.1");
	}

	@Test
	void fallbackWhenOnlyTheTierGrantsItIsFound() {
		ResolvedConfiguration resolved = Resolved.yaml("""
				providers.openai.tier: build
				models.gpt-4o.fallback-models: gpt-6-astra
				""");
		assertThat(resolved.models().get(0).fallbackModels()).containsExactly("gpt-6-astra");
	}

	@Test
	void fallbackWhenTwoModelsNameEachOtherIsAccepted() {
		ResolvedConfiguration resolved = Resolved.yaml("""
				models:
				  gpt-4o: { rpm: 5, fallback-models: gpt-4o-mini }
				  gpt-4o-mini: { rpm: 5, fallback-models: gpt-4o }
				""");
		assertThat(resolved.models()).extracting(ResolvedModel::fallbackModels)
			.containsExactly(List.of("gpt-4o-mini"), List.of("gpt-4o"));
	}

	@Test
	void fallbackAfterWhenStatedIsKept() {
		assertThat(fallbacks("gpt-4o-mini").fallbackAfter()).isEqualTo(Duration.ofSeconds(2));
	}

	@Test
	void fallbacksWhenStatedAreTheLimiters() {
		LimiterDefinition definition = fallbacks("gpt-4o-mini").definition();
		assertThat(definition.fallbackModels()).containsExactly("gpt-4o-mini");
		assertThat(definition.fallbackAfter()).isEqualTo(Duration.ofSeconds(2));
	}

	@Test
	void settingsWhenUnderstoodAreNoWarning(CapturedOutput output) {
		Resolved.yaml("""
				models: { m: { provider: generic, learn: true } }
				learning: { limits: true, remaining: true, credit: true }
				metrics: { tenant-tag: true, max-tenants: 5 }
				web: { problem-details: true }
				""");
		assertThat(output).doesNotContain("WARN");
	}

	private static ResolvedModel fallbacks(String names) {
		return Resolved.yaml("""
				models:
				  gpt-4o: { rpm: 5, fallback-models: [%s], fallback-after: 2s }
				  gpt-4o-mini: { rpm: 5, aliases: small }
				  gpt-41: { name: gpt-4.1, rpm: 5 }
				""".formatted(names)).models().get(0);
	}

	private static CostRule cost(String lines) {
		return Resolved.limits(Resolved.yaml("models: { gpt-4o: { %s } }".formatted(lines)), "gpt-4o").costRule();
	}

	private static List<String> numbers(String lines) {
		return Resolved.numbers(Resolved.yaml("models: { m: { provider: generic, %s } }".formatted(lines)), "m");
	}

}
