package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.LlmCall;
import io.github.llmratelimit.Reservation;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.TestEngine.Caller;
import io.github.llmratelimit.provider.ProviderException;
import io.github.llmratelimit.provider.SignalKind;
import io.github.llmratelimit.provider.WrittenDialect;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the attempts of a {@link CallRunner}.
 */
class CallRunnerRetryTests {

	private static final CallRequest REQUEST = CallRequest.of(Cost.ofTotal(100));

	private final TestEngine engine = new TestEngine();

	@Test
	void retryWhenDelayedWaitsExactlyThatLong() {
		this.engine.retry = new RetryAfter(Duration.ofSeconds(7));
		Caller<String> caller = this.engine.park(() -> call(failOnce(SignalKind.SERVER_ERROR)));
		assertThat(this.engine.time.nextAlarm()).isEqualTo(Duration.ofSeconds(7));
		this.engine.time.advance(Duration.ofSeconds(7));
		assertThat(caller.result()).isEqualTo("answer");
	}

	@Test
	void retryWhenDelayedIsOneWaitInAllForListeners() {
		this.engine.retry = new RetryAfter(Duration.ofSeconds(7));
		Caller<String> caller = this.engine.park(() -> call(failOnce(SignalKind.SERVER_ERROR)));
		this.engine.time.advance(Duration.ofSeconds(7));
		caller.result();
		assertThat(this.engine.events).contains("acquire admitted after PT7S");
	}

	@Test
	void retryWhenDelayIsBeyondTheBoundOnWaitingEndsWithTheFailure() {
		this.engine.retry = new RetryAfter(Duration.ofSeconds(91));
		ProviderException failure = new ProviderException(WrittenDialect.response(SignalKind.SERVER_ERROR));
		assertThat(failureOf(() -> {
			throw failure;
		})).isSameAs(failure);
		assertThat(this.engine.events).contains("acquire wait_too_long after PT0S");
	}

	@Test
	void retryWhenInterruptedInItsDelayEndsWithTheFailureAndStaysInterrupted() {
		this.engine.retry = new RetryAfter(Duration.ofSeconds(7));
		boolean[] interrupted = new boolean[1];
		Caller<String> caller = this.engine.park(() -> {
			try {
				return call(failOnce(SignalKind.SERVER_ERROR));
			}
			finally {
				interrupted[0] = Thread.currentThread().isInterrupted();
			}
		});
		caller.interrupt();
		assertThat(caller.failure()).isInstanceOf(ProviderException.class);
		assertThat(interrupted[0]).isTrue();
		this.engine.time.advance(Duration.ofDays(1));
		assertThat(this.engine.limiter().status().inFlight()).isZero();
	}

	@Test
	void retryWhenLimiterIsClosedInItsDelayEndsWithTheFailure() {
		this.engine.retry = new RetryAfter(Duration.ofSeconds(7));
		Caller<String> caller = this.engine.park(() -> call(failOnce(SignalKind.SERVER_ERROR)));
		this.engine.registry().close();
		assertThat(caller.failure()).isInstanceOf(ProviderException.class);
	}

	@Test
	void retryTakesBudgetOfItsOwn() throws Exception {
		this.engine.retry = new RetryAfter(Duration.ZERO);
		call(failOnce(SignalKind.SERVER_ERROR));
		assertThat(this.engine.remaining(Dimension.REQUESTS)).isEqualTo(8);
		assertThat(this.engine.remaining(Dimension.TOKENS)).isEqualTo(800);
	}

	@Test
	void retryCountsAttempts() throws Exception {
		this.engine.retry = new RetryAfter(Duration.ZERO);
		Callable<String> body = failOnce(SignalKind.SERVER_ERROR);
		int[] attempt = new int[1];
		call(() -> {
			attempt[0] = LlmCall.current().orElseThrow().attempt();
			return body.call();
		});
		assertThat(attempt[0]).isEqualTo(2);
	}

