package io.github.llmratelimit.autoconfigure;

import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.diagnostics.FailureAnalysis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what a user reads after a mistake in a value.
 */
class ValueMistakeTests {

	private StartUp startUp;

	@BeforeEach
	void setUp(@TempDir Path directory) {
		this.startUp = new StartUp(directory);
	}

	/** Each stands on the fifth line, and is told with what to write instead. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			rpm: 0                       | rpm                   | must be at least 1
			tpm: -5                      | tpm                   | must be a whole number of at least 1, e.g. 30000
			tpm: 9999999999999999        | tpm                   | beyond any provider's limit
			tpm: 99999999999999999999999 | tpm                   | beyond any provider's limit
			tpm: 30.000                  | tpm                   | must be a whole number
			tpm: lots                    | tpm                   | e.g. 30000, 30_000, 30k or 2M
			tpm: ''                      | tpm                   | must be a whole number
			default-output-tokens: -1    | default-output-tokens | must be a whole number of at least 0
			booking: actual              | booking               | use 'settled'
			booking: settle              | booking               | must be one of estimate, settled, actual
			mode: enforced               | mode                  | must be one of enforce, observe, off
			""")
	void valueOfAModelIsToldWithFileLineAndWhatToWrite(String line, String property, String whatToWrite) {
		assertThat(fail("""
				llm:
				  ratelimit:
				    models:
				      gpt-4o:
				        %s
				""".formatted(line)).getDescription()).contains("'llm.ratelimit.models.gpt-4o." + property + "'")
			.contains("application.yml] - 5:" + (11 + property.length()))
			.contains(whatToWrite);
	}

	/** Each stands on the third line, and is told with what to write instead. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			share: 0                              | share                         | Use 0.25 for each of four instances
			share: 1.5                            | share                         | must be above 0 and at most 1
			share: -0.5                           | share                         | must be above 0 and at most 1
			share: .nan                           | share                         | must be above 0 and at most 1
			share: half                           | share                         | must be a number
			queue.max-wait: -1s                   | queue.max-wait                | must be between 0s and
			queue.max-wait: 90 days               | queue.max-wait                | must be a duration
			queue.capacity: 0                     | queue.capacity                | must be at least 1
			queue.capacity: many                  | queue.capacity                | must be a whole number
			queue.guard: 2h                       | queue.guard                   | must be between 0s and 1m
			queue.guard: -1ms                     | queue.guard                   | must be between 0s and 1m
			retry.max-attempts: 0                 | retry.max-attempts            | 1 is no retry
			retry.max-attempts: 101               | retry.max-attempts            | must be between 1 and 100
			retry.base-delay: 0s                  | retry.base-delay              | must be between 1ms and
			retry.base-delay: 2m                  | retry.base-delay              | must be at least 2m
			retry.max-delay: 100ms                | retry.max-delay               | must be at least 1s
			retry.server-error-base-delay: -5s    | retry.server-error-base-delay | must be between 1ms and
			retry.server-error-base-delay: 2m     | retry.server-error-base-delay | must be at least 2m
			retry.jitter: 1.5                     | retry.jitter                  | must be between 0 and 1
			retry.jitter: -0.1                    | retry.jitter                  | must be between 0 and 1
			retry.max-retry-after: -1s            | retry.max-retry-after         | must be between 0s and
			retry.max-elapsed: 100s               | retry.max-elapsed             | must be at least 150s
			queue.max-wait: 10m                   | queue.max-wait                | must be at least 11m
			mode: none                            | mode                          | must be one of enforce, observe, off
			enabled: maybe                        | enabled                       | must be true or false
			advice-order: first                   | advice-order                  | must be a whole number
			health.fail: no way                   | health.fail                   | must be true or false
			""")
	void generalValueIsToldWithFileLineAndWhatToWrite(String line, String property, String whatToWrite) {
		assertThat(fail("""
				llm:
				  ratelimit:
				    %s
				""".formatted(line)).getDescription()).contains("'llm.ratelimit." + property + "'")
			.contains("application.yml] - 3:" + (7 + property.length()))
			.contains(whatToWrite);
	}

	@Test
	void windowThatIsTooShortIsToldWithFileLineAndWhatToWrite() {
		assertThat(fail("""
				llm.ratelimit.models.gpt-4o:
				  limits:
				    - { dimension: tokens, amount: 5000, per: 10s }
				    - { dimension: tokens, amount: 500, per: 50ms }
				""").getDescription()).contains("'llm.ratelimit.models.gpt-4o.limits[1].per'")
			.contains("application.yml] - 4:")
			.contains("Invalid window (50ms): must be between 100ms and 31d");
	}

	@Test
	void windowWithoutUnitIsReadAsMillisecondsAndTold() {
		assertThat(fail("llm.ratelimit.models.gpt-4o.limits: [ { dimension: tokens, amount: 5, per: 60 } ]")
			.getDescription()).contains("Invalid window (60ms)").contains("Write it with a unit");
	}

	@Test
	void limitWithoutAmountIsToldWithFileAndLine() {
		FailureAnalysis analysis = fail("""
				llm.ratelimit.models.gpt-4o:
				  limits:
				    - { dimension: tokens, per: 10s }
				""");
		assertThat(analysis.getDescription()).contains("'llm.ratelimit.models.gpt-4o.limits[0]'")
			.contains("application.yml] - 3:")
			.contains("has no 'amount'");
		assertThat(analysis.getAction()).contains("{ dimension: tokens, amount: 5000, per: 10s }");
	}

	@Test
	void amountOfALimitIsToldWithFileAndLine() {
		assertThat(fail("""
				llm.ratelimit.models.gpt-4o:
				  limits:
				    - { dimension: tokens, amount: 0, per: 10s }
				""").getDescription()).contains("'llm.ratelimit.models.gpt-4o.limits[0].amount'")
			.contains("application.yml] - 3:");
	}

	@Test
	void unknownDimensionIsToldWithTheClosestOne() {
		FailureAnalysis analysis = fail("""
				llm.ratelimit.models.gpt-4o:
				  limits:
				    - { dimension: token, amount: 5, per: 10s }
				""");
		assertThat(analysis.getDescription()).contains("limits[0].dimension'").contains("application.yml] - 3:");
		assertThat(analysis.getAction()).isEqualTo("Did you mean 'tokens'?");
	}

	@Test
	void heldDimensionIsNotThereYet() {
		assertThat(fail("""
				llm.ratelimit.models.gpt-4o:
				  limits:
				    - { dimension: concurrent, amount: 5 }
				""").getDescription()).contains("limits[0].dimension'").contains("not there yet");
	}

	@Test
	void windowThatIsStatedTwiceIsTold() {
		assertThat(fail("""
				llm.ratelimit.models.gpt-4o:
				  tpm: 30k
				  limits:
				    - { dimension: tokens, amount: 5, per: 60s }
				""").getDescription()).contains("limits[0].amount'").contains("another limit of tokens per 1m");
	}

	@Test
	void rowWithoutLimitIsToldWithFileAndLine() {
		assertThat(fail("""
				llm.ratelimit.providers.openai:
				  tiers:
				    mine:
				      gpt-4o: { name: gpt-4o }
				""").getDescription()).contains("'llm.ratelimit.providers.openai.tiers.mine.gpt-4o'")
			.contains("application.yml] - 4:")
			.contains("has no limit");
	}

	@Test
	void numberOfARowIsToldWithFileAndLine() {
		assertThat(fail("""
				llm.ratelimit.providers.openai:
				  tiers:
				    "[Tier 1]":
				      gpt-4o: { rpm: 0 }
				""").getDescription()).contains("'llm.ratelimit.providers.openai.tiers[Tier 1].gpt-4o.rpm'")
			.contains("application.yml] - 4:");
	}

	@ParameterizedTest
	@ValueSource(strings = { "models:\n    gpt-4o: 500", "providers:\n    openai: build", "queue: 5s",
			"providers:\n    openai:\n      tiers:\n        build:\n          gpt-4o: 500" })
	void valueInPlaceOfPropertiesIsToldWithFileAndLine(String lines) {
		FailureAnalysis analysis = fail("llm.ratelimit:\n  " + lines + "\n");
		assertThat(analysis.getDescription()).contains("has to have properties of its own")
			.contains("application.yml] - " + (1 + lines.split("\n").length) + ":");
	}

	@Test
	void valueInPlaceOfAllPropertiesIsToldWithFileAndLine() {
		assertThat(fail("llm:\n  ratelimit: 5\n").getDescription()).contains("'llm.ratelimit'")
			.contains("application.yml] - 2:")
			.contains("has to have properties of its own");
	}

	@Test
	void keyIsToldAsTyped() {
		assertThat(fail("llm.ratelimit.queue.maxWait: -1s").getDescription()).contains("'llm.ratelimit.queue.maxWait'");
	}

	@Test
	void valueOfAnEnvironmentVariableIsToldWithItsName() {
		assertThat(this.startUp.yaml("llm.ratelimit.models.gpt-4o.rpm: 5")
			.variable("LLM_RATELIMIT_MODELS_GPT_4O_RPM", "0")
			.fail()
			.getDescription()).contains("LLM_RATELIMIT_MODELS_GPT_4O_RPM").contains("must be at least 1");
	}

	private FailureAnalysis fail(String yaml) {
		return this.startUp.yaml(yaml).fail();
	}

}
