package io.github.llmratelimit.autoconfigure.diagnostics;

import java.time.Duration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Durations}.
 */
class DurationsTests {

	@ParameterizedTest
	@CsvSource({ "PT90S, 90s", "PT5M, 5m", "PT0.25S, 250ms", "PT0S, 0s", "PT-5S, -5s", "PT-0.5S, -500ms",
			"PT0.00005S, 50000ns", "PT99999999999999H, PT99999999999999H" })
	void textIsHowItIsWrittenInConfiguration(Duration duration, String text) {
		assertThat(Durations.text(duration)).isEqualTo(text);
	}

}
