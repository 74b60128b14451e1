package io.github.llmratelimit.resilience;

import java.time.Duration;
import java.util.concurrent.CancellationException;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.LlmCall;
import io.github.llmratelimit.LlmRateLimitExceededException;
import io.github.llmratelimit.engine.LimitedCall;
import io.github.llmratelimit.provider.ProviderException;
import io.github.llmratelimit.provider.SignalKind;
import io.github.llmratelimit.provider.WrittenDialect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.github.llmratelimit.resilience.Draws.LOWEST;
import static io.github.llmratelimit.resilience.Draws.MIDDLE;
import static io.github.llmratelimit.resilience.LimitedModel.failing;
import static io.github.llmratelimit.resilience.LimitedModel.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for {@link ResilienceRetry} where a call is not repeated, or not again.
 */
class RetryEndTests {

	private final LimitedModel model = LimitedModel.drawing(LOWEST);

	@AfterEach
	void clearInterrupt() {
		Thread.interrupted();
	}

	@Test
	void callWhenHintExceedsTheLongestFailsAtOnceUnchanged() {
		LimitedModel patient = new LimitedModel(LimitedModel.settings(6, Duration.ofHours(1)), LOWEST,
				LimitedModel.TOKENS);
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
		LimitedModel free = LimitedModel.drawing(MIDDLE);
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

	private void assertNotRepeated(Exception failure) {
		assertThat(catchThrowable(() -> this.model.call(failing(failure)))).isSameAs(failure);
		assertThat(this.model.attempts).hasSize(1);
		assertThat(this.model.heard).isEmpty();
	}

}
