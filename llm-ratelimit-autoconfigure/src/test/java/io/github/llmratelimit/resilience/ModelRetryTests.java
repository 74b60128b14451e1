package io.github.llmratelimit.resilience;

import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.random.RandomGenerator;

import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.provider.SignalKind;
import io.github.resilience4j.core.functions.Either;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static io.github.llmratelimit.resilience.Draws.HIGHEST;
import static io.github.llmratelimit.resilience.Draws.LOWEST;
import static io.github.llmratelimit.resilience.LimitedModel.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for {@link ModelRetry} as code finds it in the registry that makes no limited
 * call.
 */
class ModelRetryTests {

	@Test
	void intervalWhenHintedIsNeverLess() {
		assertThat(interval(LOWEST, 1, failure(SignalKind.RATE_LIMIT_TOKENS, Duration.ofSeconds(2)))).isEqualTo(2000);
	}

	@Test
	void intervalWhenHintedIsAtMostAQuarterMore() {
		assertThat(interval(HIGHEST, 1, failure(SignalKind.RATE_LIMIT_TOKENS, Duration.ofSeconds(2)))).isEqualTo(2500);
	}

	@Test
	void intervalWhenHintIsInACauseIsNeverLess() {
		Exception wrapped = new CompletionException(failure(SignalKind.RATE_LIMIT_TOKENS, Duration.ofSeconds(2)));
		assertThat(interval(LOWEST, 1, wrapped)).isEqualTo(2000);
	}

	@ParameterizedTest
	@CsvSource({ "1, 375, 625", "2, 750, 1250", "5, 6000, 10000", "9, 45000, 75000" })
	void intervalWhenServerFailedBacksOff(int attempt, long shortest, long longest) {
		assertThat(interval(LOWEST, attempt, failure(SignalKind.SERVER_ERROR))).isEqualTo(shortest);
		assertThat(interval(HIGHEST, attempt, failure(SignalKind.SERVER_ERROR))).isEqualTo(longest);
	}

	@Test
	void intervalWhenNeverSentBacksOffAsAfterAServerError() {
		assertThat(interval(LOWEST, 1, new IllegalStateException(new ConnectException()))).isEqualTo(375);
	}

	@Test
	void intervalWhenRefusedWithoutHintIsAWindow() {
		assertThat(interval(LOWEST, 1, failure(SignalKind.RATE_LIMIT_TOKENS))).isEqualTo(60_000);
	}

	@Test
	void intervalWhenRefusedWithoutHintIsTheLongestWindowButNoDay() {
		LimitedModel model = new LimitedModel(RetrySettings.DEFAULTS, LOWEST,
				new Limit(Dimension.TOKENS, 1000, Duration.ofSeconds(10), LimitOrigin.CONFIGURED),
				new Limit(Dimension.REQUESTS, 1000, Duration.ofSeconds(90), LimitOrigin.CONFIGURED),
				new Limit(Dimension.REQUESTS, 1000, Duration.ofDays(1), LimitOrigin.CONFIGURED));
		assertThat(interval(retry(model), 1, failure(SignalKind.RATE_LIMIT_TOKENS))).isEqualTo(90_000);
	}

	@Test
	void intervalWhenResultIsNotLikedBacksOff() {
		RetryConfig config = retry(model(LOWEST)).getRetryConfig();
		assertThat(config.getIntervalBiFunction().apply(1, Either.right("answer"))).isEqualTo(375);
	}

	@Test
	void intervalWhenNotToBeRepeatedGivesUp() {
		assertThat(interval(LOWEST, 1, new IllegalStateException())).isNegative();
	}

	@ParameterizedTest
	@EnumSource(
			names = { "RATE_LIMIT_REQUESTS", "RATE_LIMIT_TOKENS", "RATE_LIMIT_UNKNOWN", "OVERLOADED", "SERVER_ERROR" })
	void predicateWhenRetryableIsTrue(SignalKind kind) {
		assertThat(repeats(failure(kind))).isTrue();
	}

	@ParameterizedTest
	@EnumSource(names = { "RATE_LIMIT_DAY", "QUOTA_EXHAUSTED", "REQUEST_TOO_LARGE", "CLIENT_ERROR" })
	void predicateWhenNotRetryableIsFalse(SignalKind kind) {
		assertThat(repeats(failure(kind))).isFalse();
	}

	@Test
	void predicateWhenHintIsTooLongIsFalse() {
		assertThat(repeats(failure(SignalKind.RATE_LIMIT_TOKENS, Duration.ofMinutes(6)))).isFalse();
	}

	@Test
	void predicateWhenFailureIsUnknownIsFalse() {
		assertThat(repeats(new IllegalStateException())).isFalse();
	}

	@Test
	void predicateWhenCancelledAfterAFailureIsFalse() {
		CancellationException cancelled = new CancellationException();
		cancelled.initCause(failure(SignalKind.SERVER_ERROR));
		assertThat(repeats(new CompletionException(cancelled))).isFalse();
	}

	@Test
	void predicateWhenALimiterRefusedBecauseOfAFailureIsFalse() throws Exception {
		LimitedModel model = model(LOWEST);
		catchThrowable(() -> model.call(() -> {
			throw failure(SignalKind.RATE_LIMIT_TOKENS, Duration.ofMinutes(6));
		}));
		Throwable refused = catchThrowable(() -> model.limiter.acquire(Cost.ofTotal(1)));
		assertThat(refused.getCause()).isNotNull();
		assertThat(retry(model).getRetryConfig().getExceptionPredicate().test(refused)).isFalse();
	}

	@Test
	void predicateWhenReadingFailsIsFalse() {
		LimitedModel model = model(LOWEST);
		ModelRetry broken = new ModelRetry(model.limiter, new RetryRules(RetrySettings.DEFAULTS, LOWEST),
				(name, failure) -> {
					throw new IllegalStateException("broken");
				});
		assertThat(broken.test(failure(SignalKind.SERVER_ERROR))).isFalse();
	}

	@Test
	void predicateWhenAskedWithinALimitedCallAnswersForItsOwnFailure() throws Exception {
		LimitedModel model = model(LOWEST);
		Retry retry = retry(model);
		retry.getEventPublisher()
			.onRetry((event) -> assertThat(
					retry.getRetryConfig().getExceptionPredicate().test(new IllegalStateException("another")))
				.isFalse());
		assertThat(model.call(LimitedModel.failing(failure(SignalKind.SERVER_ERROR)))).isEqualTo("answer");
		assertThat(model.attempts).hasSize(2);
	}

	private static boolean repeats(Exception failure) {
		return retry(model(LOWEST)).getRetryConfig().getExceptionPredicate().test(failure);
	}

	private static long interval(RandomGenerator random, int attempt, Exception failure) {
		return interval(retry(model(random)), attempt, failure);
	}

	private static long interval(Retry retry, int attempt, Exception failure) {
		return retry.getRetryConfig().getIntervalBiFunction().apply(attempt, Either.left(failure));
	}

	private static LimitedModel model(RandomGenerator random) {
		return new LimitedModel(RetrySettings.DEFAULTS, random, Limit.perMinute(Dimension.TOKENS, 1000));
	}

	private static Retry retry(LimitedModel model) {
		model.retry.register(model.retries, model.registry.limiters());
		return model.retries.retry("gpt-4o");
	}

}
