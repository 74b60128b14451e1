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
 * Tests that a value which makes no sense stops the start, with property, file and line.
 */
class InvalidValueStartUpTests {

	@TempDir
	private Path directory;

	private StartUp startUp;

	@BeforeEach
	void prepare() {
		this.startUp = new StartUp(this.directory);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', value = { //
			"share: 0                               | Invalid share (0.0): must be above 0 and at most 1",
			"share: 1.01                            | Invalid share (1.01): must be above 0 and at most 1",
			"share: NaN                             | Invalid share (NaN): must be above 0 and at most 1",
			"queue.capacity: 0                      | Invalid capacity (0): must be at least 1",
			"queue.max-wait: -5s                    | Invalid maxWait (-5s): must be between 0s and",
			"queue.guard: 5m                        | Invalid guard (5m): must be between 0s and 1m",
			"retry.max-attempts: 0                  | Invalid maxAttempts (0): must be between 1 and 100",
			"retry.base-delay: 0s                   | Invalid baseDelay (0s): must be between 1ms and",
			"retry.server-error-base-delay: -1s     | Invalid serverErrorBaseDelay (-1s): must be between 1ms and",
			"retry.jitter: 1.5                      | Invalid jitter (1.5): must be between 0 and 1",
			"retry.max-delay: 10ms                  | 'llm.ratelimit.retry.max-delay' (10ms) must be at least 1s",
			"retry.max-retry-after: -1s             | Invalid maxRetryAfter (-1s)",
			"retry.max-elapsed: 149s                | (149s) must be at least 150s",
			"queue.max-wait: 5m                     | 'llm.ratelimit.retry.max-elapsed' (3m) must be at least 6m",
			"models.gpt-4o.tpm: 0                   | Invalid amount (0): must be at least 1",
			"models.gpt-4o.rpm: -5                  | Invalid amount (-5): must be a whole number",
			"models.gpt-4o.rpd: 1e30                | Invalid amount (1.0E30): must be a whole number",
			"models.gpt-4o.tpm: 9999999999M         | must be at most 1000000000000000",
			"models.gpt-4o.tpm: lots                | Invalid amount (lots): must be a whole number",
			"models.gpt-4o.booking: actual          | Booking 'actual' is not there yet",
			"models.gpt-4o.provider: opnai          | Unknown provider (opnai): must be one of generic, openai",
			"models.gpt-4o.default-output-tokens: x | Invalid amount (x): must be a whole number",
			"providers.openai.tier: platinum        | Unknown tier (platinum): must be one of build, grow, launch, tier1",
			"providers.generic.tier: free           | No tier of this provider is known",
			"providers.mine.dialect: klingon        | Invalid dialect (klingon): must be one of",
			"providers.openai.hosts: 'http://h'     | Invalid host (http://h): must be a host name",
			"providers.openai.hosts: 'localhost:80' | Invalid host (localhost:80): must be a host name",
			"mode: enforec                          | must be one of enforce, observe, off",
			"models.gpt-4o.mode: onn                | must be one of enforce, observe, off",
			"models.gpt-4o.booking: estmate         | must be one of estimate, settled, actual",
			"queue.max-wait: 5 parsecs              | must be a duration", //
			"queue.capacity: many                   | must be a whole number",
			"retry.jitter: some                     | must be a number",
			"enabled: perhaps                       | must be true or false" })
	void startWhenAValueMakesNoSenseNamesPropertyLineAndRule(String line, String rule) {
		FailureAnalysis failure = this.startUp.yaml("# a comment\nllm.ratelimit." + line).fail();
		assertThat(failure.getDescription()).contains("'llm.ratelimit." + line.substring(0, line.indexOf(':')),
				"application.yml] - 2:", rule);
	}

	@Test
	void startWhenAnEnumIsMistypedSuggestsItsValue() {
		assertThat(this.startUp.yaml("llm.ratelimit.mode: enforec").fail().getAction())
			.isEqualTo("Did you mean 'enforce'?");
	}

	@Test
	void startWhenADurationIsNoneSaysHowToWriteOne() {
		assertThat(this.startUp.yaml("llm.ratelimit.queue.max-wait: long").fail().getAction())
			.isEqualTo("Write a number with a unit, e.g. 500ms, 90s or 5m.");
	}

	@Test
	void startWhenTheValueIsAPlaceholderTellsWhatItStandsFor() {
		FailureAnalysis failure = this.startUp.yaml("llm.ratelimit.models.gpt-4o.tpm: ${TPM}")
			.variable("TPM", "-7")
			.fail();
		assertThat(failure.getDescription()).contains("'${TPM}'", "Invalid amount (-7)");
	}

	@Test
	void startWhenThePropertyIsInCamelCaseNamesItAsTyped() {
		FailureAnalysis failure = this.startUp.yaml("llm.ratelimit.retry.maxAttempts: 0").fail();
		assertThat(failure.getDescription()).contains("'llm.ratelimit.retry.maxAttempts'", "application.yml] - 1:");
	}

	@Test
	void startWhenTheKeyIsInBracketsKeepsFileAndLine() {
		FailureAnalysis failure = this.startUp.yaml("""
				llm.ratelimit:
				  models:
				    "[gpt-4.1]":
				      tpm: 0
				""").fail();
		assertThat(failure.getDescription()).contains("'llm.ratelimit.models[gpt-4.1].tpm'", "application.yml] - 4:12");
	}

	@Test
	void startWhenARowOfATierThatIsNotUsedIsWrongFails() {
		FailureAnalysis failure = this.startUp.yaml("""
				llm.ratelimit.providers.openai:
				  tier: build
				  tiers:
				    grow:
				      gpt-4o: { rpm: -1 }
				""").fail();
		assertThat(failure.getDescription()).contains("'llm.ratelimit.providers.openai.tiers.grow.gpt-4o.rpm'",
				"application.yml] - 5:");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', value = {
			"{ dimension: tokens, amount: 5, per: 99ms } | limits[0].per' | between 100ms and 31d",
			"{ dimension: tokens, amount: 5, per: 32d } | limits[0].per' | between 100ms and 31d",
			"{ dimension: tokens, amount: 0, per: 10s } | limits[0].amount' | must be at least 1",
			"{ dimension: concurrent, amount: 5 } | limits[0].dimension' | 'concurrent' are not there yet",
			"{ dimension: tokns, amount: 5, per: 10s } | limits[0].dimension' | must be one of requests, tokens",
			"{ dimension: tokens, amount: 5 } | limits[0]' | has no 'per'",
			"{ amount: 5, per: 10s } | limits[0]' | has no 'dimension'",
			"{ dimension: tokens, per: 10s } | limits[0]' | has no 'amount'",
			"{ dimension: tokens, amount: 5, per: 60s } | limits[0].amount' | another limit of tokens per 1m" })
	void startWhenALimitOfTheLongFormMakesNoSenseNamesIt(String limit, String property, String rule) {
		FailureAnalysis failure = this.startUp.yaml("""
				llm.ratelimit.models.gpt-4o:
				  tpm: 30k
				  limits:
				    - %s
				""".formatted(limit)).fail();
		assertThat(failure.getDescription()).contains("'llm.ratelimit.models.gpt-4o." + property,
				"application.yml] - 4:", rule);
	}

}
