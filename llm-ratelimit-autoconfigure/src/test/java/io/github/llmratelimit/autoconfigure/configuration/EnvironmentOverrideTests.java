package io.github.llmratelimit.autoconfigure.configuration;

import java.util.List;

import io.github.llmratelimit.Limit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that one number can be changed by a profile or by an environment variable.
 */
@ExtendWith(OutputCaptureExtension.class)
class EnvironmentOverrideTests extends StartUpFixture {

	private static final String BUILD = """
			llm.ratelimit:
			  providers:
			    openai:
			      tier: build
			""";

	private static final String LISTED = BUILD + """
			  models:
			    gpt-4o:
			      tpm: 30k
			      rpm: 100
			""";

	@Test
	void profileWhenItHasOneNumberChangesOnlyThat() {
		this.startUp.yaml(LISTED).profile("small", "llm.ratelimit.models.gpt-4o.tpm: 5k");
		assertThat(numbers("gpt-4o")).containsExactly("100 requests per 1m (CONFIGURED)",
				"5000 tokens per 1m (CONFIGURED)");
	}

	@Test
	void profileWhenItHasOneNumberLeavesOtherModelsAlone() {
		this.startUp.yaml(LISTED + "    gpt-4o-mini: { tpm: 3k }")
			.profile("small", "llm.ratelimit.models.gpt-4o.tpm: 5k");
		assertThat(numbers("gpt-4o-mini")).contains("3000 tokens per 1m (CONFIGURED)");
	}

	@Test
	void variableWhenThereIsAProfileTooIsStronger() {
		this.startUp.yaml(LISTED)
			.profile("prod", "llm.ratelimit.models.gpt-4o.tpm: 60k")
			.variable("LLM_RATELIMIT_MODELS_GPT_4O_TPM", "70_000");
		assertThat(numbers("gpt-4o")).contains("70000 tokens per 1m (CONFIGURED)");
	}

	@Test
	void variableWhenTheModelIsNamedByNameIsFoundByItsKey() {
		this.startUp.yaml(LISTED + "    gpt-41: { name: gpt-4.1, tpm: 3k }")
			.variable("LLM_RATELIMIT_MODELS_GPT_41_TPM", "60000");
		assertThat(numbers("gpt-4.1")).contains("60000 tokens per 1m (CONFIGURED)");
	}

	@Test
	void variableWhenOfATenantChangesOnlyItsNumber() {
		this.startUp.yaml("llm.ratelimit.tenants.overrides.big-co: { rpm: 5, tpm: 7 }")
			.variable("LLM_RATELIMIT_TENANTS_OVERRIDES_BIGCO_TPM", "8");
		assertThat(tenants()).containsExactly("big-co=[5 requests per 1m (CONFIGURED), 8 tokens per 1m (CONFIGURED)]");
	}

	@Test
	void variableWhenOfEveryTenantIsNotWarnedOf(CapturedOutput output) {
		this.startUp.yaml("").variable("LLM_RATELIMIT_TENANTS_DEFAULT_RPM", "8").resolve();
		assertThat(output).doesNotContain("Ignored");
	}

	@Test
	void profileWhenItHasAnotherTierChangesTheTier() {
		this.startUp.yaml(BUILD).profile("big", "llm.ratelimit.providers.openai.tier: launch");
		assertThat(numbers("gpt-4o")).contains("2000000 tokens per 1m (BUNDLED_TIER)");
	}

	@Test
	void variableWhenTheKeyHasDashesChangesOnlyItsNumber() {
		this.startUp.yaml(LISTED).variable("LLM_RATELIMIT_MODELS_GPT_4O_TPM", "20k");
		assertThat(numbers("gpt-4o")).containsExactly("100 requests per 1m (CONFIGURED)",
				"20000 tokens per 1m (CONFIGURED)");
	}

	@Test
	void variableWhenDashesAreLeftOutChangesTheSameNumber() {
		this.startUp.yaml(LISTED).variable("LLM_RATELIMIT_MODELS_GPT4O_TPM", "20k");
		assertThat(numbers("gpt-4o")).contains("20000 tokens per 1m (CONFIGURED)");
	}

	@Test
	void variableWhenDashesAreLeftOutAddsNoModel() {
		this.startUp.yaml(LISTED).variable("LLM_RATELIMIT_MODELS_GPT4O_TPM", "20k");
		assertThat(models()).containsExactlyInAnyOrder("gpt-4o", "gpt-4o-mini", "gpt-6-astra", "gpt-6.1-sol");
	}

