package io.github.llmratelimit.engine;

import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.LimiterStatus.State;
import io.github.llmratelimit.LlmCall;
import io.github.llmratelimit.LlmRateLimitExceededException;
import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.TestEngine.Caller;
import io.github.llmratelimit.engine.admission.Exhaustion;
import io.github.llmratelimit.engine.settings.EngineSettings;
import io.github.llmratelimit.provider.HttpFields;
import io.github.llmratelimit.provider.ProviderDialects;
import io.github.llmratelimit.provider.ProviderException;
import io.github.llmratelimit.provider.ProviderResponse;
import io.github.llmratelimit.provider.SignalKind;
import io.github.llmratelimit.provider.WrittenDialect;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CallRunner}.
 */
class CallRunnerTests {

	private static final CallRequest REQUEST = CallRequest.of(Cost.ofTotal(100));

	private final TestEngine engine = new TestEngine();

	@Test
	void callWhenAnsweredReturnsTheAnswer() throws Exception {
		assertThat(call(() -> "answer")).isEqualTo("answer");
	}

	@Test
	void callWhenAnsweredWithUsageSettles() throws Exception {
		call(() -> {
			LlmCall.current().orElseThrow().recordUsage(Usage.of(200, 50));
			return "answer";
		});
		assertThat(this.engine.remaining(Dimension.TOKENS)).isEqualTo(750);
		assertThat(this.engine.events).endsWith("end 100 250");
	}

	@Test
	void callWhenAnsweredWithoutUsageKeepsTheEstimate() throws Exception {
		call(() -> "answer");
		assertThat(this.engine.remaining(Dimension.TOKENS)).isEqualTo(900);
		assertThat(this.engine.events).endsWith("end 100 ?");
	}

	@Test
	void callWhenItFailsAfterUsageWasToldSettles() {
		failureOf(() -> {
			LlmCall.current().orElseThrow().recordUsage(Usage.of(200, 50));
			throw new IllegalStateException("cannot read the answer");
		});
		assertThat(this.engine.remaining(Dimension.TOKENS)).isEqualTo(750);
	}

	@Test
	void callWhenItFailsWithoutUsageKeepsEverything() {
		failureOf(() -> {
			throw new SocketTimeoutException();
		});
		assertThat(this.engine.remaining(Dimension.TOKENS)).isEqualTo(900);
		assertThat(this.engine.remaining(Dimension.REQUESTS)).isEqualTo(9);
	}

	@Test
	void callWhenServerFailsKeepsEverything() {
		failWith(SignalKind.SERVER_ERROR);
		assertThat(this.engine.remaining(Dimension.TOKENS)).isEqualTo(900);
		assertThat(this.engine.remaining(Dimension.REQUESTS)).isEqualTo(9);
	}

	@Test
	void callWhenNeverSentKeepsNothing() {
		failureOf(() -> {
			throw new UncheckedIOException(new ConnectException());
		});
		assertThat(this.engine.remaining(Dimension.TOKENS)).isEqualTo(1000);
		assertThat(this.engine.remaining(Dimension.REQUESTS)).isEqualTo(10);
	}

	@Test
	void callWhenConnectionIsRefusedAfterAnAnswerKeepsEverything() {
		failureOf(() -> {
			current().onResponse(WrittenDialect.response(SignalKind.OK));
			throw new ConnectException("to the database");
		});
		assertThat(this.engine.remaining(Dimension.TOKENS)).isEqualTo(900);
	}

	@Test
	void callWhenConnectionIsRefusedAfterUsageWasToldSettles() {
		failureOf(() -> {
			current().recordUsage(Usage.of(50, 0));
			throw new ConnectException("to the database");
		});
		assertThat(this.engine.remaining(Dimension.TOKENS)).isEqualTo(900);
	}

	@Test
	void callWhenRefusedKeepsTheRequestOnly() {
		failWith(SignalKind.RATE_LIMIT_TOKENS);
		assertThat(this.engine.remaining(Dimension.TOKENS)).isEqualTo(1000);
		assertThat(this.engine.remaining(Dimension.REQUESTS)).isEqualTo(9);
	}

