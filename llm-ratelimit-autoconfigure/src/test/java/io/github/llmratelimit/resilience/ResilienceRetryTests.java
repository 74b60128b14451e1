package io.github.llmratelimit.resilience;

import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LlmCall;
import io.github.llmratelimit.LlmRateLimitExceededException;
import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.LimitedCall;
import io.github.llmratelimit.provider.ProviderException;
import io.github.llmratelimit.provider.SignalKind;
import io.github.llmratelimit.provider.WrittenDialect;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.github.llmratelimit.resilience.LimitedModel.failing;
import static io.github.llmratelimit.resilience.LimitedModel.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for {@link ResilienceRetry} around the calls of a real limiter.
 */
class ResilienceRetryTests {

	/** Draws 0: hints as they are, backoff a quarter shorter. */
	private static final RandomGenerator LOWEST = () -> 0;

	/** Draws 0.5: hints an eighth longer, backoff as it is. */
	private static final RandomGenerator MIDDLE = () -> Long.MIN_VALUE;

	private static final Limit TOKENS = Limit.perMinute(Dimension.TOKENS, 1000);

	private static final Limit REQUESTS = Limit.perMinute(Dimension.REQUESTS, 100);

	private final LimitedModel model = model(LOWEST);

	@AfterEach
	void clearInterrupt() {
		Thread.interrupted();
	}

	@Test
	void callWhenItSucceedsIsMadeOnce() throws Exception {
		assertThat(this.model.call(failing())).isEqualTo("answer");
		assertThat(this.model.attempts).containsExactly(Duration.ZERO);
		assertThat(this.model.retries.retry("gpt-4o").getMetrics().getNumberOfSuccessfulCallsWithoutRetryAttempt())
			.isOne();
	}

	@Test
	void callWhenHintedWaitsTheHint() throws Exception {
		this.model.call(failing(failure(SignalKind.RATE_LIMIT_TOKENS, Duration.ofSeconds(20))));
		assertThat(this.model.attempts).containsExactly(Duration.ZERO, Duration.ofSeconds(20));
	}

	@Test
	void callWhenHintedWaitsItsJitterToo() throws Exception {
		LimitedModel jittered = model(MIDDLE);
		jittered.call(failing(failure(SignalKind.RATE_LIMIT_TOKENS, Duration.ofSeconds(20))));
		assertThat(jittered.attempts).containsExactly(Duration.ZERO, Duration.ofMillis(22_500));
	}

	@Test
	void callWhenHeardByTheClientFirstWaitsTheHintOnce() throws Exception {
		Callable<String> answers = failing(failure(SignalKind.RATE_LIMIT_TOKENS, Duration.ofSeconds(20)));
		this.model.call(() -> {
			if (LlmCall.current().orElseThrow().attempt() == 1) {
				((LimitedCall) LlmCall.current().orElseThrow())
					.onResponse(WrittenDialect.response(SignalKind.RATE_LIMIT_TOKENS, Duration.ofSeconds(20)));
			}
			return answers.call();
		});
		assertThat(this.model.attempts).containsExactly(Duration.ZERO, Duration.ofSeconds(20));
	}

	@Test
	void callWhenRefusedHoldsOthersBackUntilTheHintHasPassed() throws Exception {
		AtomicReference<Thread> other = new AtomicReference<>();
		this.model.call(() -> {
			LimitedCall call = (LimitedCall) LlmCall.current().orElseThrow();
			if (call.attempt() > 1) {
				other.get().join(20_000);
				return "answer";
			}
			call.onResponse(WrittenDialect.response(SignalKind.RATE_LIMIT_TOKENS, Duration.ofSeconds(2)));
			other.set(new Thread(() -> acquire(this.model)));
			// time moves when an alarm is set, so the other thread sees two seconds pass
			other.get().start();
			other.get().join(20_000);
			throw failure(SignalKind.RATE_LIMIT_TOKENS, Duration.ofSeconds(2));
		});
		assertThat(this.model.asked).contains("admitted after PT2S");
	}

	@Test
	void callWhenRefusedRefusesOthersThatCannotWaitSoLong() throws Exception {
		ProviderException failure = failure(SignalKind.RATE_LIMIT_TOKENS, Duration.ofSeconds(2));
		AtomicReference<Throwable> refused = new AtomicReference<>();
		this.model.retries.retry("gpt-4o", config()).getEventPublisher().onRetry((event) -> {
			CallRequest other = CallRequest.of(Cost.ofTotal(1)).withMaxWait(Duration.ofSeconds(1));
			refused.set(catchThrowable(() -> this.model.limiter.acquire(other)));
		});
		this.model.call(failing(failure));
		assertThat(refused.get()).isInstanceOfSatisfying(LlmRateLimitExceededException.class, (ex) -> {
			assertThat(ex.reason()).isEqualTo(Reason.PAUSED);
			assertThat(ex.retryAfter()).isEqualTo(Duration.ofSeconds(2));
			assertThat(ex.getCause()).isSameAs(failure);
		});
	}

