package io.github.llmratelimit.webserver;

import java.lang.reflect.UndeclaredThrowableException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.http.HttpHeaders;
import org.springframework.http.ProblemDetail;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RefusalProblem}.
 */
class RefusalProblemTests {

	@ParameterizedTest
	@CsvSource({ "TENANT_LIMIT, 429", "REQUEST_TOO_LARGE, 413", "WAIT_TOO_LONG, 503", "QUEUE_FULL, 503",
			"DAY_LIMIT, 503", "QUOTA_EXHAUSTED, 503", "PAUSED, 503" })
	void statusSaysWhoseFaultItIs(Reason reason, int status) {
		assertThat(detail(reason).getStatus()).isEqualTo(status);
	}

	@Test
	void typeNamesTheReason() {
		assertThat(detail(Reason.TENANT_LIMIT).getType())
			.isEqualTo(URI.create("tag:llmratelimit.github.io,2026:tenant-limit"));
	}

	@Test
	void propertiesWhenTheCallersOwnLimitStoodInTheWayHaveItsNumbers() {
		assertThat(detail(Reason.TENANT_LIMIT).getProperties()).isEqualTo(Map.of("reason", "TENANT_LIMIT", "model",
				"gpt-4o", "dimension", "tokens", "limit", 30_000L, "requested", 40_000L, "retryAfter", 13L));
	}

	@Test
	void propertiesWhenTheAccountIsBusyKeepItsLimits() {
		assertThat(detail(Reason.WAIT_TOO_LONG).getProperties())
			.isEqualTo(Map.of("reason", "WAIT_TOO_LONG", "model", "gpt-4o", "retryAfter", 13L));
	}

	@ParameterizedTest
	@EnumSource
	void bodyNeverNamesTheTenantNorConfiguration(Reason reason) {
		assertThat(detail(reason).toString()).doesNotContain("acme", "llm.ratelimit", "billing");
		assertThat(detail(reason).getTitle()).isNotBlank();
		assertThat(detail(reason).getDetail()).isNotBlank();
	}

	@ParameterizedTest
	@CsvSource({ "PT12.3S, 13", "PT12S, 12", "PT0.000000001S, 1", "PT0S, 1", "PT5H, 18000" })
	void retryAfterIsInWholeSecondsRoundedUp(Duration wait, String seconds) {
		assertThat(retryAfter(Reason.PAUSED, wait)).isEqualTo(seconds);
	}

	@Test
	void retryAfterWhenNobodyKnowsIsTheLeast() {
		assertThat(retryAfter(Reason.QUEUE_FULL, null)).isEqualTo("1");
		assertThat(RefusalProblem.of(RefusedCalls.of(Reason.QUEUE_FULL, null), "/").detail().getProperties())
			.doesNotContainKey("retryAfter");
	}

	@Test
	void retryAfterWhenWaitingNeverHelpsIsMissing() {
		assertThat(retryAfter(Reason.REQUEST_TOO_LARGE, null)).isNull();
	}

	@Test
	void instanceIsThePath() {
		assertThat(detail(Reason.PAUSED).getInstance()).isEqualTo(URI.create("/ask"));
	}

	@Test
	void instanceWhenThePathIsNoUriIsMissing() {
		assertThat(RefusalProblem.of(RefusedCalls.of(Reason.PAUSED), "/{a|b}").detail().getInstance()).isNull();
	}

	@Test
	void problemWhenTheRefusalIsOnlyCarriedIsThere() {
		Throwable refusal = RefusedCalls.of(Reason.PAUSED);
		assertThat(RefusalProblem.of(new CompletionException(refusal), "/")).isNotNull();
		assertThat(RefusalProblem.of(new ExecutionException(new UndeclaredThrowableException(refusal)), "/"))
			.isNotNull();
	}

	@Test
	void problemWhenTheRefusalIsTheCauseOfAnotherExceptionIsNone() {
		assertThat(RefusalProblem.of(new IllegalStateException(RefusedCalls.of(Reason.PAUSED)), "/")).isNull();
	}

	@Test
	void problemWhenExceptionsAreACircleIsNone() {
		Throwable[] inner = new Throwable[1];
		CompletionException outer = new CompletionException("outer", null) {
			@Override
			public synchronized Throwable getCause() {
				return inner[0];
			}
		};
		inner[0] = new ExecutionException(outer);
		assertThat(RefusalProblem.of(outer, "/")).isNull();
	}

	private static ProblemDetail detail(Reason reason) {
		return RefusalProblem.of(RefusedCalls.of(reason), "/ask").detail();
	}

	private static String retryAfter(Reason reason, Duration wait) {
		HttpHeaders headers = new HttpHeaders();
		RefusalProblem.of(RefusedCalls.of(reason, wait), "/").addTo(headers);
		return headers.getFirst(HttpHeaders.RETRY_AFTER);
	}

}