	@Test
	void callWhenItSwallowsTheRefusalKeepsTheRequestOnly() throws Exception {
		call(() -> {
			current().onResponse(WrittenDialect.response(SignalKind.RATE_LIMIT_TOKENS));
			return "sorry";
		});
		assertThat(this.engine.remaining(Dimension.TOKENS)).isEqualTo(1000);
		assertThat(this.engine.remaining(Dimension.REQUESTS)).isEqualTo(9);
	}

	@Test
	void callWhenItFailsEndsTheReservation() {
		failWith(SignalKind.SERVER_ERROR);
		assertThat(this.engine.limiter().status().inFlight()).isZero();
	}

	@Test
	void callWhenItThrowsAnErrorEndsTheReservation() {
		Error error = new NoClassDefFoundError();
		assertThat(failureOf(() -> {
			throw error;
		})).isSameAs(error);
		assertThat(this.engine.limiter().status().inFlight()).isZero();
	}

	@Test
	void callWhenItIsInterruptedEndsTheReservation() {
		assertThat(failureOf(() -> {
			throw new InterruptedException();
		})).isInstanceOf(InterruptedException.class);
		assertThat(this.engine.limiter().status().inFlight()).isZero();
	}

	@Test
	void callWhenProviderRefusesGetsThatFailureUnchanged() {
		ProviderException failure = new ProviderException(WrittenDialect.response(SignalKind.RATE_LIMIT_TOKENS));
		assertThat(failureOf(() -> {
			throw failure;
		})).isSameAs(failure);
	}

	@Test
	void callWhenItEndsIsNoLongerCurrent() throws Exception {
		call(() -> "answer");
		failWith(SignalKind.SERVER_ERROR);
		assertThat(LlmCall.current()).isEmpty();
	}

	@Test
	void callWhenNestedIsTheCurrentOneUntilItEnds() throws Exception {
		String models = this.engine.limiter().call(REQUEST, () -> {
			LlmCall outer = LlmCall.current().orElseThrow();
			call(() -> "inner");
			return (LlmCall.current().orElseThrow() == outer) ? "outer again" : "lost";
		});
		assertThat(models).isEqualTo("outer again");
	}

	@Test
	void refusalWhenHintedPausesForExactlyThatLong() {
		fail(WrittenDialect.response(SignalKind.RATE_LIMIT_TOKENS, Duration.ofSeconds(7)));
		assertThat(this.engine.limiter().status().paused()).isEqualTo(Duration.ofSeconds(7));
	}

	@Test
	void refusalWhenNotHintedPausesUntilTheOldestCallHasLeft() {
		this.engine.limiter().tryAcquire(Cost.ofTotal(1)).orElseThrow().close();
		this.engine.time.advance(Duration.ofSeconds(20));
		failWith(SignalKind.RATE_LIMIT_REQUESTS);
		assertThat(this.engine.limiter().status().paused()).isEqualTo(TestEngine.BACK_AFTER_REFUSAL.minusSeconds(20));
	}

	@Test
	void refusalWhenOfAnUnknownWindowPausesAMinute() {
		this.engine.limits = List.of(Limit.perMinute(Dimension.TOKENS, 1000));
		failWith(SignalKind.RATE_LIMIT_REQUESTS);
		assertThat(this.engine.limiter().status().paused()).isEqualTo(Duration.ofMinutes(1));
	}

	@Test
	void refusalWhenForADayWithoutHintPausesUntilTheOldestCallHasLeftTheDay() {
		this.engine.limits = List.of(new Limit(Dimension.REQUESTS, 10, Duration.ofDays(1), LimitOrigin.CONFIGURED));
		failWith(SignalKind.RATE_LIMIT_DAY);
		assertThat(this.engine.limiter().status().paused()).isGreaterThan(Duration.ofDays(1));
	}

