package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Forecast;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.LimiterStatus.State;
import io.github.llmratelimit.LlmCall;
import io.github.llmratelimit.LlmRateLimitExceededException;
import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.Reservation;
import io.github.llmratelimit.engine.TestEngine.Caller;
import io.github.llmratelimit.engine.settings.EngineSettings;
import io.github.llmratelimit.provider.SignalKind;
import io.github.llmratelimit.provider.WrittenDialect;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ModelLimiter}: threads that wait, and what listeners are told.
 */
class ModelLimiterTests {

	private static final Cost SMALL = Cost.ofTotal(10);

	private final TestEngine engine = new TestEngine();

	@Test
	void acquireWhenItFitsReturnsWhatWasTaken() throws InterruptedException {
		assertThat(limiter().acquire(SMALL).cost()).isEqualTo(SMALL);
		assertThat(this.engine.remaining(Dimension.TOKENS)).isEqualTo(990);
		assertThat(limiter().status().inFlight()).isOne();
	}

	@Test
	void acquireWhenBudgetIsSpentStartsWhenItComesBack() {
		this.engine.spendAllTokens();
		Caller<Reservation> caller = park(SMALL);
		this.engine.time.advance(TestEngine.BACK);
		caller.result();
		assertThat(this.engine.events).containsExactly("acquire admitted after PT1M0.15S");
	}

	@Test
	void acquireWhenBudgetHasNotComeBackWaits() {
		this.engine.spendAllTokens();
		Caller<Reservation> caller = park(SMALL);
		this.engine.time.advance(TestEngine.BACK.minusNanos(1));
		assertThat(caller.isDone()).isFalse();
		assertThat(this.engine.time.wentOff()).isZero();
	}

	@Test
	void acquireWhenManyWaitWakesOnceForAllThatFit() {
		this.engine.spendAllTokens();
		List<Caller<Reservation>> callers = List.of(park(SMALL), park(SMALL), park(SMALL));
		this.engine.time.advance(TestEngine.BACK);
		callers.forEach(Caller::result);
		assertThat(this.engine.time.wentOff()).isOne();
	}

	@Test
	void acquireWhenInterruptedLeavesNothing() {
		this.engine.spendAllTokens();
		Caller<Reservation> caller = park(SMALL);
		caller.interrupt();
		assertThat(caller.failure()).isInstanceOf(InterruptedException.class);
		this.engine.time.advance(Duration.ofMinutes(2));
		assertThat(limiter().status().queued()).isZero();
		assertThat(limiter().status().inFlight()).isZero();
		assertThat(this.engine.remaining(Dimension.TOKENS)).isEqualTo(1000);
		assertThat(this.engine.events).containsExactly("acquire interrupted after PT0S");
	}

	@Test
	void acquireWhenInterruptedBeforeItMustWaitLeavesNothing() {
		this.engine.spendAllTokens();
		Caller<Reservation> caller = new Caller<>(() -> {
			Thread.currentThread().interrupt();
			return limiter().acquire(SMALL);
		});
		caller.run();
		assertThat(caller.failure()).isInstanceOf(InterruptedException.class);
		assertThat(limiter().status().queued()).isZero();
	}

	@Test
	void acquireWhenInterruptedAndBudgetIsThereTakesIt() throws InterruptedException {
		Thread.currentThread().interrupt();
		try {
			assertThat(limiter().acquire(SMALL).cost()).isEqualTo(SMALL);
		}
		finally {
			assertThat(Thread.interrupted()).isTrue();
		}
	}

	@Test
	void acquireWhenDeadlinePassesIsRefusedAndNeverStarts() {
		this.engine.spendAllTokens();
		Caller<Reservation> caller = park(CallRequest.of(SMALL).withMaxWait(TestEngine.BACK));
		this.engine.time.advance(Duration.ofSeconds(30));
		limiter().changeLimit(Dimension.TOKENS, Duration.ofMinutes(1), 500);
		assertThat(limiter().tryAcquire(SMALL)).isEmpty();
		this.engine.registry().close();
		assertThat(caller.failure()).isInstanceOf(CancellationException.class);
	}