	@Test
	void callWhenRepeatedTakesBudgetForEachAttempt() throws Exception {
		this.model.call(failing(failure(SignalKind.SERVER_ERROR), failure(SignalKind.SERVER_ERROR)));
		assertThat(this.model.attempts).hasSize(3);
		assertThat(this.model.remaining(Dimension.TOKENS)).isEqualTo(700);
		assertThat(this.model.remaining(Dimension.REQUESTS)).isEqualTo(97);
	}

	@Test
	void callWhenRefusedByALimitTakesItsRequestButNotItsTokens() throws Exception {
		this.model.call(failing(failure(SignalKind.RATE_LIMIT_TOKENS, Duration.ofSeconds(2))));
		assertThat(this.model.remaining(Dimension.TOKENS)).isEqualTo(900);
		assertThat(this.model.remaining(Dimension.REQUESTS)).isEqualTo(98);
	}

	@Test
	void callWhenServerFailsCountsAttemptsFromTheShorterBase() {
		LimitedModel exact = model(MIDDLE);
		ProviderException[] failures = new ProviderException[7];
		for (int i = 0; i < failures.length; i++) {
			failures[i] = failure(SignalKind.SERVER_ERROR);
		}
		assertThat(catchThrowable(() -> exact.call(failing(failures)))).isSameAs(failures[5]);
		assertThat(exact.attempts).containsExactly(Duration.ZERO, Duration.ofMillis(500), Duration.ofMillis(1500),
				Duration.ofMillis(3500), Duration.ofMillis(7500), Duration.ofMillis(15_500));
		assertThat(exact.heard).hasSize(5).containsOnly(SignalKind.SERVER_ERROR);
		assertThat(exact.retries.retry("gpt-4o").getMetrics().getNumberOfFailedCallsWithRetryAttempt()).isOne();
	}

	@Test
	void callWhenRefusedWithoutHintWaitsUntilTheOldestCallHasLeftItsWindow() throws Exception {
		LimitedModel exact = model(MIDDLE);
		exact.limiter.acquire(Cost.ofTotal(100)).close();
		exact.time.advance(Duration.ofSeconds(20));
		exact.call(failing(failure(SignalKind.RATE_LIMIT_TOKENS)));
		assertThat(exact.attempts).containsExactly(Duration.ofSeconds(20),
				Duration.ofSeconds(60).plus(slot()).plus(widenedGuard()));
	}

	@Test
	void callWhenRefusedWithoutHintIsFreeWithinAWindow() throws Exception {
		LimitedModel twice = new LimitedModel(settings(2, Duration.ofSeconds(180)), MIDDLE, TOKENS);
		// calls 20 seconds apart leave the window 20 seconds apart
		twice.limiter.acquire(Cost.ofTotal(100)).close();
		twice.time.advance(Duration.ofSeconds(20));
		twice.limiter.acquire(Cost.ofTotal(100)).close();
		twice.time.advance(Duration.ofSeconds(20));
		ProviderException refused = failure(SignalKind.RATE_LIMIT_TOKENS);
		assertThat(twice.call(failing(refused, refused, failure(SignalKind.SERVER_ERROR)))).isEqualTo("answer");
		assertThat(twice.attempts).startsWith(Duration.ofSeconds(40),
				Duration.ofSeconds(60).plus(slot()).plus(widenedGuard()),
				Duration.ofSeconds(80).plus(slot()).plus(widenedGuard()));
		assertThat(twice.heard).containsExactly(SignalKind.RATE_LIMIT_TOKENS, SignalKind.RATE_LIMIT_TOKENS,
				SignalKind.SERVER_ERROR);
	}

	@Test
	void callWhenRefusedWithoutHintAfterAWindowCountsAttempts() {
		LimitedModel twice = new LimitedModel(settings(2, Duration.ofHours(1)), MIDDLE, TOKENS);
		ProviderException first = failure(SignalKind.RATE_LIMIT_TOKENS);
		ProviderException second = failure(SignalKind.RATE_LIMIT_TOKENS);
		ProviderException third = failure(SignalKind.RATE_LIMIT_TOKENS);
		CallRequest patient = CallRequest.of(Cost.ofTotal(100)).withMaxWait(Duration.ofHours(1));
		assertThat(catchThrowable(() -> twice.call(patient, failing(first, second, third)))).isSameAs(third);
		assertThat(twice.attempts).hasSize(3);
	}

	@Test
	void callWhenRefusedWithoutHintByAnUnknownLimitWaitsForAll() throws Exception {
		LimitedModel exact = model(MIDDLE);
		exact.call(failing(failure(SignalKind.RATE_LIMIT_UNKNOWN)));
		assertThat(exact.attempts).containsExactly(Duration.ZERO,
				Duration.ofSeconds(60).plus(slot()).plus(widenedGuard()));
	}