	@Test
	void retryForgetsWhatTheLastAttemptSaw() throws Exception {
		this.engine.retry = new RetryAfter(Duration.ZERO);
		Callable<String> body = failOnce(SignalKind.SERVER_ERROR);
		call(() -> {
			LimitedCall call = (LimitedCall) LlmCall.current().orElseThrow();
			assertThat(call.signal()).isNull();
			assertThat(call.usage()).isNull();
			call.recordUsage(Usage.of(10, 10));
			return body.call();
		});
	}

	@Test
	void retryWhenPausedWaitsForTheEndOfThePause() {
		this.engine.retry = new RetryAfter(Duration.ZERO);
		Caller<String> caller = this.engine.park(() -> call(failOnce(SignalKind.RATE_LIMIT_TOKENS)));
		assertThat(this.engine.time.nextAlarm()).isEqualTo(TestEngine.BACK_AFTER_REFUSAL);
		this.engine.time.advance(TestEngine.BACK_AFTER_REFUSAL);
		assertThat(caller.result()).isEqualTo("answer");
	}

	@Test
	void retryStartsBeforeCallsThatCameLater() {
		this.engine.retry = new RetryAfter(Duration.ofSeconds(5));
		Caller<String> repeated = this.engine.park(() -> call(failOnce(SignalKind.SERVER_ERROR)));
		this.engine.spendAllTokens();
		CallRequest large = CallRequest.of(Cost.ofTotal(950)).withMaxWait(Duration.ofMinutes(10));
		Caller<Reservation> later = this.engine.park(() -> this.engine.limiter().acquire(large));
		this.engine.time.advance(TestEngine.BACK);
		assertThat(repeated.result()).isEqualTo("answer");
		assertThat(later.isDone()).isFalse();
	}

	@Test
	void retryWhenQueueingTakesTooLongEndsWithTheFailure() {
		this.engine.retry = new RetryAfter(Duration.ZERO);
		ProviderException failure = new ProviderException(
				WrittenDialect.response(SignalKind.RATE_LIMIT_TOKENS, Duration.ofSeconds(91)));
		LimitedCall[] call = new LimitedCall[1];
		Throwable thrown = failureOf(() -> {
			call[0] = (LimitedCall) LlmCall.current().orElseThrow();
			throw failure;
		});
		assertThat(thrown).isSameAs(failure);
		assertThat(call[0].isOver()).isTrue();
	}

	@Test
	void maxWaitBoundsTheWaitsOfAllAttemptsTogether() {
		this.engine.retry = new RetryAfter(Duration.ofSeconds(40));
		this.engine.spendAllTokens();
		Caller<String> caller = this.engine.park(() -> call(failOnce(SignalKind.SERVER_ERROR)));
		this.engine.time.advance(TestEngine.BACK);
		// 90 s less 60.15 s are not enough for another 40 s
		assertThat(caller.failure()).isInstanceOf(ProviderException.class);
	}

	@Test
	void callWhenLimiterIsClosedIsCancelled() {
		this.engine.registry().close();
		assertThat(failureOf(() -> "answer")).isInstanceOf(CancellationException.class);
	}

	private String call(Callable<String> body) throws Exception {
		return this.engine.limiter().call(REQUEST, body);
	}

	private Throwable failureOf(Callable<String> body) {
		Caller<String> caller = new Caller<>(() -> call(body));
		caller.run();
		return caller.failure();
	}

	private static Callable<String> failOnce(SignalKind kind) {
		boolean[] failed = new boolean[1];
		return () -> {
			if (!failed[0]) {
				failed[0] = true;
				throw new ProviderException(WrittenDialect.response(kind));
			}
			return "answer";
		};
	}

	/** Repeats once, after a delay. */
	private record RetryAfter(Duration delay) implements CallRetry {

		@Override
		public <T> T run(LimitedCall call, Callable<T> attempt) throws Exception {
			try {
				return attempt.call();
			}
			catch (ProviderException ex) {
				call.delayNextAttempt(this.delay);
				return attempt.call();
			}
		}

	}

}