	@Test
	void variableWhenDashesAreLeftOutAndNoTableKnowsTheModelAddsNoModel() {
		this.startUp.yaml("llm.ratelimit.models.my-llama: { provider: generic, rpm: 5 }")
			.variable("LLM_RATELIMIT_MODELS_MYLLAMA_RPM", "7");
		assertThat(models()).containsExactly("my-llama");
	}

	@Test
	void variableWhenOnlyTheTierKnowsTheModelChangesItsNumber() {
		this.startUp.yaml(BUILD).variable("LLM_RATELIMIT_MODELS_GPT_4O_MINI_TPM", "7k");
		assertThat(numbers("gpt-4o-mini")).containsExactly("5000 requests per 1m (BUNDLED_TIER)",
				"7000 tokens per 1m (CONFIGURED)");
	}

	@Test
	void variableWhenNothingElseIsConfiguredStatesTheTier() {
		this.startUp.yaml("").variable("LLM_RATELIMIT_PROVIDERS_OPENAI_TIER", "build");
		assertThat(numbers("gpt-4o")).contains("450000 tokens per 1m (BUNDLED_TIER)");
	}

	@Test
	void variableWhenItMeansSomethingIsNotWarnedOf(CapturedOutput output) {
		this.startUp.yaml(BUILD).variable("LLM_RATELIMIT_MODELS_GPT_4O_TPM", "20k").resolve();
		assertThat(output).doesNotContain("Ignored");
	}

	@Test
	void variableWhenThereIsAnotherFormOfItTooIsNotWarnedOf(CapturedOutput output) {
		this.startUp.yaml(BUILD)
			.variable("LLM_RATELIMIT_QUEUE_MAXWAIT", "5s")
			.variable("LLM_RATELIMIT_QUEUE_MAX_WAIT", "5s")
			.resolve();
		assertThat(output).doesNotContain("Ignored");
	}

	@Test
	void variablesWhenTheyMeanNothingAreOneWarning(CapturedOutput output) {
		this.startUp.yaml(BUILD)
			.variable("LLM_RATELIMIT_MODELS_GPT_4O_TMP", "60000")
			.variable("LLM_RATELIMIT_NONSENSE_OF_SOME_LENGTH", "5s")
			.resolve();
		assertThat(output.getOut().lines().filter((line) -> line.contains("WARN"))).singleElement()
			.asString()
			.contains("LLM_RATELIMIT_NONSENSE_OF_SOME_LENGTH")
			.contains("LLM_RATELIMIT_MODELS_GPT_4O_TMP (did you mean LLM_RATELIMIT_MODELS_GPT_4O_TPM?)");
	}

	@Test
	void variableWhenItMeansNothingIsWarnedOfWithASuggestion(CapturedOutput output) {
		this.startUp.yaml(BUILD).variable("LLM_RATELIMIT_QUEUE_MAX_WIAT", "5s").resolve();
		assertThat(output)
			.containsOnlyOnce("LLM_RATELIMIT_QUEUE_MAX_WIAT (did you mean LLM_RATELIMIT_QUEUE_MAX_WAIT?)");
	}

	@Test
	void variableWhenItsModelIsUnknownIsWarnedOfWithASuggestion(CapturedOutput output) {
		this.startUp.yaml(LISTED).variable("LLM_RATELIMIT_MODELS_GPT_4_TPM", "5k").resolve();
		assertThat(output).contains("LLM_RATELIMIT_MODELS_GPT_4_TPM (did you mean LLM_RATELIMIT_MODELS_GPT_4O_TPM?)");
	}

	@Test
	void variableWhenOfSomebodyElseIsNotWarnedOf(CapturedOutput output) {
		this.startUp.yaml(BUILD).variable("LLM_OTHER", "x").variable("LLM_RATELIMITER", "5s").resolve();
		assertThat(output).doesNotContain("LLM_OTHER").doesNotContain("LLM_RATELIMITER");
	}

	@Test
	void variableWhenItsValueIsInvalidIsTheOneToBlame() {
		this.startUp.yaml(LISTED).variable("LLM_RATELIMIT_MODELS_GPT_4O_TPM", "-5");
		assertThat(this.startUp.fail().getDescription()).contains("'-5'", "'LLM_RATELIMIT_MODELS_GPT_4O_TPM'");
	}

	private List<String> numbers(String model) {
		return this.startUp.limits(model).limits().stream().map(Limit::toString).toList();
	}

	private List<String> tenants() {
		return this.startUp.resolve()
			.settings()
			.tenants()
			.overrides()
			.entrySet()
			.stream()
			.map((tenant) -> tenant.getKey() + "=" + tenant.getValue().limits())
			.toList();
	}

	private List<String> models() {
		return this.startUp.resolve().definitions().stream().map((definition) -> definition.limits().model()).toList();
	}

}
