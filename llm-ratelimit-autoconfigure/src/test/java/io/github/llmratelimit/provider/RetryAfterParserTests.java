package io.github.llmratelimit.provider;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RetryAfterParser}.
 */
class RetryAfterParserTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "20 | 20000", "0.05 | 50", "86400 | 86400000", "0.0001 | 1",
					"Thu, 15 Oct 2026 12:00:20 GMT | 20000", "Thursday, 15-Oct-26 12:00:45 GMT | 45000",
					"Thu Oct 15 12:01:00 2026 | 60000", "2026-10-15T12:00:07.5Z | 7500" })
	void secondsWhenKnownFormReturnsWait(String line, long millis) {
		assertThat(RetryAfterParser.seconds(List.of(line), Reading.NOW)).isEqualTo(Duration.ofMillis(millis));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "0", "0.0", "-5", "NaN", "Infinity", "soon", "10d", "5f", "1e400", "+5", "4 seconds",
			"20s", "86401", "86400.0001", "1792065633", "99999999999999999999", "5, 30",
			"Thu, 15 Oct 2026 12:00:00 GMT", "Thu, 15 Oct 2026 11:59:00 GMT", "Fri, 16 Oct 2026 12:00:01 GMT" })
	void secondsWhenNotUsableReturnsNull(String line) {
		assertThat(RetryAfterParser.seconds(List.of(line), Reading.NOW)).isNull();
	}

	@Test
	void secondsWhenLinesDisagreeReturnsLongestUsable() {
		List<String> lines = List.of("5", "bad", "30", "1000000", "Thu, 15 Oct 2026 12:00:20 GMT");
		assertThat(RetryAfterParser.seconds(lines, Reading.NOW)).isEqualTo(Duration.ofSeconds(30));
	}

	@ParameterizedTest
	@CsvSource({ "11054, 11054", "0.5, 1", "86400000, 86400000" })
	void millisWhenNumberReturnsWait(String line, long millis) {
		assertThat(RetryAfterParser.millis(List.of(line))).isEqualTo(Duration.ofMillis(millis));
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "-1", "NaN", "250ms", "86400001", "Thu, 15 Oct 2026 12:00:20 GMT" })
	void millisWhenNotUsableReturnsNull(String line) {
		assertThat(RetryAfterParser.millis(List.of(line))).isNull();
	}

}
