package io.github.llmratelimit.provider;

import java.time.Duration;
import java.time.ZoneId;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for which windows the names of {@link BundledDialects} mean, and what their
 * numbers are worth.
 */
class BundledWindowsTests {

	@ParameterizedTest
	@CsvSource({ "openai, PT1M, PT1M", "azure-openai, PT1M, PT1M", "azure-openai-ptu, PT1M, PT1M", "groq, P1D, PT1M",
			"xai, , PT1M", "fireworks, PT1M, ", "generic, PT1M, PT1M", "gemini, , ", "together, , ", "deepseek, , ",
			"openrouter, , " })
	void readWhenNamesAreOpenAisMeansTheWindowOfTheProvider(String dialect, Duration requests, Duration tokens) {
		ProviderSignal signal = Reading.read(dialect, 200, null, "x-ratelimit-limit-requests", "5",
				"x-ratelimit-limit-tokens", "7");
		assertThat(signal.requests()).isEqualTo(new Quota(5L, null, null, requests));
		assertThat(signal.tokens()).isEqualTo(new Quota(7L, null, null, tokens));
	}

	@ParameterizedTest
	@CsvSource({ "azure-openai", "azure-openai-ptu" })
	void azureWhenRenewalPeriodsAreToldMeansThem(String dialect) {
		ProviderSignal signal = Reading.read(dialect, 200, null, "x-ratelimit-limit-requests", "5",
				"x-ratelimit-limit-tokens", "7", "x-ratelimit-renewalperiod-requests", "10",
				"x-ratelimit-renewalperiod-tokens", "30");
		assertThat(signal.requests().window()).hasSeconds(10);
		assertThat(signal.tokens().window()).hasSeconds(30);
	}

	@ParameterizedTest
	@CsvSource({ "openai", "azure-openai" })
	void projectWhenItHasLessMeansAMinute(String dialect) {
		ProviderSignal signal = Reading.read(dialect, 429, null, "x-ratelimit-remaining-tokens", "9",
				"x-ratelimit-limit-project-tokens", "100", "x-ratelimit-remaining-project-tokens", "0");
		assertThat(signal.tokens()).isEqualTo(new Quota(100L, 0L, null, Duration.ofMinutes(1)));
		assertThat(signal.kind()).isEqualTo(SignalKind.RATE_LIMIT_TOKENS);
	}

	@Test
	void anthropicWhenReadMeansMinutes() {
		ProviderSignal signal = Reading.read("anthropic", 200, null, "anthropic-ratelimit-requests-limit", "1",
				"anthropic-ratelimit-tokens-limit", "2", "anthropic-ratelimit-input-tokens-limit", "3",
				"anthropic-ratelimit-output-tokens-limit", "4");
		assertThat(Set.of(signal.requests(), signal.tokens(), signal.inputTokens(), signal.outputTokens()))
			.extracting(Quota::window)
			.hasSize(4)
			.containsOnly(Duration.ofMinutes(1));
	}

	@ParameterizedTest
	@CsvSource({ "minute, 60", "5-minute, 300", "month, 2678400" })
	void mistralWhenNameHoldsTheWindowMeansIt(String name, long windowSeconds) {
		ProviderSignal signal = Reading.read("mistral", 200, null, "x-ratelimit-limit-tokens-" + name, "7",
				"x-ratelimit-limit-req-minute", "5");
		assertThat(signal.tokens()).isEqualTo(new Quota(7L, null, null, Duration.ofSeconds(windowSeconds)));
		assertThat(signal.requests().window()).hasMinutes(1);
	}

	@Test
	void mistralWhenSeveralAreToldMeansTheMinute() {
		ProviderSignal signal = Reading.read("mistral", 200, null, "x-ratelimit-limit-tokens-month", "1000000000",
				"x-ratelimit-limit-tokens-minute", "500000");
		assertThat(signal.tokens()).isEqualTo(new Quota(500_000L, null, null, Duration.ofMinutes(1)));
	}

	@Test
	void mistralWhenMonthIsUsedUpIsNoMatterOfMinutes() {
		ProviderSignal signal = Reading.read("mistral", 429, null, "x-ratelimit-remaining-tokens-month", "0");
		assertThat(signal.kind()).isEqualTo(SignalKind.RATE_LIMIT_DAY);
	}

	@Test
	void genericWhenDayOfAPolicyIsUsedUpMeansTheDay() {
		ProviderSignal signal = Reading.read("generic", 429, null, "RateLimit-Policy", "\"d\";q=100;w=86400",
				"RateLimit", "\"d\";r=0;t=7200");
		assertThat(signal.kind()).isEqualTo(SignalKind.RATE_LIMIT_DAY);
	}

	@Test
	void fireworksWhenReadMeansSeconds() {
		ProviderSignal signal = Reading.read("fireworks", 200, null, "x-ratelimit-limit-tokens-prompt", "60000",
				"x-ratelimit-limit-tokens-generated", "600");
		assertThat(signal.inputTokens().window()).hasSeconds(1);
		assertThat(signal.outputTokens().window()).hasSeconds(1);
	}

	@Test
	void cohereWhenReadMeansMinutes() {
		assertThat(Reading.read("cohere", 200, null, "x-trial-endpoint-call-limit", "20").requests().window())
			.hasMinutes(1);
	}

	@Test
	void traitsWhenListedAreThoseOfFewProviders() {
		assertThat(namesOf((traits) -> traits.tokensRoundedTo() == 1_000)).containsExactly("anthropic");
		assertThat(namesOf(DialectTraits::exactRemaining)).containsExactly("openai");
		assertThat(namesOf(DialectTraits::refusedTokensCount)).containsExactly("azure-openai");
		assertThat(namesOf(DialectTraits::shortTokenHints)).containsExactly("azure-openai");
		assertThat(namesOf(DialectTraits::slices)).containsExactly("azure-openai");
	}

	@Test
	void traitsWhenDaysEndAtMidnightNameTheZone() {
		assertThat(namesOf((traits) -> traits.dayResetZone() != null)).containsExactlyInAnyOrder("gemini",
				"openrouter");
		assertThat(ProviderDialects.named("gemini").traits().dayResetZone())
			.isEqualTo(ZoneId.of("America/Los_Angeles"));
		assertThat(ProviderDialects.named("openrouter").traits().dayResetZone()).isEqualTo(ZoneId.of("Z"));
	}

	private static Set<String> namesOf(Predicate<DialectTraits> trait) {
		return ProviderDialects.names()
			.stream()
			.filter((name) -> trait.test(ProviderDialects.named(name).traits()))
			.collect(Collectors.toSet());
	}

}
