package io.github.llmratelimit.resilience;

import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.LlmCall;
import io.github.llmratelimit.LlmRateLimitExceededException;
import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.LimitedCall;
import io.github.llmratelimit.provider.ProviderException;
import io.github.llmratelimit.provider.SignalKind;
import io.github.llmratelimit.provider.WrittenDialect;
import io.github.resilience4j.retry.RetryConfig;
import org.junit.jupiter.api.Test;

import static io.github.llmratelimit.resilience.Draws.LOWEST;
import static io.github.llmratelimit.resilience.Draws.MIDDLE;
import static io.github.llmratelimit.resilience.LimitedModel.failing;
import static io.github.llmratelimit.resilience.LimitedModel.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for {@link ResilienceRetry} around the calls of a real limiter.
 */
class ResilienceRetryTests {

	private final LimitedModel model = LimitedModel.drawing(LOWEST);

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
		LimitedModel jittered = LimitedModel.drawing(MIDDLE);
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
		LimitedModel exact = LimitedModel.drawing(MIDDLE);
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
	void callWhenHintIsAllOfTheWaitLeftIsRepeated() throws Exception {
		CallRequest request = CallRequest.of(Cost.ofTotal(100)).withMaxWait(Duration.ofSeconds(2));
		this.model.call(request, failing(failure(SignalKind.RATE_LIMIT_TOKENS, Duration.ofSeconds(2))));
		assertThat(this.model.attempts).containsExactly(Duration.ZERO, Duration.ofSeconds(2));
	}

	@Test
	void callWhenNeverSentIsRepeatedAsAfterAServerError() throws Exception {
		LimitedModel exact = LimitedModel.drawing(MIDDLE);
		exact.call(failing(new IllegalStateException(new ConnectException())));
		assertThat(exact.attempts).containsExactly(Duration.ZERO, Duration.ofMillis(500));
		assertThat(exact.remaining(Dimension.REQUESTS)).isEqualTo(99);
		assertThat(exact.heard).containsExactly(SignalKind.SERVER_ERROR);
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
		LimitedModel inner = LimitedModel.drawing(MIDDLE);
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

	private RetryConfig config() {
		return new ModelRetry(this.model.limiter, new RetryRules(RetrySettings.DEFAULTS, LOWEST),
				(name, failure) -> null)
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

}
