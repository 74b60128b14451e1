package io.github.llmratelimit.provider;

import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Timestamps}.
 */
class TimestampsTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "Thu, 15 Oct 2026 12:00:20 GMT | 2026-10-15T12:00:20Z",
			"Thursday, 15-Oct-26 12:00:45 GMT | 2026-10-15T12:00:45Z",
			"Thu Oct 15 12:01:00 2026 | 2026-10-15T12:01:00Z", "Mon Oct  5 12:01:00 2026 | 2026-10-05T12:01:00Z",
			"thu, 15 oct 2026 12:00:20 gmt | 2026-10-15T12:00:20Z",
			"Thu, 15 Oct 2026 12:00:20 UTC | 2026-10-15T12:00:20Z",
			"Thu, 31 Dec 2026 23:59:60 GMT | 2027-01-01T00:00:00Z" })
	void parseWhenHttpDateReturnsInstant(String text, Instant expected) {
		assertThat(Timestamps.parse(text, Reading.NOW)).isEqualTo(expected);
	}

	@Test
	void parseWhenWeekdayIsWrongBelievesTheDate() {
		assertThat(Timestamps.parse("Mon, 15 Oct 2026 12:00:20 GMT", Reading.NOW)).isEqualTo("2026-10-15T12:00:20Z");
	}

	@ParameterizedTest
	@CsvSource({ "76, 2076", "77, 1977", "00, 2000", "26, 2026" })
	void parseWhenYearHasTwoDigitsIsAtMostFiftyYearsAhead(String year, int expected) {
		assertThat(Timestamps.parse("Thursday, 15-Oct-" + year + " 12:00:45 GMT", Reading.NOW))
			.isEqualTo(expected + "-10-15T12:00:45Z");
	}

	@ParameterizedTest
	@CsvSource({ "2026-10-15T12:00:01Z, 2026-10-15T12:00:01Z", "2026-10-15t12:00:01z, 2026-10-15T12:00:01Z",
			"2026-10-15 12:00:01Z, 2026-10-15T12:00:01Z", "2026-10-15T14:00:05.250+02:00, 2026-10-15T12:00:05.250Z",
			"2026-10-15T06:30:00-05:30, 2026-10-15T12:00:00Z", "2024-02-29T00:00:00Z, 2024-02-29T00:00:00Z",
			"2026-10-15T12:00:01.123456789Z, 2026-10-15T12:00:01.123456789Z",
			"2026-10-15T12:00:01.9999999999Z, 2026-10-15T12:00:02Z" })
	void parseWhenRfc3339ReturnsInstant(String text, Instant expected) {
		assertThat(Timestamps.parse(text, Reading.NOW)).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "soon", "Thu", "Thu, 99 Oct 2026 12:00:20 GMT", "Thu, 15 Foo 2026 12:00:20 GMT",
			"Foo, 15 Oct 2026 12:00:20 GMT", "Thu, 15 Oct 2026 24:00:20 GMT", "Thu, 15 Oct 2026 12:60:20 GMT",
			"Thu, 15 Oct 2026 12:00:61 GMT", "Thu, 15 Oct 2026 12:00:20 PST", "Thu, 15 Oct 2026 12:00:20",
			"Thu, 15 Oct 126 12:00:20 GMT", "Thu, 30 Feb 2026 12:00:20 GMT", "Thu, 15 Oct 2026 12:00:20 GMT!",
			"Thu Oct 15 12:01:00 26", "ThuOct 15 12:01:00 2026", "2026-13-45T99:00:00Z", "2026-02-29T00:00:00Z",
			"2026-10-15T12:00:01", "2026-10-15", "2026-10-15T12:00Z", "2026-10-15T12:00:01.Z", "2026-1-5T12:00:01Z",
			"2026-10-15T12:00:01+24:00", "2026-10-15T12:00:01+0200", "12026-10-15T12:00:01Z",
			"99999999999999999999-10-15T12:00:01Z" })
	void parseWhenAnythingElseReturnsNull(String text) {
		assertThat(Timestamps.parse(text, Reading.NOW)).isNull();
	}

}
