package io.github.llmratelimit.provider;

import java.util.Arrays;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SignalKind}.
 */
class SignalKindTests {

	@Test
	void idWhenAnyKindIsItsNameInLowerCase() {
		assertThat(SignalKind.values()).extracting(SignalKind::id)
			.containsExactly("ok", "rate_limit_requests", "rate_limit_tokens", "rate_limit_day", "rate_limit_unknown",
					"quota_exhausted", "overloaded", "server_error", "request_too_large", "client_error");
	}

	@Test
	void isRateLimitWhenTimeRestoresTheLimit() {
		assertThat(Arrays.stream(SignalKind.values()).filter(SignalKind::isRateLimit)).containsExactly(
				SignalKind.RATE_LIMIT_REQUESTS, SignalKind.RATE_LIMIT_TOKENS, SignalKind.RATE_LIMIT_DAY,
				SignalKind.RATE_LIMIT_UNKNOWN);
	}

}
