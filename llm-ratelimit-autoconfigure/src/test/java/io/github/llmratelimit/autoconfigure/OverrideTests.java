package io.github.llmratelimit.autoconfigure;

import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for single numbers that a profile or an environment variable changes.
 */
@ExtendWith(OutputCaptureExtension.class)
class OverrideTests {

	private static final String YAML = """
			llm.ratelimit:
			  providers.openai.tier: build
			  models:
			    gpt-4o: { rpm: 500, tpm: 30k }
			    gpt-41: { name: gpt-4.1, rpm: 50, tpm: 3k }
			""";

	private StartUp startUp;

	@BeforeEach
	void setUp(@TempDir Path directory) {
		this.startUp = new StartUp(directory).yaml(YAML);
	}

	@Test
	void profileWhenItHasOneNumberChangesThatOnly() {
		this.startUp.profile("prod", "llm.ratelimit.models.gpt-4o.tpm: 60k");
		assertThat(Resolved.numbers(this.startUp.resolve(), "gpt-4o"))
			.containsExactly("500 requests per 1m (CONFIGURED)", "60000 tokens per 1m (CONFIGURED)");
	}

	@Test
	void profileWhenItHasOneNumberLeavesOtherModelsAlone() {
		this.startUp.profile("prod", "llm.ratelimit.models.gpt-4o.tpm: 60k");
		assertThat(Resolved.numbers(this.startUp.resolve(), "gpt-4.1"))
			.containsExactly("50 requests per 1m (CONFIGURED)", "3000 tokens per 1m (CONFIGURED)");
	}

	@Test
	void profileWhenItHasAnotherTierChangesTheModelsThatWriteNoNumber() {
		this.startUp.profile("prod", "llm.ratelimit.providers.openai.tier: grow");
		assertThat(Resolved.numbers(this.startUp.resolve(), "gpt-4o-mini"))
			.contains("150000000 tokens per 1m (BUNDLED_TIER)");
	}

	@Test
	void variableWhenTheModelIsListedChangesOneNumber() {
		this.startUp.variable("LLM_RATELIMIT_MODELS_GPT_4O_TPM", "60_000");
		assertThat(Resolved.numbers(this.startUp.resolve(), "gpt-4o"))
			.containsExactly("500 requests per 1m (CONFIGURED)", "60000 tokens per 1m (CONFIGURED)");
	}

	@Test
	void variableWhenTheModelIsListedAddsNoModel() {
		int models = this.startUp.resolve().definitions().size();
		this.startUp.variable("LLM_RATELIMIT_MODELS_GPT_4O_TPM", "60000");
		assertThat(this.startUp.resolve().definitions()).hasSize(models);
	}

	@Test
	void variableWhenWrittenWithoutUnderscoresInTheKeyMeansTheSameModel() {
		this.startUp.variable("LLM_RATELIMIT_MODELS_GPT4O_TPM", "60000");
		assertThat(Resolved.numbers(this.startUp.resolve(), "gpt-4o")).contains("60000 tokens per 1m (CONFIGURED)");
	}

	@Test
	void variableWhenOnlyTheTierHasTheModelChangesOneNumber() {
		this.startUp.variable("LLM_RATELIMIT_MODELS_GPT_4O_MINI_TPM", "60000");
		assertThat(Resolved.numbers(this.startUp.resolve(), "gpt-4o-mini"))
			.containsExactly("5000 requests per 1m (BUNDLED_TIER)", "60000 tokens per 1m (CONFIGURED)");
	}

	@Test
	void variableWhenTheModelIsNamedByNameIsFoundByItsKey() {
		this.startUp.variable("LLM_RATELIMIT_MODELS_GPT_41_TPM", "60000");
		assertThat(Resolved.numbers(this.startUp.resolve(), "gpt-4.1")).contains("60000 tokens per 1m (CONFIGURED)");
	}

	@Test
	void variableWhenForTheTierIsTheTier() {
		this.startUp.variable("LLM_RATELIMIT_PROVIDERS_OPENAI_TIER", "grow");
		assertThat(Resolved.numbers(this.startUp.resolve(), "gpt-4o-mini"))
			.contains("150000000 tokens per 1m (BUNDLED_TIER)");
	}

	@Test
	void variableWhenThereIsAProfileTooIsStronger() {
		this.startUp.profile("prod", "llm.ratelimit.models.gpt-4o.tpm: 60k")
			.variable("LLM_RATELIMIT_MODELS_GPT_4O_TPM", "70000");
		assertThat(Resolved.numbers(this.startUp.resolve(), "gpt-4o")).contains("70000 tokens per 1m (CONFIGURED)");
	}

	@Test
	void variableWhenItMeansSomethingIsNoWarning(CapturedOutput output) {
		this.startUp.variable("LLM_RATELIMIT_MODELS_GPT_4O_TPM", "60000")
			.variable("LLM_RATELIMIT_QUEUE_MAXWAIT", "5s")
			.variable("LLM_RATELIMIT_QUEUE_MAX_WAIT", "5s")
			.resolve();
		assertThat(output).doesNotContain("Ignored");
	}

	@Test
	void variablesWhenTheyMeanNothingAreOneWarning(CapturedOutput output) {
		this.startUp.variable("LLM_RATELIMIT_MODELS_GPT_4O_TMP", "60000")
			.variable("LLM_RATELIMIT_NONSENSE_OF_SOME_LENGTH", "5s")
			.resolve();
		assertThat(output.getOut().lines().filter((line) -> line.contains("WARN"))).singleElement()
			.asString()
			.contains("LLM_RATELIMIT_NONSENSE_OF_SOME_LENGTH")
			.contains("LLM_RATELIMIT_MODELS_GPT_4O_TMP (did you mean LLM_RATELIMIT_MODELS_GPT_4O_TPM?)");
	}

	@Test
	void variableWhenOfAnotherPrefixIsNoWarning(CapturedOutput output) {
		this.startUp.variable("LLM_RATELIMITER", "5s").variable("PATH", "/bin").resolve();
		assertThat(output).doesNotContain("WARN");
	}

}
