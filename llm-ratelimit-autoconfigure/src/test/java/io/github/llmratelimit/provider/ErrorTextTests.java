package io.github.llmratelimit.provider;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ErrorText}.
 */
class ErrorTextTests {

	@ParameterizedTest
	@ValueSource(strings = { "Free-Models-per-min", "FREE_MODELS_PER_MIN", "over free models per min." })
	void hasAnyWhenSpelledDifferentlyFindsThePhrase(String text) {
		assertThat(new ErrorText(text).hasAny(List.of("absent", "models per min"))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "limit: 0, model: gemini-3.1-pro", "Limit 0, Used 0", "limit:0", "limit: 10, limit: 0" })
	void saysLimitIsZeroWhenItDoes(String text) {
		assertThat(new ErrorText(text).saysLimitIsZero()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "limit: 10", "limit: 0.5", "limit: 05", "limit: 0,500", "limit0", "limits 0", "limit of 0",
			"limit -0", "" })
	void saysLimitIsZeroWhenItDoesNot(String text) {
		assertThat(new ErrorText(text).saysLimitIsZero()).isFalse();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "Rate limit reached: Limit 200000, Used 0, Requested 480002. | true",
					"Limit 200,000 / Used 199,336 / Requested 201,524. | true", "Limit 30000, Requested 30000 | false",
					"Limit 200,000 / Used 199,336 / Requested 1,524. | false", "Requested 5 | false", "Limit 5 | false",
					"Limit 9999999999999999, Requested 99999999999999999999 | false" })
	void saysRequestedIsAboveLimitComparesNumbers(String text, boolean expected) {
		assertThat(new ErrorText(text).saysRequestedIsAboveLimit()).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "Please try again in 11.054s. Visit https://x.y. | 11054", "Please retry in 38.2s. | 38200",
					"Please retry after 22 seconds. | 22000", "try again in 6m 11.52s. | 371520",
					"Try again after 2 minutes | 120000", "Retry after the pause, or retry in 3s | 3000",
					"try again in 0s; then try again in 5s | 5000" })
	void waitWhenSentenceTellsReturnsIt(String text, long millis) {
		assertThat(new ErrorText(text).wait(Duration.ZERO)).isEqualTo(Duration.ofMillis(millis));
	}

	@ParameterizedTest
	@ValueSource(strings = { "Try again later.", "retry in -3s", "retry in 25h", "retry after 5", "in 5s", "retry in" })
	void waitWhenNotUsableReturnsNull(String text) {
		assertThat(new ErrorText(text).wait(Duration.ZERO)).isNull();
	}

	@Test
	void waitWhenShorterThanBelievedIsPassedOver() {
		assertThat(new ErrorText("retry in 38s, retry in 10m").wait(Duration.ofMinutes(10)))
			.isEqualTo(Duration.ofMinutes(10));
	}

}
