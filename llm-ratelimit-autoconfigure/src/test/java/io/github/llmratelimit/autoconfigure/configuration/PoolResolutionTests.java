package io.github.llmratelimit.autoconfigure.configuration;

import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.autoconfigure.diagnostics.ConfigurationMistakeException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ConfigurationResolver}: models that share a budget.
 */
class PoolResolutionTests {

	@Test
	void poolWhenNotStatedIsTheModelsOwn() {
		ResolvedConfiguration resolved = Resolved.yaml("models: { m: { provider: generic, rpm: 1 } }");
		assertThat(Resolved.limits(resolved, "m").key()).isEqualTo(new BudgetKey("generic", "m"));
	}

	@Test
	void poolWhenTheSameAtTwoModelsIsOneBudget() {
		ResolvedConfiguration resolved = Resolved.yaml("""
				models:
				  a: { provider: generic, pool: p, rpm: 5 }
				  b: { provider: generic, pool: p, rpm: 5 }
				""");
		assertThat(Resolved.limits(resolved, "a").key()).isEqualTo(Resolved.limits(resolved, "b").key());
	}

	@Test
	void poolWhenTheSameAtTwoProvidersIsTwoBudgets() {
		ResolvedConfiguration resolved = Resolved.yaml("""
				models:
				  a: { provider: generic, pool: p, rpm: 5 }
				  b: { provider: openai, pool: p, rpm: 7 }
				""");
		assertThat(Resolved.limits(resolved, "a").key()).isNotEqualTo(Resolved.limits(resolved, "b").key());
	}

	@Test
	void datedModelWhenTheUndatedOneIsThereSharesItsPool() {
		ResolvedConfiguration resolved = Resolved.yaml("""
				providers:
				  openai: { tier: build }
				models:
				  gpt-4o: { mode: enforce }
				  snapshot: { name: gpt-4o-2024-11-20 }
				""");
		assertThat(Resolved.limits(resolved, "gpt-4o-2024-11-20").key().pool()).isEqualTo("gpt-4o");
	}

	@Test
	void memberWhenItSaysNothingHasThePoolsLimits() {
		ResolvedConfiguration resolved = Resolved.yaml("""
				models:
				  a: { provider: generic, pool: p, rpm: 5 }
				  b: { provider: generic, pool: p }
				""");
		assertThat(Resolved.numbers(resolved, "b")).containsExactly("5 requests per 1m (CONFIGURED)");
	}

	@Test
	void membersWhenEachStatesAnotherWindowHaveBoth() {
		ResolvedConfiguration resolved = Resolved.yaml("""
				models:
				  a: { provider: generic, pool: p, rpm: 5 }
				  b: { provider: generic, pool: p, tpm: 70 }
				""");
		assertThat(Resolved.numbers(resolved, "a")).containsExactly("5 requests per 1m (CONFIGURED)",
				"70 tokens per 1m (CONFIGURED)");
	}

	@Test
	void membersWhenTheyStateDifferentNumbersContradictEachOther() {
		assertThatExceptionOfType(ConfigurationMistakeException.class).isThrownBy(() -> Resolved.yaml("""
				models:
				  a: { provider: generic, pool: p, rpm: 5 }
				  b: { provider: generic, pool: p, rpm: 6 }
				""")).withMessageContainingAll("models.a", "models.b", "the pool 'p'", "5 requests per 1m", "other 6");
	}

	@Test
	void membersWhenTheirRowsDifferContradictEachOther() {
		assertThatExceptionOfType(ConfigurationMistakeException.class).isThrownBy(() -> Resolved.yaml("""
				providers:
				  openai: { tier: build }
				models:
				  gpt-4o: { pool: p }
				  gpt-4o-mini: { pool: p }
				""")).withMessageContainingAll("450000 tokens per 1m", "2000000");
	}

	@Test
	void rowsWhenANumberIsWrittenForTheWindowMayDiffer() {
		ResolvedConfiguration resolved = Resolved.yaml("""
				providers:
				  openai: { tier: build }
				models:
				  gpt-4o: { pool: p, tpm: 1M }
				  gpt-4o-mini: { pool: p }
				""");
		assertThat(Resolved.numbers(resolved, "gpt-4o-mini")).containsExactly("5000 requests per 1m (BUNDLED_TIER)",
				"1000000 tokens per 1m (CONFIGURED)");
	}

	@Test
	void membersWhenTheirBookingDiffersContradictEachOther() {
		assertThatExceptionOfType(ConfigurationMistakeException.class).isThrownBy(() -> Resolved.yaml("""
				models:
				  a: { provider: generic, pool: p, rpm: 5, booking: settled }
				  b: { provider: generic, pool: p }
				""")).withMessageContainingAll("models.a", "models.b", "'booking'");
	}

	@Test
	void membersWhenOneIsStrictContradictEachOther() {
		assertThatExceptionOfType(ConfigurationMistakeException.class).isThrownBy(() -> Resolved.yaml("""
				models:
				  a: { provider: generic, pool: p, rpm: 5, strict: true }
				  b: { provider: generic, pool: p }
				""")).withMessageContainingAll("models.a", "models.b", "'strict'");
	}

	@Test
	void poolWhenOnlyOneMemberIsOffStillNeedsALimit() {
		assertThatExceptionOfType(ConfigurationMistakeException.class).isThrownBy(() -> Resolved.yaml("""
				models:
				  a: { provider: generic, pool: p, mode: off }
				  b: { provider: generic, pool: p }
				""")).withMessageContaining("Model 'llm.ratelimit.models.b'");
	}

}
