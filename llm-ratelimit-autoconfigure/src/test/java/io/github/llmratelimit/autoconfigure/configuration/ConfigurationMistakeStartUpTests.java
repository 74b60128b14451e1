package io.github.llmratelimit.autoconfigure.configuration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.diagnostics.FailureAnalysis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that names which mean nothing, or not what was meant, and parts that are missing
 * stop the start, with file, line and what to do.
 */
class ConfigurationMistakeStartUpTests extends StartUpFixture {

	@ParameterizedTest
	@CsvSource({ "qeue.max-wait, qeue, queue", "queue.max-wat, queue.max-wat, queue.max-wait",
			"models.gpt-4o.tmp, models.gpt-4o.tmp, models.gpt-4o.tpm", "enable, enable, enabled",
			"tenants.defualt.rpm, tenants.defualt, tenants.default",
			"tenants.overrides.acme.wieght, tenants.overrides.acme.wieght, tenants.overrides.acme.weight",
			"throttle.low-watermarks, throttle.low-watermarks, throttle.low-watermark",
			"providers.openai.tiers.build.gpt-4o.tmp, providers.openai.tiers.build.gpt-4o.tmp, providers.openai.tiers.build.gpt-4o.tpm",
			"providers.openai.teir, providers.openai.teir, providers.openai.tier" })
	void startWhenAPropertyIsMistypedSuggestsAnother(String typed, String unknown, String meant) {
		FailureAnalysis failure = this.startUp.yaml("# a comment\nllm.ratelimit." + typed + ": 5").fail();
		assertThat(failure.getDescription()).startsWith("There is no property 'llm.ratelimit." + unknown + "' (")
			.contains("application.yml] - 2:");
		assertThat(failure.getAction()).startsWith("Did you mean 'llm.ratelimit." + meant + "'?");
	}

	@Test
	void startWhenAPropertyIsLikeNoOtherListsThoseThereAre() {
		FailureAnalysis failure = this.startUp.yaml("llm.ratelimit.queue.sizes: 5").fail();
		assertThat(failure.getAction())
			.isEqualTo("Properties of 'llm.ratelimit.queue' are: max-wait, capacity, ageing, backfill, guard.");
	}

	@Test
	void startWhenSeveralPropertiesAreUnknownNamesAll() {
		FailureAnalysis failure = this.startUp.yaml("llm.ratelimit: { mod: off, queue.wait: 5s }").fail();
		assertThat(failure.getDescription()).contains("'llm.ratelimit.mod'", "'llm.ratelimit.queue.wait'");
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
	void startWhenAKeyInBracketsHasADotReadsItAsItIs() {
		this.startUp.yaml("llm.ratelimit.models: { '[gpt-4.1]': { rpm: 500 } }");
		assertThat(this.startUp.limits("gpt-4.1").model()).isEqualTo("gpt-4.1");
	}

	@Test
	void startWhenAKeyOfARowHasADotShowsTheFormWithAName() {
		FailureAnalysis failure = this.startUp.yaml("""
				llm.ratelimit.providers.openai:
				  tiers:
				    build:
				      gpt-4.1: { rpm: 5000, tpm: 450k }
				""").fail();
		assertThat(failure.getDescription()).contains("The key 'gpt-4.1'", "application.yml] - 4:");
		assertThat(failure.getAction()).contains("name: gpt-4.1");
	}

	@ParameterizedTest
	@CsvSource({ "acme.com, acmecom", "user/7, user-7", "a:b, a-b" })
	void startWhenAKeyOfATenantLosesCharactersShowsTheFormWithAnId(String key, String plain) {
		FailureAnalysis failure = this.startUp.yaml("""
				llm.ratelimit:
				  tenants:
				    overrides:
				      %s:
				        rpm: 5
				""".formatted(key)).fail();
		assertThat(failure.getDescription()).contains("The key '" + key + "'", "application.yml] - 5:14");
		assertThat(failure.getAction()).contains("write the id beside it", "%s:%n      id: %s".formatted(plain, key));
	}

	@Test
	void startWhenKeysOfTenantsDifferOnlyByDashesNamesBoth() {
		FailureAnalysis failure = this.startUp
			.yaml("llm.ratelimit.tenants.overrides: { a-b: { rpm: 5 }, ab: { rpm: 6 } }")
			.fail();
		assertThat(failure.getDescription()).contains("'a-b' (", "'ab' (", "'llm.ratelimit.tenants.overrides'");
	}

	@Test
	void startWhenTwoTenantsHaveOneIdNamesBoth() {
		FailureAnalysis failure = this.startUp.yaml("""
				llm.ratelimit.tenants.overrides:
				  one: { id: acme.com, rpm: 5 }
				  two: { id: acme.com, rpm: 6 }
				""").fail();
		assertThat(failure.getDescription()).contains("'llm.ratelimit.tenants.overrides.one' (", "- 2:",
				"'llm.ratelimit.tenants.overrides.two' (", "- 3:", "the same id 'acme.com'");
		assertThat(failure.getAction()).isEqualTo("Keep one of the two entries.");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "gpt-5o | Unknown model (gpt-5o): must be one of gpt-4o, gpt-4o-mini",
			"gpt-4o | Model 'gpt-4o' can't be its own fallback", "big | Model 'gpt-4o' can't be its own fallback",
			"gpt-4o-2024-11-20 | Model 'gpt-4o' can't be its own fallback" })
	void startWhenAFallbackMakesNoSenseNamesItsPlace(String fallback, String rule) {
		FailureAnalysis failure = this.startUp.yaml("""
				llm.ratelimit.models:
				  gpt-4o: { rpm: 5, aliases: [big], fallback-models: [gpt-4o-mini, %s] }
				  gpt-4o-mini: { rpm: 5 }
				""".formatted(fallback)).fail();
		assertThat(failure.getDescription()).contains("'llm.ratelimit.models.gpt-4o.fallback-models[1]'",
				"application.yml] - 2:", rule);
	}

	@Test
	void startWhenAFallbackIsMistypedSuggestsAnother() {
		FailureAnalysis failure = this.startUp.yaml("""
				llm.ratelimit.models:
				  gpt-4o: { rpm: 5, fallback-models: gpt-4o-mni }
				  gpt-4o-mini: { rpm: 5 }
				""").fail();
		assertThat(failure.getDescription()).contains("Did you mean 'gpt-4o-mini'?");
	}

	@Test
	void startWhenAFallbackIsThereTwiceSaysSo() {
		FailureAnalysis failure = this.startUp.yaml("""
				llm.ratelimit.models:
				  gpt-4o: { rpm: 5, fallback-models: [gpt-4o-mini, gpt-4o-mini] }
				  gpt-4o-mini: { rpm: 5 }
				""").fail();
		assertThat(failure.getDescription()).contains("fallback-models[1]'", "is in the list already");
	}

	@Test
	void startWhenFallbackAfterIsNegativeSaysSo() {
		FailureAnalysis failure = this.startUp.yaml("""
				llm.ratelimit.models:
				  gpt-4o: { rpm: 5, fallback-after: -2s }
				""").fail();
		assertThat(failure.getDescription()).contains("'llm.ratelimit.models.gpt-4o.fallback-after'",
				"application.yml] - 2:", "Invalid fallbackAfter (-2s): must be between 0s and");
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
				"llm.ratelimit.models.gpt-4o.rpm", "'llm.ratelimit.providers.openai.tiers'",
				"llm.ratelimit.models.gpt-4o.learn: true", "llm.ratelimit.models.gpt-4o.mode: off");
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
