package io.github.llmratelimit.resilience;

import java.time.Duration;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LlmRateLimitExceededException;
import io.github.llmratelimit.provider.ProviderException;
import io.github.llmratelimit.provider.SignalKind;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import org.junit.jupiter.api.Test;

import static io.github.llmratelimit.resilience.LimitedModel.failing;
import static io.github.llmratelimit.resilience.LimitedModel.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for {@link ResilienceRetry} where the application has retries of its own.
 */
class OwnRetryTests {

	private final LimitedModel model = new LimitedModel(RetrySettings.DEFAULTS, () -> 0,
			Limit.perMinute(Dimension.TOKENS, 1000));

	@Test
	void callWhenRegistryHasARetryOfThatNameUsesIt() throws Exception {
		Retry retry = this.model.retries.retry("gpt-4o",
				RetryConfig.custom().maxAttempts(2).intervalFunction((attempt) -> 0L).build());
		IllegalStateException second = new IllegalStateException("second");
		assertThat(catchThrowable(() -> this.model.call(failing(new IllegalStateException("first"), second))))
			.isSameAs(second);
		assertThat(this.model.attempts).hasSize(2);
		assertThat(retry.getMetrics().getNumberOfFailedCallsWithRetryAttempt()).isOne();
	}

	@Test
	void callWhenOwnRetryRepeatsNeverUndercutsTheHint() throws Exception {
		this.model.retries.retry("gpt-4o",
				RetryConfig.custom().maxAttempts(2).intervalFunction((attempt) -> 0L).build());
		this.model.call(failing(failure(SignalKind.RATE_LIMIT_TOKENS, Duration.ofSeconds(20))));
		assertThat(this.model.attempts).containsExactly(Duration.ZERO, Duration.ofSeconds(20));
	}

	@Test
	void callWhenOwnRetryWouldRepeatARefusalOfTheLimiterDoesNot() {
		this.model.retries.retry("gpt-4o",
				RetryConfig.custom().maxAttempts(5).intervalFunction((attempt) -> 0L).build());
		assertThatExceptionOfType(LlmRateLimitExceededException.class)
			.isThrownBy(() -> this.model.call(CallRequest.of(Cost.ofTotal(1001)), failing()));
		assertThat(this.model.asked).hasSize(1);
	}

	@Test
	void callWhenRegistryHasAConfigurationOfThatNameUsesIt() {
		this.model.retries.addConfiguration("gpt-4o", RetryConfig.custom().maxAttempts(1).build());
		ProviderException failure = failure(SignalKind.SERVER_ERROR);
		assertThat(catchThrowable(() -> this.model.call(failing(failure)))).isSameAs(failure);
		assertThat(this.model.attempts).hasSize(1);
	}

	@Test
	void callWhenOwnConfigurationIsACopyKeepsTheRules() throws Exception {
		RetryConfig ours = new ModelRetry(this.model.limiter, new RetryRules(RetrySettings.DEFAULTS, () -> 0),
				(name, failure) -> null)
			.config(6);
		this.model.retries.retry("gpt-4o", RetryConfig.from(ours).maxAttempts(2).build());
		ProviderException second = failure(SignalKind.SERVER_ERROR);
		assertThat(catchThrowable(() -> this.model.call(failing(failure(SignalKind.SERVER_ERROR), second))))
			.isSameAs(second);
		assertThat(this.model.attempts).containsExactly(Duration.ZERO, Duration.ofMillis(375));
	}

	@Test
	void registerWhenCalledTwiceChangesNothing() {
		this.model.retry.register(this.model.retries, this.model.registry.limiters());
		Retry first = retry();
		this.model.retry.register(this.model.retries, this.model.registry.limiters());
		assertThat(retry()).isSameAs(first);
		assertThat(first.getRetryConfig().getMaxAttempts()).isEqualTo(6);
	}

	private Retry retry() {
		return this.model.retries.retry("gpt-4o");
	}

}
