package io.github.llmratelimit.provider;

import java.time.Duration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Durations}.
 */
class DurationsTests {

	@ParameterizedTest
	@CsvSource({ "120ms, 120", "1s, 1000", "6m0s, 360000", "1.176s, 1176", "22h40m48.5s, 81648500", "0s, 0",
			"1m30.951s, 90951", "2m59.56s, 179560", "10h17m5.723541104s, 37025724", "35643s, 35643000", "1d, 86400000",
			"31d, 2678400000", "1h0.5m, 3630000", "1500us, 2", "1500\u00B5s, 2", "1500\u03BCs, 2", "1ns, 1",
			"1m1ns, 60001" })
	void parseWhenCompactReturnsMillisRoundedUp(String text, long millis) {
		assertThat(Durations.parse(text)).isEqualTo(Duration.ofMillis(millis));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "s", "m5s", "6m0", "5", "-4s", "+4s", "1s1m", "5s5s", "4 s", "6m 11s", "1w", "1e3s",
			"PT20S", "soon", "1.s", ".5s", "1..5s", "32d", "744h1ns", "999999999999999d", "99999999999999999999s" })
	void parseWhenBrokenOrTooLongReturnsNull(String text) {
		assertThat(Durations.parse(text)).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "' 11.054s. Visit', 11054", "' 84ms.', 84", "' 1m24s', 84000", "' 6m 11.52s.', 371520",
			"' 22 seconds. For', 22000", "' 1 second.', 1000", "' 5 minutes 3 secs, then', 303000",
			"' 2 hours', 7200000", "' 10h17m5.723541104s.', 37025724", "' 20s 5 times', 20000", "'3 days', 259200000",
			"' 250 milliseconds', 250" })
	void readFromWhenSentenceReturnsDurationAtItsBeginning(String text, long millis) {
		assertThat(Durations.readFrom(text, 0)).isEqualTo(Duration.ofMillis(millis));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " the time", " 5", " 5.", " 6m0.", " five seconds", " -3s", " 5 parsecs", " 32 days" })
	void readFromWhenAnythingElseReturnsNull(String text) {
		assertThat(Durations.readFrom(text, 0)).isNull();
	}

}