	@Test
	void callWhenHintExceedsTheLongestFailsAtOnceUnchanged() {
		LimitedModel patient = new LimitedModel(settings(6, Duration.ofHours(1)), LOWEST, TOKENS);
		ProviderException failure = failure(SignalKind.RATE_LIMIT_TOKENS, Duration.ofMinutes(5).plusMillis(1));
		CallRequest request = CallRequest.of(Cost.ofTotal(100)).withMaxWait(Duration.ofHours(1));
		assertThat(catchThrowable(() -> patient.call(request, failing(failure)))).isSameAs(failure);
		assertThat(patient.time.passed()).isZero();
		assertThat(patient.heard).isEmpty();
	}

	@Test
	void callWhenHintExceedsTheWaitLeftFailsAtOnceUnchanged() {
		ProviderException failure = failure(SignalKind.RATE_LIMIT_TOKENS, Duration.ofSeconds(2));
		CallRequest request = CallRequest.of(Cost.ofTotal(100)).withMaxWait(Duration.ofMillis(1999));
		assertThat(catchThrowable(() -> this.model.call(request, failing(failure)))).isSameAs(failure);
		assertThat(this.model.time.passed()).isZero();
	}

	@Test
	void callWhenHintIsAllOfTheWaitLeftIsRepeated() throws Exception {
		CallRequest request = CallRequest.of(Cost.ofTotal(100)).withMaxWait(Duration.ofSeconds(2));
		this.model.call(request, failing(failure(SignalKind.RATE_LIMIT_TOKENS, Duration.ofSeconds(2))));
		assertThat(this.model.attempts).containsExactly(Duration.ZERO, Duration.ofSeconds(2));
	}

	@Test
	void callWhenWaitsAddUpToMoreThanMaxWaitFailsUnchanged() {
		ProviderException second = failure(SignalKind.RATE_LIMIT_TOKENS, Duration.ofSeconds(50));
		assertThat(catchThrowable(
				() -> this.model.call(failing(failure(SignalKind.RATE_LIMIT_TOKENS, Duration.ofSeconds(50)), second))))
			.isSameAs(second);
		assertThat(this.model.attempts).containsExactly(Duration.ZERO, Duration.ofSeconds(50));
	}

	@Test
	void callWhenAttemptsLastLongIsNotRepeatedBeyondMaxElapsed() {
		ProviderException failure = failure(SignalKind.SERVER_ERROR);
		assertThat(catchThrowable(() -> this.model.call(() -> {
			this.model.time.advance(Duration.ofSeconds(100));
			throw failure;
		}))).isSameAs(failure);
		assertThat(this.model.attempts).containsExactly(Duration.ZERO, Duration.ofMillis(100_375));
	}

	@Test
	void callWhenOtherBudgetIsShortFailsUnchangedInsteadOfBeingRefused() {
		ProviderException failure = failure(SignalKind.SERVER_ERROR);
		CallRequest request = CallRequest.of(Cost.ofTotal(600)).withMaxWait(Duration.ofSeconds(30));
		assertThat(catchThrowable(() -> this.model.call(request, failing(failure)))).isSameAs(failure);
		assertThat(this.model.attempts).hasSize(1);
	}

	@Test
	void callWhenNeverSentIsRepeatedAsAfterAServerError() throws Exception {
		LimitedModel exact = model(MIDDLE);
		exact.call(failing(new IllegalStateException(new ConnectException())));
		assertThat(exact.attempts).containsExactly(Duration.ZERO, Duration.ofMillis(500));
		assertThat(exact.remaining(Dimension.REQUESTS)).isEqualTo(99);
		assertThat(exact.heard).containsExactly(SignalKind.SERVER_ERROR);
	}

	@Test
	void callWhenFailureIsUnknownIsNotRepeated() {
		assertNotRepeated(new IllegalStateException("boom"));
	}

	@Test
	void callWhenSignalForbidsItIsNotRepeated() {
		assertNotRepeated(failure(SignalKind.QUOTA_EXHAUSTED, Duration.ofSeconds(1)));
	}

	@Test
	void callWhenBodyWasRefusedByAnotherLimiterIsNotRepeated() {
		LlmRateLimitExceededException refused = (LlmRateLimitExceededException) catchThrowable(
				() -> this.model.limiter.acquire(Cost.ofTotal(1001)));
		assertNotRepeated(refused);
	}

	@Test
	void callWhenCancelledIsNotRepeated() {
		assertNotRepeated(new CancellationException());
	}

	@Test
	void callWhenBodyIsInterruptedIsNotRepeated() {
		assertNotRepeated(new InterruptedException());
	}

