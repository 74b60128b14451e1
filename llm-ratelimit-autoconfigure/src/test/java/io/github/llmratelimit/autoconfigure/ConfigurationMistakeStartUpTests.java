package io.github.llmratelimit.autoconfigure;

import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.diagnostics.FailureAnalysis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that names which mean nothing, or not what was meant, and parts that are missing
 * stop the start, with file, line and what to do.
 */
class ConfigurationMistakeStartUpTests {

	@TempDir
	private Path directory;

	private StartUp startUp;

	@BeforeEach
	void prepare() {
		this.startUp = new StartUp(this.directory);
	}

	@ParameterizedTest
	@CsvSource({ "qeue.max-wait, qeue, queue", "queue.max-wat, queue.max-wat, queue.max-wait",
			"models.gpt-4o.tmp, models.gpt-4o.tmp, models.gpt-4o.tpm",
			"providers.openai.teir, providers.openai.teir, providers.openai.tier" })
	void startWhenAPropertyIsMistypedSuggestsAnother(String typed, String unknown, String meant) {
		FailureAnalysis failure = this.startUp.yaml("# a comment\nllm.ratelimit." + typed + ": 5").fail();
		assertThat(failure.getDescription()).startsWith("There is no property 'llm.ratelimit." + unknown + "' (")
			.contains("application.yml] - 2:");
		assertThat(failure.getAction()).startsWith("Did you mean 'llm.ratelimit." + meant + "'?");
	}

	@Test
	void startWhenAPropertyIsLikeNoOtherListsThoseThereAre() {
		FailureAnalysis failure = this.startUp.yaml("llm.ratelimit.models.gpt-4o.learn: true").fail();
		assertThat(failure.getAction()).startsWith("Properties of 'llm.ratelimit.models.gpt-4o' are: name, provider,");
	}

	@Test
	void startWhenAListIsWrittenAsAMapSaysSo() {
		FailureAnalysis failure = this.startUp
			.yaml("llm.ratelimit.models.gpt-4o.limits: { dimension: tokens, amount: 5, per: 10s }")
			.fail();
		assertThat(failure.getDescription()).contains("'llm.ratelimit.models.gpt-4o.limits'",
				"can't have properties of its own");
	}

	@Test
	void startWhenAModelIsEmptySaysSo() {
		FailureAnalysis failure = this.startUp.yaml("llm.ratelimit.models.gpt-4o:").fail();
		// Boot 4.0 can't bind it, Boot 4.1 binds a model without limits
		assertThat(failure.getDescription()).contains("'llm.ratelimit.models.gpt-4o'", "application.yml] - 1:");
	}

	@ParameterizedTest
	@CsvSource({ "gpt-4.1, gpt-41", "openai/gpt-4o, openai-gpt-4o", "llama3:8b, llama3-8b", "My Model, my-model" })
	void startWhenAKeyLosesCharactersShowsTheFormWithAName(String key, String plain) {
		FailureAnalysis failure = this.startUp.yaml("""
				llm.ratelimit:
				  models:
				    %s:
				      rpm: 5
				""".formatted(key)).fail();
		assertThat(failure.getDescription()).contains("The key '" + key + "'", "application.yml] - 4:12");
		assertThat(failure.getAction()).contains("%s:%n      name: %s".formatted(plain, key));
	}

	@Test
	void startWhenAKeyIsLostAsAWholeShowsTheFormWithAName() {
		FailureAnalysis failure = this.startUp.yaml("llm.ratelimit:\n  models:\n    \u65e5\u672c:\n      rpm: 5\n")
			.fail();
		assertThat(failure.getDescription()).contains("The key '\u65e5\u672c'", "application.yml] - 4:12");
	}

	@Test
	void startWhenAKeyOfARowLosesCharactersShowsTheFormWithAName() {
		FailureAnalysis failure = this.startUp.yaml("llm.ratelimit.providers.openai.tiers.build: { 'a/b': { rpm: 5 } }")
			.fail();
		assertThat(failure.getAction()).contains("a-b:%n      name: a/b".formatted());
	}