	@Test
	void acquireWhenRefusedSaysWhy() {
		this.engine.spendAllTokens();
		assertThatExceptionOfType(LlmRateLimitExceededException.class)
			.isThrownBy(() -> limiter().acquire(CallRequest.of(SMALL).withMaxWait(Duration.ofSeconds(5))))
			.withMessage("Call to 'gpt-4o' refused (WAIT_TOO_LONG): 10 tokens would be free in PT1M0.15S, "
					+ "but the call may wait PT5S only.");
		assertThat(this.engine.events).containsExactly("acquire wait_too_long after PT0S");
	}

	@Test
	void acquireWhenRequestSaysNothingWaitsAsLongAsTheDefault() {
		this.engine.settings = new EngineSettings(Duration.ofSeconds(60), 10, null);
		this.engine.spendAllTokens();
		assertThatExceptionOfType(LlmRateLimitExceededException.class).isThrownBy(() -> limiter().acquire(SMALL))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(Reason.WAIT_TOO_LONG));
	}

	@Test
	void acquireWhenTooLargeIsRefusedWithBothNumbers() {
		assertThatExceptionOfType(LlmRateLimitExceededException.class)
			.isThrownBy(() -> limiter().acquire(Cost.ofTotal(1001)))
			.withMessage("Call to 'gpt-4o' refused (REQUEST_TOO_LARGE): it needs 1001 tokens and the whole limit is "
					+ "1000. Shorten it or raise the limit.");
	}

	@Test
	void acquireWhenApplicationStopsIsCancelled() {
		this.engine.spendAllTokens();
		Caller<Reservation> caller = park(SMALL);
		this.engine.registry().close();
		assertThat(caller.failure()).isInstanceOf(CancellationException.class)
			.hasMessage("The application stops: the call to 'gpt-4o' was not made.");
		assertThat(this.engine.events).containsExactly("acquire cancelled after PT0S");
	}

	@Test
	void tryAcquireWhenItFitsTakes() {
		assertThat(limiter().tryAcquire(SMALL))
			.hasValueSatisfying((taken) -> assertThat(taken.cost()).isEqualTo(SMALL));
		assertThat(this.engine.events).containsExactly("acquire admitted after PT0S");
	}

	@Test
	void tryAcquireWhenBudgetIsSpentTakesNothing() {
		this.engine.spendAllTokens();
		assertThat(limiter().tryAcquire(SMALL)).isEmpty();
		assertThat(this.engine.events).containsExactly("acquire wait_too_long after PT0S");
	}

	@Test
	void tryAcquireWhenOthersWaitDoesNotOvertake() {
		limiter().tryAcquire(Cost.ofTotal(500)).orElseThrow().close();
		park(Cost.ofTotal(600));
		assertThat(limiter().tryAcquire(SMALL)).isEmpty();
	}

	@Test
	void tryAcquireWhenTooLargeFails() {
		assertThatExceptionOfType(LlmRateLimitExceededException.class)
			.isThrownBy(() -> limiter().tryAcquire(Cost.ofTotal(1001)))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(Reason.REQUEST_TOO_LARGE));
		assertThat(this.engine.events).containsExactly("acquire request_too_large after PT0S");
	}

	@Test
	void forecastWhenBudgetIsSpentIsExact() {
		this.engine.spendAllTokens();
		assertThat(limiter().forecast(SMALL)).isEqualTo(new Forecast(TestEngine.BACK, Dimension.TOKENS, 0));
	}

	@Test
	void forecastTakesNothing() {
		limiter().forecast(SMALL);
		assertThat(this.engine.remaining(Dimension.TOKENS)).isEqualTo(1000);
		assertThat(this.engine.events).isEmpty();
	}

	@Test
	void forecastWhenTooLargeFails() {
		assertThatExceptionOfType(LlmRateLimitExceededException.class)
			.isThrownBy(() -> limiter().forecast(Cost.ofTotal(1001)));
	}

	@Test
	void changeLimitShowsWithItsOrigin() {
		limiter().changeLimit(Dimension.TOKENS, Duration.ofSeconds(60), 2000);
		assertThat(limiter().limits().limits())
			.contains(new Limit(Dimension.TOKENS, 2000, Duration.ofMinutes(1), LimitOrigin.RUNTIME));
	}

	@Test
	void changeLimitWhenRaisedWakesThoseThatNowFit() {
		this.engine.spendAllTokens();
		Caller<Reservation> caller = park(SMALL);
		limiter().changeLimit(Dimension.TOKENS, Duration.ofMinutes(1), 1010);
		assertThat(caller.result().cost()).isEqualTo(SMALL);
	}

	@Test
	void changeLimitWhenThereIsNoSuchWindowFails() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> limiter().changeLimit(Dimension.TOKENS, Duration.ofSeconds(10), 1))
			.withMessage("Invalid limit (tokens per 10s): model 'gpt-4o' has only "
					+ "[10 requests per 1m (CONFIGURED), 1000 tokens per 1m (CONFIGURED)].");
	}

	@Test
	void statusWhenSomebodyWaitsIsQueueing() {
		this.engine.spendAllTokens();
		park(SMALL);
		assertThat(limiter().status().state()).isEqualTo(State.QUEUEING);
		assertThat(limiter().status().queued()).isOne();
	}

	@Test
	void observeWhenItWouldWaitAdmitsAndTells() throws InterruptedException {
		this.engine.mode = LimiterMode.OBSERVE;
		this.engine.spendAllTokens();
		limiter().acquire(SMALL);
		assertThat(this.engine.events).containsExactly("acquire would_wait after PT0S");
	}

	@Test
	void observeWhenItWouldBeRefusedAdmitsAndTells() throws InterruptedException {
		this.engine.mode = LimiterMode.OBSERVE;
		limiter().acquire(Cost.ofTotal(1001));
		this.engine.settings = EngineSettings.DEFAULTS;
		limiter().acquire(CallRequest.of(SMALL).withMaxWait(Duration.ZERO));
		assertThat(this.engine.events).containsExactly("acquire would_refuse after PT0S",
				"acquire would_refuse after PT0S");
	}

	@Test
	void observeWhenItFitsTellsNothingElse() {
		this.engine.mode = LimiterMode.OBSERVE;
		assertThat(limiter().tryAcquire(SMALL)).isPresent();
		assertThat(this.engine.events).containsExactly("acquire admitted after PT0S");
	}

	@Test
	void acquireWhenOffPassesAndCountsNothing() throws InterruptedException {
		this.engine.mode = LimiterMode.OFF;
		Reservation reservation = limiter().acquire(Cost.ofTotal(5000));
		reservation.release();
		assertThat(reservation.cost()).isEqualTo(Cost.ofTotal(5000));
		assertThat(this.engine.remaining(Dimension.TOKENS)).isEqualTo(1000);
		assertThat(this.engine.events).isEmpty();
	}

	@Test
	void tryAcquireWhenOffPassesAndCountsNothing() {
		this.engine.mode = LimiterMode.OFF;
		assertThat(limiter().tryAcquire(Cost.ofTotal(5000))).isPresent();
		assertThat(this.engine.events).isEmpty();
	}

	@Test
	void callWhenOffHearsNothing() throws Exception {
		this.engine.mode = LimiterMode.OFF;
		int attempt = limiter().call(CallRequest.of(SMALL), () -> {
			LimitedCall call = (LimitedCall) LlmCall.current().orElseThrow();
			call.onResponse(WrittenDialect.response(SignalKind.RATE_LIMIT_TOKENS));
			return call.attempt();
		});
		assertThat(attempt).isOne();
		assertThat(LlmCall.current()).isEmpty();
		assertThat(limiter().status().paused()).isZero();
		assertThat(this.engine.events).isEmpty();
	}

	@Test
	void isProviderHostIgnoresCase() {
		assertThat(limiter().isProviderHost("API.OpenAI.com")).isTrue();
		assertThat(limiter().isProviderHost("example.com")).isFalse();
	}

	private ModelLimiter limiter() {
		return this.engine.limiter();
	}

	private Caller<Reservation> park(Cost cost) {
		return park(CallRequest.of(cost));
	}

	private Caller<Reservation> park(CallRequest request) {
		return this.engine.park(() -> limiter().acquire(request));
	}

}
