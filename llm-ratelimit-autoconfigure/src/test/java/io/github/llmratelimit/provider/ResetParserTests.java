package io.github.llmratelimit.provider;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ResetParser}.
 */
class ResetParserTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "6m0s | 360000", "300 | 300000", "0 | 0", "1.5 | 1500", "2678400 | 2678400000",
					"1792065633 | 33000", "1792065612.25 | 12250", "1792065612400 | 12400", "1792065612400.5 | 12401",
					"2026-10-15T12:00:03Z | 3000", "Thu, 15 Oct 2026 12:00:20 GMT | 20000" })
	void parseWhenKnownFormReturnsTimeFromNow(String text, long millis) {
		assertThat(ResetParser.parse(text, Reading.NOW)).isEqualTo(Duration.ofMillis(millis));
	}

	@ParameterizedTest
	@ValueSource(strings = { "1792065599", "1792065599999", "1000000000", "100000000000", "2026-10-15T11:59:58Z",
			"Thu, 01 Jan 1970 00:00:00 GMT" })
	void parseWhenPastReturnsZero(String text) {
		assertThat(ResetParser.parse(text, Reading.NOW)).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "soon", "-4s", "-1", "6m0", "2678401", "999999999", "32d", "1799999999", "99999999999",
			"999999999999999", "99999999999999999999", "2027-10-15T12:00:00Z", "2026-11-15T12:00:00.000000001Z" })
	void parseWhenBrokenOrTooFarAwayReturnsNull(String text) {
		assertThat(ResetParser.parse(text, Reading.NOW)).isNull();
	}

	@Test
	void parseWhenNowHasFractionRoundsUp() {
		Instant now = Reading.NOW.plusNanos(1);
		assertThat(ResetParser.parse("2026-10-15T12:00:01Z", now)).isEqualTo(Duration.ofMillis(1000));
	}

	@Test
	void parseWhenNowIsFarFromAnyDateReturnsBounds() {
		assertThat(ResetParser.parse("1792065633", Instant.MIN)).isNull();
		assertThat(ResetParser.parse("1792065633", Instant.MAX)).isZero();
	}

}