	@Test
	void startWhenAKeyOfAProviderLosesCharactersSuggestsAnother() {
		FailureAnalysis failure = this.startUp.yaml("llm.ratelimit.providers: { 'my/ai': { dialect: generic } }")
			.fail();
		assertThat(failure.getAction()).isEqualTo("Choose a plain key, e.g. 'my-ai'.");
	}

	@Test
	void startWhenKeysDifferOnlyByDashesNamesBoth() {
		FailureAnalysis failure = this.startUp.yaml("""
				llm.ratelimit.models:
				  gpt-4o: { rpm: 5 }
				  GPT4O: { rpm: 5 }
				""").fail();
		assertThat(failure.getDescription()).contains("'gpt-4o' (", "- 2:", "'GPT4O' (", "- 3:");
	}

	@Test
	void startWhenAProfileWritesAKeyOtherwiseNamesBoth() {
		FailureAnalysis failure = this.startUp.yaml("llm.ratelimit.models.gpt-4o.rpm: 5")
			.profile("other", "llm.ratelimit.models.gpt4o.rpm: 6")
			.fail();
		assertThat(failure.getDescription()).contains("application-other.yml", "application.yml");
	}

	@Test
	void startWhenTierKeysAreOneTierNamesBoth() {
		FailureAnalysis failure = this.startUp.yaml("""
				llm.ratelimit.providers.openai.tiers:
				  tier-1: { gpt-4o: { rpm: 5 } }
				  1: { gpt-4o: { rpm: 6 } }
				""").fail();
		assertThat(failure.getDescription()).contains("'tier-1' (", "'1' (");
	}

	@Test
	void startWhenAModelHasNoLimitShowsTheWaysOut() {
		FailureAnalysis failure = this.startUp.yaml("llm.ratelimit.models.gpt-4o.provider: openai").fail();
		assertThat(failure.getDescription()).contains("'llm.ratelimit.models.gpt-4o'", "application.yml] - 1:",
				"has no limit");
		assertThat(failure.getAction()).contains("llm.ratelimit.providers.openai.tier", "build",
				"llm.ratelimit.models.gpt-4o.rpm", "llm.ratelimit.models.gpt-4o.mode: off");
	}

	@Test
	void startWhenTheTierHasNoRowForAModelSaysSo() {
		FailureAnalysis failure = this.startUp
			.yaml("llm.ratelimit: { providers.openai.tier: build, models.gpt-41.provider: openai }")
			.fail();
		assertThat(failure.getDescription()).contains("tier 'build' of provider 'openai' has no row for 'gpt-4.1'");
	}

	@Test
	void startWhenARowHasNoLimitSaysSo() {
		FailureAnalysis failure = this.startUp.yaml("llm.ratelimit.providers.openai.tiers.build.my.name: my-model")
			.fail();
		assertThat(failure.getDescription()).contains("'llm.ratelimit.providers.openai.tiers.build.my'",
				"has no limit");
	}

	@Test
	void startWhenNoTableKnowsAModelAsksForItsProvider() {
		FailureAnalysis failure = this.startUp.yaml("llm.ratelimit.models.my-llama.rpm: 5").fail();
		assertThat(failure.getDescription()).contains("'llm.ratelimit.models.my-llama'", "application.yml] - 1:",
				"no tier table knows 'my-llama'");
		assertThat(failure.getAction()).startsWith("Set 'llm.ratelimit.models.my-llama.provider' to one of");
	}

	@Test
	void startWhenTwoProvidersKnowAModelAsksForItsProvider() {
		FailureAnalysis failure = this.startUp.yaml("""
				llm.ratelimit:
				  providers:
				    openai: { tier: build }
				    second: { tier: launch, dialect: openai }
				  models:
				    gpt-4o: { rpm: 5 }
				""").fail();
		assertThat(failure.getDescription()).contains("more than one provider knows 'gpt-4o': openai, second");
	}

	@Test
	void startWhenAProviderIsNotBundledAsksForItsDialect() {
		FailureAnalysis failure = this.startUp.yaml("llm.ratelimit.providers.opnai.hosts: localhost").fail();
		assertThat(failure.getDescription()).contains("'llm.ratelimit.providers.opnai'", "application.yml] - 1:");
		assertThat(failure.getAction()).contains("'llm.ratelimit.providers.opnai.dialect'");
	}

}
