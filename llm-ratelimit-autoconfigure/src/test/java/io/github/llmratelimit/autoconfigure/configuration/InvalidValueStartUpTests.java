package io.github.llmratelimit.autoconfigure.configuration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.diagnostics.FailureAnalysis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a value which makes no sense stops the start, with property, file and line.
 */
class InvalidValueStartUpTests extends StartUpFixture {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', value = { //
			"share: 0                               | Invalid share (0.0): must be above 0 and at most 1",
			"share: 1.01                            | Invalid share (1.01): must be above 0 and at most 1",
			"share: NaN                             | Invalid share (NaN): must be above 0 and at most 1",
			"share: -0.5                            | Use 0.25 for each of four instances",
			"share: half                            | must be a number",
			"store: redis                           | Invalid store (redis): must be 'local', budgets in the memory of this",
			"queue.capacity: 0                      | Invalid capacity (0): must be at least 1",
			"queue.max-wait: -5s                    | Invalid maxWait (-5s): must be between 0s and",
			"queue.guard: 5m                        | Invalid guard (5m): must be between 0s and 1m",
			"queue.guard: -1ms                      | Invalid guard (-1ms): must be between 0s and 1m",
			"queue.ageing: -1s                      | Invalid ageing (-1s): must be between 0s and",
			"queue.ageing: 45s                      | Invalid ageing (45s): twice that must be less than 'llm.ratelimit.queue",
			"queue.ageing: 60s                      | 'llm.ratelimit.queue.max-wait' (90s), so that a call of the lowest",
			"queue.ageing: 2m                       | Use at most 30s, or 0s for never",
			"queue.backfill: -1                     | Invalid backfill (-1): must be between 0 and 8",
			"queue.backfill: 9                      | Invalid backfill (9): must be between 0 and 8",
			"throttle.low-watermark: -0.1           | Invalid lowWatermark (-0.1): must be between 0 and 1. 0 switches it off",
			"throttle.low-watermark: 20             | Invalid lowWatermark (20.0): must be between 0 and 1",
			"throttle.max-share-of-remaining: 0     | Invalid maxShareOfRemaining (0.0): must be above 0 and at most 1",
			"throttle.max-share-of-remaining: 1.1   | 1 switches it off",
			"task-queue.workers: 0                  | Invalid workers (0): must be between 1 and 10000",
			"task-queue.workers: 10001              | Invalid workers (10001): must be between 1 and 10000",
			"task-queue.capacity: 0                 | Invalid capacity (0): must be at least 1",
			"metrics.max-tenants: -1                | Invalid maxTenants (-1): must be between 0 and 10000",
			"metrics.tenant-tag: acme               | must be true or false",
			"learning.credit: maybe                 | must be true or false",
			"web.problem-details: json              | must be true or false",
			"tenants.default.weight: 0              | Invalid weight (0): must be between 1 and 1000",
			"tenants.default.id: acme               | has no 'id'",
			"tenants.default.rpm: 0                 | Invalid amount (0): must be at least 1",
			"tenants.overrides.acme.weight: 1001    | Invalid weight (1001): must be between 1 and 1000",
			"tenants.overrides.acme.weight: heavy   | must be a whole number",
			"tenants.overrides.acme.tpm: lots       | Invalid amount (lots): must be a whole number",
			"tenants.overrides.acme.id: ''          | Invalid id (): must not be empty",
			"retry.max-attempts: 0                  | Invalid maxAttempts (0): must be between 1 and 100. The first attempt",
			"retry.max-attempts: 101                | Invalid maxAttempts (101): must be between 1 and 100",
			"retry.base-delay: 2m                   | 'llm.ratelimit.retry.max-delay' (1m) must be at least 2m",
			"retry.server-error-base-delay: 2m      | 'llm.ratelimit.retry.max-delay' (1m) must be at least 2m",
			"retry.jitter: -0.1                     | Invalid jitter (-0.1): must be between 0 and 1",
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
			"models.gpt-4o.tpm: 99999999999999999999| beyond any provider's limit",
			"models.gpt-4o.tpm: 30.000              | must be a whole number",
			"models.gpt-4o.tpm: ''                  | Invalid amount (): must be a whole number of at least 1, e.g. 30000",
			"models.gpt-4o.concurrent: 0            | Invalid amount (0): must be at least 1",
			"models.gpt-4o.enqueued-tokens: some    | Invalid amount (some): must be a whole number",
			"models.gpt-4o.cost: product            | must be one of sum, max, input",
			"models.gpt-4o.output-weight: -1        | Invalid outputWeight (-1.0): must be between 0 and 1000",
			"models.gpt-4o.output-weight: NaN       | Invalid outputWeight (NaN): must be between 0 and 1000",
			"models.gpt-4o.cached-input-weight: 1001| Invalid cachedInputWeight (1001.0): must be between 0 and 1000",
			"models.gpt-4o.learn: perhaps           | must be true or false",
			"models.gpt-4o.fallback-after: soon     | must be a duration",
			"models.gpt-4o.provider: opnai          | Unknown provider (opnai): must be one of anthropic, azure-openai",
			"models.gpt-4o.default-output-tokens: x | Invalid amount (x): must be a whole number",
			"providers.openai.tier: platinum        | Unknown tier (platinum): must be one of build, grow, launch, tier1",
			"providers.generic.tier: free           | No tier of this provider is known",
			"providers.mine.dialect: klingon        | Invalid dialect (klingon): must be one of",
			"providers.openai.hosts: 'http://h'     | Invalid host (http://h): must be a host name",
			"providers.openai.hosts: 'localhost:80' | Invalid host (localhost:80): must be a host name",
			"health.fail: no way                    | must be true or false",
			"advice-order: first                    | must be a whole number",
			"mode: enforec                          | must be one of enforce, observe, off",
			"models.gpt-4o.mode: onn                | must be one of enforce, observe, off",
			"models.gpt-4o.booking: estmate         | must be one of estimate, settled, actual",
			"queue.max-wait: 5 parsecs              | must be a duration", //
			"queue.capacity: many                   | must be a whole number",
			"retry.jitter: some                     | must be a number",
			"enabled: perhaps                       | must be true or false" })
	void startWhenAValueMakesNoSenseNamesPropertyLineAndRule(String line, String rule) {
		FailureAnalysis failure = this.startUp.yaml("# a comment\nllm.ratelimit." + line).fail();
		String property = "llm.ratelimit." + line.substring(0, line.indexOf(':'));
		assertThat(failure.getDescription()).contains("'" + property, "application.yml] - 2:" + (property.length() + 3),
				rule);
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
			"{ dimension: concurrent, amount: 0 } | limits[0].amount' | must be at least 1",
			"{ dimension: concurrent, amount: 5, per: 1m } | limits[0].per' | held while a call runs: leave out 'per'",
			"{ dimension: tokens, amount: 5, per: 60 } | limits[0].per' | Write it with a unit, e.g. 10s",
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

	@Test
	void startWhenAHeldLimitIsStatedTwiceNamesTheSecond() {
		FailureAnalysis failure = this.startUp.yaml("""
				llm.ratelimit.models.gpt-4o:
				  concurrent: 5
				  limits:
				    - { dimension: concurrent, amount: 6 }
				""").fail();
		assertThat(failure.getDescription()).contains("'llm.ratelimit.models.gpt-4o.limits[0].amount'",
				"application.yml] - 4:", "another limit of concurrent here");
	}

	@Test
	void startWhenALimitOfTheLongFormLacksAPartShowsTheForm() {
		FailureAnalysis failure = this.startUp.yaml("""
				llm.ratelimit.models.gpt-4o:
				  limits:
				    - { dimension: tokens, per: 10s }
				""").fail();
		assertThat(failure.getAction()).contains("{ dimension: tokens, amount: 5000, per: 10s }");
	}

	@Test
	void startWhenADimensionIsMistypedSuggestsAnother() {
		FailureAnalysis failure = this.startUp.yaml("""
				llm.ratelimit.models.gpt-4o:
				  limits:
				    - { dimension: token, amount: 5, per: 10s }
				""").fail();
		assertThat(failure.getAction()).isEqualTo("Did you mean 'tokens'?");
	}

	@Test
	void startWhenTheTierOfARowIsInBracketsKeepsFileAndLine() {
		FailureAnalysis failure = this.startUp.yaml("""
				llm.ratelimit.providers.openai:
				  tiers:
				    "[Tier 1]":
				      gpt-4o: { rpm: 0 }
				""").fail();
		assertThat(failure.getDescription()).contains("'llm.ratelimit.providers.openai.tiers[Tier 1].gpt-4o.rpm'",
				"application.yml] - 4:");
	}

	@Test
	void startWhenAHostOfAListIsNoneNamesItsPlace() {
		FailureAnalysis failure = this.startUp.yaml("""
				llm.ratelimit.providers.openai:
				  hosts:
				    - localhost
				    - http://localhost:8080
				""").fail();
		assertThat(failure.getDescription()).contains("'llm.ratelimit.providers.openai.hosts[1]'",
				"application.yml] - 4:", "without scheme, port and path");
	}

	@ParameterizedTest
	@ValueSource(strings = { "models:\n    gpt-4o: 500", "providers:\n    openai: build", "queue: 5s",
			"tenants:\n    overrides:\n      acme: 500", "tenants: 500",
			"providers:\n    openai:\n      tiers:\n        build:\n          gpt-4o: 500" })
	void startWhenAValueStandsInPlaceOfPropertiesSaysSo(String lines) {
		FailureAnalysis failure = this.startUp.yaml("llm.ratelimit:\n  " + lines + "\n").fail();
		assertThat(failure.getDescription()).contains("has to have properties of its own",
				"application.yml] - " + (1 + lines.split("\n").length) + ":");
	}

	@Test
	void startWhenAValueStandsInPlaceOfAllPropertiesSaysSo() {
		FailureAnalysis failure = this.startUp.yaml("llm:\n  ratelimit: 5\n").fail();
		assertThat(failure.getDescription()).contains("'llm.ratelimit'", "application.yml] - 2:",
				"has to have properties of its own");
	}

}
