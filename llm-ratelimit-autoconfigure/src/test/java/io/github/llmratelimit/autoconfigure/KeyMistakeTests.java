package io.github.llmratelimit.autoconfigure;

import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.diagnostics.FailureAnalysis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what a user reads after a mistake in a name.
 */
class KeyMistakeTests {

	private StartUp startUp;

	@BeforeEach
	void setUp(@TempDir Path directory) {
		this.startUp = new StartUp(directory);
	}

	@Test
	void unknownPropertyIsToldAsTypedWithFileAndLine() {
		assertThat(fail("""
				llm:
				  ratelimit:
				    models:
				      gpt-4o:
				        rmp: 500
				""").getDescription()).contains("There is no property 'llm.ratelimit.models.gpt-4o.rmp'")
			.contains("application.yml] - 5:14");
	}

	@Test
	void unknownPropertyIsToldWithTheClosestOne() {
		assertThat(fail("llm.ratelimit.models.gpt-4o.rmp: 500").getAction())
			.contains("Did you mean 'llm.ratelimit.models.gpt-4o.rpm'?");
	}

	@Test
	void unknownPropertyIsToldWithAllThatThereAre() {
		assertThat(fail("llm.ratelimit.queue.size: 5").getAction())
			.contains("Properties of 'llm.ratelimit.queue' are: max-wait, capacity, guard.");
	}

	@Test
	void unknownPropertyAtTheTopIsTold() {
		FailureAnalysis analysis = fail("llm.ratelimit.enable: true");
		assertThat(analysis.getDescription()).contains("There is no property 'llm.ratelimit.enable'")
			.contains("application.yml] - 1:");
		assertThat(analysis.getAction()).contains("Did you mean 'llm.ratelimit.enabled'?");
	}

	@Test
	void unknownPropertyOfARowIsTold() {
		FailureAnalysis analysis = fail("""
				llm.ratelimit.providers.openai:
				  tier: mine
				  tiers:
				    mine:
				      gpt-4o: { tmp: 5 }
				""");
		assertThat(analysis.getDescription())
			.contains("There is no property 'llm.ratelimit.providers.openai.tiers.mine.gpt-4o.tmp'")
			.contains("application.yml] - 5:");
		assertThat(analysis.getAction()).contains("tiers.mine.gpt-4o.tpm'?");
	}

	@Test
	void unknownPropertiesAreToldTogether() {
		assertThat(fail("""
				llm.ratelimit:
				  mod: off
				  queue.wait: 5s
				""").getDescription()).contains("'llm.ratelimit.mod'").contains("'llm.ratelimit.queue.wait'");
	}

	@Test
	void unknownPropertyOfAnotherPrefixIsNotOurs() {
		assertThat(new UnknownPropertyFailureAnalyzer().analyze(new IllegalStateException())).isNull();
	}

	@Test
	void dottedKeyIsToldWithFileAndLine() {
		assertThat(fail("""
				llm.ratelimit.models:
				  gpt-4.1:
				    provider: openai
				    rpm: 500
				""").getDescription()).contains("The key 'gpt-4.1' in 'llm.ratelimit.models.gpt-4.1.")
			.contains("application.yml] - 3:");
	}

	@Test
	void dottedKeyIsToldWithTheFormThatWorks() {
		assertThat(fail("llm.ratelimit.models.gpt-4.1.rpm: 500").getAction()).contains("gpt-41:\n")
			.contains("name: gpt-4.1");
	}

	@Test
	void dottedKeyOfARowIsTold() {
		FailureAnalysis analysis = fail("""
				llm.ratelimit.providers.openai:
				  tier: build
				  tiers:
				    build:
				      gpt-4.1: { rpm: 5000, tpm: 450k }
				""");
		assertThat(analysis.getDescription()).contains("The key 'gpt-4.1' in").contains("application.yml] - 5:");
		assertThat(analysis.getAction()).contains("name: gpt-4.1");
	}

	@Test
	void dottedKeyInBracketsIsReadAsItIs() {
		assertThat(this.startUp.yaml("""
				llm.ratelimit.models:
				  "[gpt-4.1]":
				    rpm: 500
				""").limits("gpt-4.1").model()).isEqualTo("gpt-4.1");
	}

	@Test
	void slashInAKeyIsToldWithFileLineAndTheFormThatWorks() {
		FailureAnalysis analysis = fail("""
				llm.ratelimit.models:
				  openai/gpt-4o:
				    rpm: 500
				""");
		assertThat(analysis.getDescription())
			.contains("The key 'openai/gpt-4o' in 'llm.ratelimit.models.openai/gpt-4o.rpm'")
			.contains("application.yml] - 3:");
		assertThat(analysis.getAction()).contains("openai-gpt-4o:").contains("name: openai/gpt-4o");
	}

	@Test
	void colonInAKeyIsTold() {
		assertThat(fail("""
				llm.ratelimit.models:
				  llama3:8b: { provider: generic, rpm: 500 }
				""").getDescription()).contains("The key 'llama3:8b'");
	}

	@Test
	void colonInTheKeyOfAProviderIsToldWithAPlainKey() {
		assertThat(fail("""
				llm.ratelimit.providers:
				  my:own: { dialect: generic }
				""").getAction()).isEqualTo("Choose a plain key, e.g. 'my-own'.");
	}

