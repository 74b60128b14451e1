package io.github.llmratelimit.provider;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ImpliedStatus}.
 */
class ImpliedStatusTests {

	@ParameterizedTest
	@CsvSource({ "429, 429", "502, 502", "402, 402", "server_is_overloaded, 529", "overloaded_error, 529",
			"unavailable, 503", "rate_limit_exceeded, 429", "rate_limited, 429", "too_many_requests, 429",
			"throttlingexception, 429", "insufficient_quota, 429", "resource_exhausted, 429", "requests, 429",
			"tokens, 429", "slow_down, 429", "billing_error, 402", "insufficient_credits, 402",
			"context_length_exceeded, 413", "request_too_large, 413", "server_error, 500", "api_error, 500",
			"timeout_error, 500", "internal, 500", "invalid_request_error, 400", "authentication_error, 400",
			"image_content_policy_violation, 400", "content_filter, 400" })
	void ofWhenCodeIsKnownReturnsItsStatus(String code, int status) {
		assertThat(ImpliedStatus.of(List.of(code))).isEqualTo(status);
	}

	@Test
	void ofWhenFirstCodeIsUnknownAsksTheNext() {
		assertThat(ImpliedStatus.of(List.of("1300", "rate_limited"))).isEqualTo(429);
	}

	@Test
	void ofWhenNoCodeIsKnownIsAServerError() {
		assertThat(ImpliedStatus.of(List.of("200", "mystery"))).isEqualTo(500);
	}

}