	@Test
	void callWhenProviderFailedAndBodyWasCancelledIsNotRepeated() {
		CancellationException cancelled = new CancellationException();
		assertThat(catchThrowable(() -> this.model.call(() -> {
			((LimitedCall) LlmCall.current().orElseThrow())
				.onResponse(WrittenDialect.response(SignalKind.SERVER_ERROR));
			throw cancelled;
		}))).isSameAs(cancelled);
		assertThat(this.model.attempts).hasSize(1);
	}

	@Test
	void callWhenNotAdmittedIsNotRepeated() {
		assertThatExceptionOfType(LlmRateLimitExceededException.class)
			.isThrownBy(() -> this.model.call(CallRequest.of(Cost.ofTotal(1001)), failing()));
		assertThat(this.model.asked).hasSize(1);
		assertThat(this.model.heard).isEmpty();
	}

	@Test
	void callWhenInterruptedBetweenAttemptsFailsUnchangedWithTheFlagSet() {
		ProviderException failure = failure(SignalKind.SERVER_ERROR);
		assertThat(catchThrowable(() -> this.model.call(() -> {
			Thread.currentThread().interrupt();
			throw failure;
		}))).isSameAs(failure);
		assertThat(Thread.currentThread().isInterrupted()).isTrue();
		assertThat(this.model.attempts).hasSize(1);
	}

	@Test
	void callWhenInterruptedWhileDelayedFailsUnchangedWithTheFlagSet() throws Exception {
		LimitedModel free = model(MIDDLE);
		ProviderException failure = failure(SignalKind.RATE_LIMIT_TOKENS);
		Throwable thrown = catchThrowable(() -> free.call(() -> {
			Thread.currentThread().interrupt();
			throw failure;
		}));
		assertThat(thrown).isSameAs(failure);
		assertThat(Thread.currentThread().isInterrupted()).isTrue();
	}

	@Test
	void callWhenErrorIsThrownPassesItOn() {
		AssertionError error = new AssertionError();
		assertThat(catchThrowable(() -> this.model.call(() -> {
			throw error;
		}))).isSameAs(error);
		assertThat(this.model.attempts).hasSize(1);
	}

	@Test
	void callWhenAnsweredWithUsageAfterRetrySettlesTheLastAttempt() throws Exception {
		Callable<String> answers = failing(failure(SignalKind.SERVER_ERROR));
		this.model.call(() -> {
			String answer = answers.call();
			LlmCall.current().orElseThrow().recordUsage(Usage.of(100, 150));
			return answer;
		});
		assertThat(this.model.remaining(Dimension.TOKENS)).isEqualTo(650);
	}

	@Test
	void callWhenNestedInACallOfAnotherModelKeepsBothApart() throws Exception {
		LimitedModel inner = model(MIDDLE);
		ProviderException outerFailure = failure(SignalKind.SERVER_ERROR);
		Callable<String> outerAnswers = failing(outerFailure);
		this.model.call(() -> {
			inner.call(failing(failure(SignalKind.RATE_LIMIT_TOKENS, Duration.ofSeconds(8))));
			return outerAnswers.call();
		});
		// after the pause the limit's own pace: five seconds are a call's share of the
		// minute
		assertThat(inner.attempts).containsExactly(Duration.ZERO, Duration.ofSeconds(9), Duration.ofSeconds(14),
				Duration.ofSeconds(23));
		assertThat(this.model.attempts).containsExactly(Duration.ZERO, Duration.ofMillis(375));
	}

	private void assertNotRepeated(Exception failure) {
		assertThat(catchThrowable(() -> this.model.call(failing(failure)))).isSameAs(failure);
		assertThat(this.model.attempts).hasSize(1);
		assertThat(this.model.heard).isEmpty();
	}

	private RetryConfig config() {
		return config(this.model);
	}

	private static RetryConfig config(LimitedModel model) {
		return new ModelRetry(model.limiter, new RetryRules(RetrySettings.DEFAULTS, LOWEST), (name, failure) -> null)
			.config(6);
	}

	private static void acquire(LimitedModel model) {
		try {
			model.limiter.acquire(Cost.ofTotal(1)).close();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static Duration slot() {
		return LimitedModel.SLOT;
	}

	/** A guard of zero becomes one slot after a refusal that the ledger can't explain. */
	private static Duration widenedGuard() {
		return LimitedModel.SLOT;
	}

	private static RetrySettings settings(int maxAttempts, Duration maxElapsed) {
		return new RetrySettings(maxAttempts, Duration.ofSeconds(1), Duration.ofSeconds(60), 0.25,
				Duration.ofMillis(500), maxElapsed, Duration.ofMinutes(5));
	}

	private static LimitedModel model(RandomGenerator random) {
		return new LimitedModel(RetrySettings.DEFAULTS, random, TOKENS, REQUESTS);
	}

}