	@Test
	void refusalWhenForAMinuteWithoutHintDoesNotWaitForTheDay() {
		this.engine.limits = List.of(Limit.perMinute(Dimension.REQUESTS, 10),
				new Limit(Dimension.REQUESTS, 10, Duration.ofDays(1), LimitOrigin.CONFIGURED));
		failWith(SignalKind.RATE_LIMIT_REQUESTS);
		assertThat(this.engine.limiter().status().paused()).isEqualTo(TestEngine.BACK_AFTER_REFUSAL);
	}

	@Test
	void refusalWhenCarriedByTheFailureIsTheCauseOfLaterRefusals() {
		ProviderException failure = fail(WrittenDialect.response(SignalKind.RATE_LIMIT_TOKENS, Duration.ofMinutes(5)));
		assertThat(failureOf(() -> "answer")).isInstanceOfSatisfying(LlmRateLimitExceededException.class, (ex) -> {
			assertThat(ex.reason()).isEqualTo(Reason.PAUSED);
			assertThat(ex.retryAfter()).isEqualTo(Duration.ofMinutes(5));
		}).hasCause(failure);
	}

	@Test
	void refusalWhenHeardBeforeTheFailureIsHeardOnce() {
		hearAndFail(WrittenDialect.response(SignalKind.RATE_LIMIT_TOKENS, Duration.ofMinutes(5)));
		assertThat(this.engine.events).containsOnlyOnce("response rate_limit_tokens");
	}

	@Test
	void refusalWhenHeardBeforeTheFailureHasTheFailureAsCause() {
		ProviderException failure = hearAndFail(
				WrittenDialect.response(SignalKind.RATE_LIMIT_TOKENS, Duration.ofMinutes(5)));
		assertThat(failureOf(() -> "answer")).hasCause(failure);
	}

	@Test
	void exhaustionRefusesLaterCallsWithTheCause() {
		ProviderException failure = failWith(SignalKind.QUOTA_EXHAUSTED);
		assertThat(failureOf(() -> "answer"))
			.isInstanceOfSatisfying(LlmRateLimitExceededException.class,
					(ex) -> assertThat(ex.reason()).isEqualTo(Reason.QUOTA_EXHAUSTED))
			.hasCause(failure);
	}

	@Test
	void exhaustionWhenAProbeIsAnsweredIsOver() throws Exception {
		failWith(SignalKind.QUOTA_EXHAUSTED);
		this.engine.time.advance(Exhaustion.PROBE_INTERVAL);
		call(() -> "answer");
		assertThat(call(() -> "answer")).isEqualTo("answer");
	}

	@Test
	void exhaustionWhenAnEarlierCallIsAnsweredGoesOn() {
		CompletableFuture<String> earlier = new CompletableFuture<>();
		this.engine.limiter().callAsync(REQUEST, () -> earlier);
		failWith(SignalKind.QUOTA_EXHAUSTED);
		earlier.complete("answer");
		assertThat(this.engine.limiter().status().state()).isEqualTo(State.QUOTA_EXHAUSTED);
	}

	@Test
	void refusalWhenTrafficGrewTooFastDoesNotLengthenTheGuard() {
		this.engine.dialect = ProviderDialects.named("openai");
		fail(new ProviderResponse(429, HttpFields.EMPTY, "{\"error\":{\"code\":\"slow_down\"}}"));
		assertThat(this.engine.limiter().status().paused()).isEqualTo(TestEngine.BACK);
	}

	@Test
	void overloadHoldsOthersForAMomentWithTheCause() {
		ProviderException failure = failWith(SignalKind.OVERLOADED);
		assertThat(this.engine.limiter().status().state()).isEqualTo(State.PAUSED);
		Caller<String> hasty = new Caller<>(
				() -> this.engine.limiter().call(REQUEST.withMaxWait(Duration.ZERO), () -> "answer"));
		hasty.run();
		LlmRateLimitExceededException refused = (LlmRateLimitExceededException) hasty.failure();
		assertThat(refused.reason()).isEqualTo(Reason.PAUSED);
		assertThat(refused.retryAfter()).isLessThanOrEqualTo(EngineSettings.DEFAULT_OVERLOAD_BASE_DELAY);
		assertThat(refused).hasCause(failure);
	}

