package io.github.llmratelimit.provider;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TableDialect} and {@link HintRules}: which hint is taken, and what is
 * worth a retry.
 */
class TableDialectTests {

	private static final String SENTENCE = "{\"error\":{\"message\":\"Please try again in 5s.\"}}";

	@Test
	void readWhenSeveralHintsTakesTheFirstUsable() {
		String[] headers = { "retry-after-ms", "1000", "retry-after", "2", "x-ratelimit-reset", "3", "ratelimit-reset",
				"4" };
		for (int usable = 0; usable < 4; usable++) {
			assertThat(Reading.read("generic", 429, SENTENCE, headers).retryAfter()).hasSeconds(usable + 1);
			headers[usable * 2 + 1] = "0";
		}
		assertThat(Reading.read("generic", 429, SENTENCE, headers).retryAfter()).hasSeconds(5);
	}

	@Test
	void readWhenSuccessHasNoHint() {
		assertThat(Reading.read("generic", 200, null, "retry-after", "5").retryAfter()).isNull();
	}

	@Test
	void readWhenResetNamesADimensionIsNoHint() {
		assertThat(Reading.read("openai", 429, null, "x-ratelimit-reset-tokens", "46s").retryAfter()).isNull();
	}

	@Test
	void readWhenHeadersAreInsideTheBodyTakesThem() {
		String body = "{\"error\":{\"code\":429,\"metadata\":{\"headers\":{\"X-RateLimit-Remaining\":\"0\","
				+ "\"X-RateLimit-Reset\":\"1792065612400\"}}}}";
		ProviderSignal signal = Reading.read("generic", 429, body);
		assertThat(signal.retryAfter()).hasMillis(12_400);
		assertThat(signal.requests()).isEqualTo(new Quota(null, 0L, Duration.ofMillis(12_400)));
	}

	@Test
	void readWhenDimensionIsNamedIgnoresTheUnnamed() {
		ProviderSignal signal = Reading.read("openai", 200, null, "x-ratelimit-limit-requests", "500",
				"x-ratelimit-remaining", "7");
		assertThat(signal.requests()).isEqualTo(new Quota(500L, null, null, Duration.ofMinutes(1)));
	}

	@ParameterizedTest
	@CsvSource({ "429, 7, true", "500, 7, false", "500, 0, true", "503, x, true" })
	void readWhenSomethingRemainsBelievesTheResetOfARefusalOnly(int status, String remaining, boolean believed) {
		ProviderSignal signal = Reading.read("generic", status, null, "x-ratelimit-remaining", remaining,
				"x-ratelimit-reset", "33");
		assertThat(signal.retryAfter()).isEqualTo(believed ? Duration.ofSeconds(33) : null);
	}

	@ParameterizedTest
	@CsvSource({ "429, true", "500, true", "503, true", "529, true", "408, true", "424, true", "409, true",
			"400, false", "401, false", "402, false", "403, false", "404, false", "413, false", "422, false",
			"200, false" })
	void readWhenStatusDecidesIsRetryable(int status, boolean retryable) {
		assertThat(Reading.read("openai", status, null).retryable()).isEqualTo(retryable);
	}

	@ParameterizedTest
	@CsvSource({ "900, true", "901, false", "x, false" })
	void readWhenDayIsBackSoonIsRetryable(String retryAfter, boolean retryable) {
		String body = "{\"error\":{\"message\":\"on requests per day (RPD)\"}}";
		assertThat(Reading.read("openai", 429, body, "retry-after", retryAfter).retryable()).isEqualTo(retryable);
	}

	@ParameterizedTest
	@CsvSource({ "400, true, true", "429, false, false", "413, true, true", "200, true, false", "400, TRUE, false" })
	void readWhenProviderOrdersObeysOnErrors(int status, String order, boolean retryable) {
		assertThat(Reading.read("openai", status, null, "x-should-retry", order).retryable()).isEqualTo(retryable);
	}

	@Test
	void readWhenOrdersDisagreeDoesNotRetry() {
		ProviderSignal signal = Reading.read("openai", 429, null, "x-should-retry", "true", "x-should-retry", "false");
		assertThat(signal.retryable()).isFalse();
	}

}
