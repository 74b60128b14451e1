package io.github.llmratelimit.provider;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Caution} in what bundled dialects read.
 */
class CautionTests {

	private static final String SLOW_DOWN = "{\"error\":{\"message\":\"Slow down\",\"code\":\"slow_down\"}}";

	@ParameterizedTest
	@CsvSource({ "openai, 429, RATE_LIMIT_UNKNOWN", "openai, 503, OVERLOADED", "azure-openai, 429, RATE_LIMIT_UNKNOWN",
			"generic, 429, RATE_LIMIT_UNKNOWN" })
	void readWhenAskedToSlowDownIsGrowth(String dialect, int status, SignalKind kind) {
		ProviderSignal signal = Reading.read(dialect, status, SLOW_DOWN);
		assertThat(signal.caution()).isEqualTo(Caution.GROWTH);
		assertThat(signal.kind()).isEqualTo(kind);
	}

	@Test
	void readWhenAskedToSlowDownInsideAStreamIsGrowth() {
		ProviderSignal signal = Reading.read("openai", 200, "data: " + SLOW_DOWN + "\n\n");
		assertThat(signal.caution()).isEqualTo(Caution.GROWTH);
	}

	@Test
	void readWhenRefusedOtherwiseIsNone() {
		assertThat(Reading.read("openai", 429, "{\"error\":{\"code\":\"rate_limit_exceeded\"}}").caution())
			.isEqualTo(Caution.NONE);
	}

	@Test
	void readWhenServedOverTheLimitIsOverLimit() {
		ProviderSignal signal = Reading.read("fireworks", 200, null, "X-RateLimit-Over-Limit", "yes");
		assertThat(signal.caution()).isEqualTo(Caution.OVER_LIMIT);
		assertThat(signal.kind()).isEqualTo(SignalKind.OK);
	}

	@Test
	void readWhenServedWithinTheLimitIsNone() {
		assertThat(Reading.read("fireworks", 200, null, "x-ratelimit-over-limit", "no").caution())
			.isEqualTo(Caution.NONE);
	}

	@Test
	void readWhenAnotherProviderSendsTheHeaderIsNone() {
		assertThat(Reading.read("generic", 200, null, "x-ratelimit-over-limit", "yes").caution())
			.isEqualTo(Caution.NONE);
	}

}
