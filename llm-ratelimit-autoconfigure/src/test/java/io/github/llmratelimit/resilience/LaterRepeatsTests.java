package io.github.llmratelimit.resilience;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.engine.LimiterMode;
import io.github.llmratelimit.provider.SignalKind;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import org.junit.jupiter.api.Test;

import static io.github.llmratelimit.resilience.LimitedModel.failure;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests for {@link LaterRepeats} around the calls of a real limiter. */
class LaterRepeatsTests {

	private static final CallRequest REQUEST = CallRequest.of(Cost.ofTotal(100));

	/** Draws 0: hints as they are, backoff a quarter shorter. */
	private final LimitedModel model = new LimitedModel(RetrySettings.DEFAULTS, () -> 0, LimiterMode.ENFORCE, null,
			false, Limit.perMinute(Dimension.TOKENS, 1000), Limit.perMinute(Dimension.REQUESTS, 100));

	@Test
	void callWhenItSucceedsIsMadeOnce() {
		assertThat(call()).isCompletedWithValue("answer");
		assertThat(metrics().getNumberOfSuccessfulCallsWithoutRetryAttempt()).isOne();
	}

	@Test
	void callWhenServerFailsIsRepeatedAfterTheBackoff() {
		CompletableFuture<String> call = call(failure(SignalKind.SERVER_ERROR));
		assertThat(this.model.time.time().nextAlarm()).isEqualTo(Duration.ofMillis(375));
		this.model.time.advance(Duration.ofMillis(375));
		assertThat(call).isCompletedWithValue("answer");
		assertThat(this.model.attempts).containsExactly(Duration.ZERO, Duration.ofMillis(375));
		assertThat(this.model.heard).containsExactly(SignalKind.SERVER_ERROR);
		assertThat(metrics().getNumberOfSuccessfulCallsWithRetryAttempt()).isOne();
	}

	@Test
	void callWhenRefusedWithAHintIsRepeatedWhenItHasPassed() {
		CompletableFuture<String> call = call(failure(SignalKind.RATE_LIMIT_TOKENS, Duration.ofSeconds(20)));
		this.model.time.advance(Duration.ofSeconds(20).minusNanos(1));
		assertThat(call).isNotDone();
		this.model.time.advance(Duration.ofNanos(1));
		assertThat(call).isCompletedWithValue("answer");
	}

	@Test
	void callWhenItMustNotBeRepeatedFailsWithTheFailure() {
		Exception refusal = failure(SignalKind.CLIENT_ERROR);
		assertThat(call(refusal)).isCompletedExceptionally();
		assertThat(metrics().getNumberOfFailedCallsWithoutRetryAttempt()).isOne();
	}

	@Test
	void callWhenAttemptsAreUsedUpFailsWithTheLastFailure() {
		Exception[] failures = new Exception[RetrySettings.DEFAULTS.maxAttempts()];
		for (int i = 0; i < failures.length; i++) {
			failures[i] = failure(SignalKind.SERVER_ERROR);
		}
		CompletableFuture<String> call = call(failures);
		this.model.time.advance(Duration.ofMinutes(3));
		Throwable[] failed = new Throwable[1];
		call.whenComplete((answer, ex) -> failed[0] = ex);
		assertThat(failed[0]).isSameAs(failures[failures.length - 1]);
		assertThat(this.model.attempts).hasSize(failures.length);
		assertThat(metrics().getNumberOfFailedCallsWithRetryAttempt()).isOne();
	}

	@Test
	void callWhenTheRetryIsTheApplicationsWaitsItsIntervalInTheQueue() {
		this.model.retries.retry("gpt-4o", RetryConfig.custom().waitDuration(Duration.ofSeconds(3)).build());
		CompletableFuture<String> call = call(new IllegalStateException());
		assertThat(this.model.time.time().nextAlarm()).isEqualTo(Duration.ofSeconds(3));
		this.model.time.advance(Duration.ofSeconds(3));
		assertThat(call).isCompletedWithValue("answer");
	}

	@Test
	void callWhenTheRetryIsTheApplicationsRepeatsAnswersItDoesNotLike() {
		this.model.retries.retry("gpt-4o",
				RetryConfig.custom()
					.waitDuration(Duration.ofSeconds(3))
					.retryOnResult((answer) -> this.model.attempts.size() < 2)
					.build());
		CompletableFuture<String> call = call();
		assertThat(call).isNotDone();
		this.model.time.advance(Duration.ofSeconds(3));
		assertThat(call).isCompletedWithValue("answer");
		assertThat(this.model.attempts).hasSize(2);
	}

	/** A call that fails with each of some failures and then answers. */
	private CompletableFuture<String> call(Exception... failures) {
		return this.model.limiter.callAsync(REQUEST, () -> {
			int attempt = this.model.attempts.size();
			this.model.attempts.add(this.model.time.passed());
			return (attempt < failures.length)
					? CompletableFuture.failedFuture(new CompletionException(failures[attempt]))
					: CompletableFuture.completedFuture("answer");
		});
	}

	private Retry.Metrics metrics() {
		return this.model.retries.retry("gpt-4o").getMetrics();
	}

}
