package io.github.llmratelimit.provider;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WindowRules}.
 */
class WindowRulesTests {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private static final Duration DAY = Duration.ofDays(1);

	@ParameterizedTest
	@CsvSource({ "10000, 9999, 8.64s", "200, 11, 22h40m48.5s", "200, 199, 7m12s", "200, 0, 24h", "200, 190, 1h5m",
			"100000, 99999, 864ms" })
	void openAiWhenResetFitsADayOnlyMeansTheDay(String limit, String remaining, String reset) {
		assertThat(openAi(limit, remaining, reset).window()).isEqualTo(DAY);
	}

	@ParameterizedTest
	@CsvSource({ "500, 499, 120ms", "60, 59, 1s", "5000, 4999, 12ms", "3, 0, 20s", "3, 0, 60s", "500, 0, 60s",
			"500, 7, 59.16s" })
	void openAiWhenResetFitsAMinuteMeansTheMinute(String limit, String remaining, String reset) {
		assertThat(openAi(limit, remaining, reset).window()).isEqualTo(MINUTE);
	}

	@ParameterizedTest
	@CsvSource({ "500, 7, 1m30.951s", "10000, 9999, 6s", "10000, 9999, 10s", "500, 500, 5h", "500, 600, 5h", "0, 0, 5h",
			"500, 499, 5h", "x, 499, 3m", "500, x, 3m", "500, 499, soon" })
	void openAiWhenResetFitsNothingMeansTheMinute(String limit, String remaining, String reset) {
		assertThat(openAi(limit, remaining, reset).window()).isEqualTo(MINUTE);
	}

	@ParameterizedTest
	@CsvSource({ "on requests per day (RPD), P1D", "(RPD): Limit 10000, P1D", "on requests per min (RPM), PT1M",
			"on tokens per day (TPD), PT1M" })
	void openAiWhenUsedUpBelievesTheSentence(String sentence, Duration window) {
		ProviderSignal signal = Reading.read("openai", 429, error(sentence), "x-ratelimit-limit-requests", "10000",
				"x-ratelimit-remaining-requests", "0", "x-ratelimit-reset-requests", "8.64s");
		assertThat(signal.requests().window()).isEqualTo(window);
	}

	@Test
	void openAiWhenRequestsAreLeftDoesNotBelieveTheSentence() {
		ProviderSignal signal = Reading.read("openai", 429, error("requests per day"), "x-ratelimit-limit-requests",
				"500", "x-ratelimit-remaining-requests", "498");
		assertThat(signal.requests().window()).isEqualTo(MINUTE);
	}

	@Test
	void openAiWhenDayIsUsedUpIsADayEvenWithoutASentence() {
		ProviderSignal signal = Reading.read("openai", 429, null, "x-ratelimit-limit-requests", "200",
				"x-ratelimit-remaining-requests", "0", "x-ratelimit-reset-requests", "24h");
		assertThat(signal.kind()).isEqualTo(SignalKind.RATE_LIMIT_DAY);
	}

	@Test
	void openAiWhenResetOfTokensIsLongStillMeansTheMinute() {
		ProviderSignal signal = Reading.read("openai", 200, null, "x-ratelimit-limit-tokens", "1440",
				"x-ratelimit-remaining-tokens", "1439", "x-ratelimit-reset-tokens", "60s");
		assertThat(signal.tokens().window()).isEqualTo(MINUTE);
	}

	@Test
	void azureWhenResetFitsADayStillMeansTheMinute() {
		ProviderSignal signal = Reading.read("azure-openai", 200, null, "x-ratelimit-limit-requests", "200",
				"x-ratelimit-remaining-requests", "199", "x-ratelimit-reset-requests", "432");
		assertThat(signal.requests().window()).isEqualTo(MINUTE);
	}

	@ParameterizedTest
	@CsvSource({ "free-models-per-day, P1D", "free-models-per-min, PT1M", "slow down," })
	void openRouterWhenRefusedBelievesTheSentence(String sentence, Duration window) {
		ProviderSignal signal = Reading.read("openrouter", 429, error(sentence), "x-ratelimit-limit", "50");
		assertThat(signal.requests()).isEqualTo(new Quota(50L, null, null, window));
	}

	@Test
	void openRouterWhenNothingIsToldStaysUnknown() {
		assertThat(Reading.read("openrouter", 429, error("free-models-per-day")).requests()).isSameAs(Quota.UNKNOWN);
	}

	private static Quota openAi(String limit, String remaining, String reset) {
		return Reading
			.read("openai", 200, null, "x-ratelimit-limit-requests", limit, "x-ratelimit-remaining-requests", remaining,
					"x-ratelimit-reset-requests", reset)
			.requests();
	}

	private static String error(String message) {
		return "{\"error\":{\"message\":\"%s\"}}".formatted(message);
	}

}
