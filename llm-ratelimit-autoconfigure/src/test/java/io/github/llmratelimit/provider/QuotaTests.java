package io.github.llmratelimit.provider;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Quota}.
 */
class QuotaTests {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	@Test
	void isKnownWhenThereIsAWindowAloneIsFalse() {
		assertThat(new Quota(null, null, null, MINUTE).isKnown()).isFalse();
	}

	@Test
	void perWhenSomethingIsKnownChangesTheWindowOnly() {
		Quota quota = new Quota(5L, 4L, Duration.ZERO, Duration.ofDays(1));
		assertThat(quota.per(MINUTE)).isEqualTo(new Quota(5L, 4L, Duration.ZERO, MINUTE));
	}

	@Test
	void perWhenNothingIsKnownStaysUnknown() {
		assertThat(Quota.UNKNOWN.per(MINUTE)).isSameAs(Quota.UNKNOWN);
	}

}
