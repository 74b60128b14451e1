package io.github.llmratelimit.resilience;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link RetrySettings}.
 */
class RetrySettingsTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	@Test
	void newWhenNoAttemptIsAllowedFails() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new RetrySettings(0, SECOND, SECOND, 0.25, SECOND, SECOND, SECOND))
			.withMessage("Invalid maxAttempts (0): must be at least 1.");
	}

	@ParameterizedTest
	@ValueSource(doubles = { -0.01, 1.01, Double.NaN })
	void newWhenJitterIsNoPartFails(double jitter) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new RetrySettings(6, SECOND, SECOND, jitter, SECOND, SECOND, SECOND))
			.withMessage("Invalid jitter (%s): must be between 0 and 1.", jitter);
	}

	@Test
	void newWhenDelayIsNegativeFails() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new RetrySettings(6, SECOND, SECOND, 0.25, SECOND.negated(), SECOND, SECOND))
			.withMessage("Invalid serverErrorBaseDelay (PT-1S): must be positive or zero.");
	}

	@Test
	void newWhenDurationIsEndlessIsCutOff() {
		RetrySettings settings = new RetrySettings(6, SECOND, SECOND, 0.25, SECOND, Duration.ofSeconds(Long.MAX_VALUE),
				SECOND);
		assertThat(settings.maxElapsed()).isEqualTo(Duration.ofDays(366));
	}

}
