package io.github.llmratelimit.sample.provider;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link GoDuration}.
 */
class GoDurationTests {

	@ParameterizedTest
	@CsvSource({ "PT0S,0s", "PT0.000001S,1ms", "PT0.12S,120ms", "PT0.9999S,1s", "PT1.176S,1.176s", "PT8.64S,8.64s",
			"PT10S,10s", "PT59.9999S,1m0s", "PT1M,1m0s", "PT6M,6m0s", "PT1M24.5S,1m24.5s", "PT22H40M48.5S,22h40m48.5s",
			"PT1H,1h0m0s" })
	void formatWritesAsGoDoes(Duration duration, String expected) {
		assertThat(GoDuration.format(duration)).isEqualTo(expected);
	}

	@Test
	void ceilSecondsRoundsUp() {
		assertThat(GoDuration.ceilSeconds(Duration.ofNanos(11_000_000_001L))).isEqualTo(12);
		assertThat(GoDuration.ceilSeconds(Duration.ofSeconds(11))).isEqualTo(11);
	}

}