	@Test
	void overloadWhenTheProviderAsksForAWaitHoldsOthersForThat() {
		fail(WrittenDialect.response(SignalKind.OVERLOADED, Duration.ofSeconds(7)));
		assertThat(this.engine.limiter().status().paused()).isEqualTo(Duration.ofSeconds(7));
	}

	@Test
	void overloadChangesNoLimit() {
		failWith(SignalKind.OVERLOADED);
		assertThat(this.engine.limiter().limits().limits()).isEqualTo(this.engine.limits);
		assertThat(this.engine.remaining(Dimension.TOKENS)).isEqualTo(900);
	}

	@Test
	void overloadWhenACallIsAnsweredLetsAllStart() throws Exception {
		failWith(SignalKind.OVERLOADED);
		this.engine.time.advance(EngineSettings.DEFAULT_OVERLOAD_BASE_DELAY);
		call(() -> "answer");
		assertThat(call(() -> "answer")).isEqualTo("answer");
		assertThat(this.engine.events).endsWith("acquire admitted after PT0S", "end 100 ?");
	}

	@Test
	void overloadWhenNoCallIsAnsweredLetsCallsStartOneByOne() throws Exception {
		failWith(SignalKind.OVERLOADED);
		this.engine.time.advance(EngineSettings.DEFAULT_OVERLOAD_BASE_DELAY);
		CompletableFuture<String> first = new CompletableFuture<>();
		this.engine.limiter().callAsync(REQUEST, () -> first);
		CompletableFuture<String> second = this.engine.limiter()
			.callAsync(REQUEST, () -> CompletableFuture.completedFuture("answer"));
		assertThat(second).isNotDone();
		first.complete("answer");
		assertThat(second).isCompletedWithValue("answer");
	}

	@Test
	void refusedKeyShowsUntilACallIsAnswered() throws Exception {
		fail(new ProviderResponse(401, HttpFields.EMPTY, SignalKind.CLIENT_ERROR.id()));
		assertThat(this.engine.limiter().status().state()).isEqualTo(State.REFUSED_KEY);
		call(() -> "answer");
		assertThat(this.engine.limiter().status().state()).isEqualTo(State.OK);
	}

	@Test
	void dialectWhenBrokenLeavesTheFailureAndPauses() {
		ProviderException failure = fail(new ProviderResponse(429, HttpFields.EMPTY, "no kind"));
		assertThat(failure.getMessage()).startsWith("429");
		assertThat(this.engine.limiter().status().paused()).isEqualTo(TestEngine.BACK_AFTER_REFUSAL);
		assertThat(this.engine.limiter().status().inFlight()).isZero();
	}

	@Test
	void dialectWhenBrokenByASuccessLeavesTheAnswer() throws Exception {
		String answer = call(() -> {
			current().onResponse(new ProviderResponse(302, HttpFields.EMPTY, "no kind"));
			return "answer";
		});
		assertThat(answer).isEqualTo("answer");
		assertThat(this.engine.events).contains("response ok");
	}

	private String call(Callable<String> body) throws Exception {
		return this.engine.limiter().call(REQUEST, body);
	}

	private static LimitedCall current() {
		return (LimitedCall) LlmCall.current().orElseThrow();
	}

	private ProviderException failWith(SignalKind kind) {
		return fail(WrittenDialect.response(kind));
	}

	/** Makes a call that fails with what the client made of a response. */
	private ProviderException fail(ProviderResponse response) {
		ProviderException failure = new ProviderException(response);
		assertThat(failureOf(() -> {
			throw failure;
		})).isSameAs(failure);
		return failure;
	}

	/** The same, but the response itself was seen before. */
	private ProviderException hearAndFail(ProviderResponse response) {
		ProviderException failure = new ProviderException(response);
		failureOf(() -> {
			current().onResponse(response);
			throw failure;
		});
		return failure;
	}

	private Throwable failureOf(Callable<String> body) {
		Caller<String> caller = new Caller<>(() -> call(body));
		caller.run();
		return caller.failure();
	}

}