	@Test
	void keysThatDifferByDashesOnlyAreToldWithBothLines() {
		FailureAnalysis analysis = fail("""
				llm.ratelimit.models:
				  gpt-4o: { rpm: 500 }
				  GPT4O: { tpm: 30k }
				""");
		assertThat(analysis.getDescription()).contains("The keys 'gpt-4o'", "'GPT4O'", "'llm.ratelimit.models'")
			.contains("application.yml] - 2:", "application.yml] - 3:");
		assertThat(analysis.getAction()).contains("'name'");
	}

	@Test
	void keysThatDifferByCaseInTwoFilesAreTold() {
		this.startUp.yaml("llm.ratelimit.models.gpt-4o.rpm: 500")
			.profile("prod", "llm.ratelimit.models.GPT-4O.tpm: 3k");
		assertThat(this.startUp.fail().getDescription()).contains("application.yml] - 1:")
			.contains("application-prod.yml] - 1:");
	}

	@Test
	void tiersThatAreTheSameAreTold() {
		assertThat(fail("""
				llm.ratelimit.providers.openai:
				  tier: 1
				  tiers:
				    tier-1: { gpt-4o: { rpm: 5 } }
				    1: { gpt-4o-mini: { rpm: 5 } }
				""").getDescription()).contains("'tier-1'").contains("'1'");
	}

	@Test
	void unknownTierIsToldWithAllThatThereAre() {
		FailureAnalysis analysis = fail("""
				llm.ratelimit:
				  providers:
				    openai:
				      tier: tier-9
				""");
		assertThat(analysis.getDescription()).contains("'llm.ratelimit.providers.openai.tier'")
			.contains("'tier-9'")
			.contains("application.yml] - 4:13")
			.contains("must be one of build, grow, launch, tier1, tier2, tier3, tier4, tier5");
	}

	@Test
	void tierOfAProviderWithoutTableIsTold() {
		assertThat(fail("llm.ratelimit.providers.generic.tier: 1").getDescription())
			.contains("'llm.ratelimit.providers.generic.tier'")
			.contains("write its rows under 'tiers'");
	}

	@Test
	void unknownProviderOfAModelIsToldWithAllThatThereAre() {
		assertThat(fail("""
				llm.ratelimit.models.gpt-4o:
				  provider: opnai
				  rpm: 5
				""").getDescription()).contains("'llm.ratelimit.models.gpt-4o.provider'")
			.contains("application.yml] - 2:")
			.contains("Unknown provider (opnai): must be one of generic, openai");
	}

	@Test
	void unknownProviderWithoutDialectIsToldWithWhatToSet() {
		FailureAnalysis analysis = fail("llm.ratelimit.providers.opnai.tier: build");
		assertThat(analysis.getDescription()).contains("Provider 'llm.ratelimit.providers.opnai'")
			.contains("application.yml] - 1:");
		assertThat(analysis.getAction()).contains("Set 'llm.ratelimit.providers.opnai.dialect'");
	}

	@Test
	void unknownDialectIsToldWithAllThatThereAre() {
		assertThat(fail("llm.ratelimit.providers.mine.dialect: opnai").getDescription())
			.contains("'llm.ratelimit.providers.mine.dialect'")
			.contains("application.yml] - 1:")
			.contains("must be one of openai, ");
	}

	@Test
	void hostWithSchemeIsToldWithFileAndLine() {
		assertThat(fail("""
				llm.ratelimit.providers.openai:
				  hosts:
				    - localhost
				    - http://localhost:8080
				""").getDescription()).contains("'llm.ratelimit.providers.openai.hosts[1]'")
			.contains("application.yml] - 4:")
			.contains("without scheme, port and path");
	}

	@Test
	void modelWithoutLimitIsToldWithFileAndLine() {
		assertThat(fail("""
				llm.ratelimit.models:
				  m:
				    provider: openai
				""").getDescription()).contains("Model 'llm.ratelimit.models.m'")
			.contains("application.yml] - 3:")
			.contains("has no limit")
			.contains("provider 'openai' has no tier");
	}

	@Test
	void modelWithoutLimitIsToldWithTheWaysOut() {
		assertThat(fail("llm.ratelimit.models.m.provider: openai").getAction())
			.contains("'llm.ratelimit.providers.openai.tier', one of build, grow")
			.contains("'llm.ratelimit.models.m.rpm: 500'")
			.contains("'llm.ratelimit.providers.openai.tiers'")
			.contains("'llm.ratelimit.models.m.mode: off'");
	}

	@Test
	void modelWithoutRowInTheTierIsTold() {
		assertThat(fail("""
				llm.ratelimit:
				  providers.openai.tier: build
				  models.m.provider: openai
				""").getDescription()).contains("tier 'build' of provider 'openai' has no row for 'm'");
	}

	@Test
	void modelWithoutProviderIsToldWithWhatToSet() {
		FailureAnalysis analysis = fail("llm.ratelimit.models.m.rpm: 5");
		assertThat(analysis.getDescription()).contains("application.yml] - 1:").contains("doesn't say its provider");
		assertThat(analysis.getAction()).contains("Set 'llm.ratelimit.models.m.provider'");
	}

	private FailureAnalysis fail(String yaml) {
		return this.startUp.yaml(yaml).fail();
	}

}
