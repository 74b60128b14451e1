package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimiterStatus.State;
import io.github.llmratelimit.LlmCall;
import io.github.llmratelimit.LlmRateLimitExceededException;
import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.Reservation;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.TestEngine.Caller;
import io.github.llmratelimit.time.FakeTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What other limiters have been seen to get wrong, each as a test of ours.
 */
class RivalScarsTests {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private final TestEngine engine = new TestEngine();

	private final List<Caller<?>> callers = new ArrayList<>();

	@AfterEach
	void endAllCallers() {
		this.callers.forEach(Caller::interrupt);
	}

	private <T> Caller<T> park(Callable<T> call) {
		Caller<T> caller = this.engine.park(call);
		this.callers.add(caller);
		return caller;
	}

	private Reservation acquire(long tokens) throws InterruptedException {
		return this.engine.limiter().acquire(CallRequest.of(Cost.ofTotal(tokens)).withMaxWait(Duration.ofHours(2)));
	}

	// parallel calls that all pass the same check: several gateways read, then write
	@ParameterizedTest
	@ValueSource(ints = { 5, 50 })
	void acquireWhenManyCallAtOnceAdmitsOneAMinuteInEveryInterval(int calls) {
		this.engine.limits = List.of(Limit.perMinute(Dimension.TOKENS, 1000));
		List<Long> admitted = Collections.synchronizedList(new ArrayList<>());
		admitted.add(takenAt(this.engine.limiter().tryAcquire(Cost.ofTotal(1000)).orElseThrow()));
		IntStream.range(1, calls).forEach((i) -> park(() -> admitted.add(takenAt(acquire(1000)))));
		for (int i = 1; i < calls; i++) {
			int before = i;
			FakeTime.await(() -> admitted.size() >= before);
			this.engine.time.advanceToNextAlarm();
		}
		FakeTime.await(() -> admitted.size() == calls);
		admitted.sort((one, other) -> Long.signum(one - other));
		for (int i = 1; i < admitted.size(); i++) {
			assertThat(admitted.get(i) - admitted.get(i - 1)).isGreaterThanOrEqualTo(MINUTE.toNanos());
		}
	}

	private static long takenAt(Reservation reservation) {
		return ((BudgetReservation) reservation).takenAtNanos();
	}

	// a bucket that starts full and refills grants twice the limit in its first minute
	@Test
	void tryAcquireWhenTheFirstMinuteHasBegunGrantsNoMoreThanTheLimit() {
		long granted = 0;
		for (int second = 0; second < 60; second++) {
			while (this.engine.limiter().tryAcquire(Cost.of(10, 0)).isPresent()) {
				granted += 10;
			}
			this.engine.time.advance(Duration.ofSeconds(1));
		}
		assertThat(granted).isLessThanOrEqualTo(1000);
	}

	// a refusal on one dimension burned another one
	@Test
	void tryAcquireWhenTokensAreSpentTakesNoRequest() {
		this.engine.spendAllTokens();
		long requests = this.engine.remaining(Dimension.REQUESTS);
		assertThat(this.engine.limiter().tryAcquire(Cost.ofTotal(1))).isEmpty();
		assertThat(this.engine.remaining(Dimension.REQUESTS)).isEqualTo(requests);
	}

	// a denied large request set the bucket to zero: the next small one was refused
	@Test
	void tryAcquireWhenALargeCallWasRefusedStillGrantsASmallOne() {
		this.engine.limiter().tryAcquire(Cost.ofTotal(100));
		assertThat(this.engine.limiter().tryAcquire(Cost.ofTotal(950))).isEmpty();
		assertThat(this.engine.limiter().tryAcquire(Cost.ofTotal(100))).isPresent();
	}

	// small calls kept a large one out for ever
	@Test
	void acquireWhenSmallCallsKeepComingIsServedInTheEnd() throws Exception {
		acquire(500).close();
		Caller<Reservation> large = park(() -> acquire(1000));
		for (int second = 0; second < 70; second++) {
			this.engine.limiter().tryAcquire(Cost.ofTotal(10)).ifPresent(Reservation::close);
			this.engine.time.advance(Duration.ofSeconds(1));
		}
		assertThat(large.result()).isNotNull();
	}

	// a request above the limit was admitted at once, waited for ever, or borrowed cycles
	@Test
	void acquireWhenLargerThanTheLimitFailsAtOnceWithItsReason() {
		assertThatExceptionOfType(LlmRateLimitExceededException.class).isThrownBy(() -> acquire(1001))
			.extracting(LlmRateLimitExceededException::reason)
			.isEqualTo(Reason.REQUEST_TOO_LARGE);
		assertThat(this.engine.limiter().forecast(CallRequest.of(Cost.ofTotal(1000))).isImmediate()).isTrue();
	}

	// calls in progress leaked on errors
	@Test
	void callWhenItThrowsIsNoLongerInFlight() {
		assertThatIllegalStateException()
			.isThrownBy(() -> this.engine.limiter().call(CallRequest.of(Cost.of(1, 1)), () -> {
				throw new IllegalStateException();
			}));
		assertThat(this.engine.limiter().status().inFlight()).isZero();
	}

	// a waiter that was interrupted kept its slot
	@Test
	void acquireWhenInterruptedLeavesNoTrace() {
		this.engine.spendAllTokens();
		Caller<Reservation> waiter = park(() -> acquire(10));
		waiter.interrupt();
		assertThat(waiter.failure()).isInstanceOf(InterruptedException.class);
		this.engine.time.advance(TestEngine.BACK);
		assertThat(this.engine.remaining(Dimension.TOKENS)).isEqualTo(1000);
	}

	// ending twice decremented twice
	@Test
	void releaseWhenCalledTwiceGivesBackOnce() throws Exception {
		Reservation other = acquire(300);
		Reservation reservation = acquire(300);
		reservation.release();
		reservation.release();
		assertThat(this.engine.remaining(Dimension.TOKENS)).isEqualTo(700);
		assertThat(this.engine.limiter().status().inFlight()).isEqualTo(1);
		other.close();
	}

	// a settlement after the window had rolled credited the new window
	@Test
	void releaseWhenTheWindowHasRolledNeverExceedsTheLimit() throws Exception {
		Reservation reservation = acquire(600);
		this.engine.time.advance(Duration.ofMinutes(2));
		acquire(500).close();
		reservation.release();
		assertThat(this.engine.remaining(Dimension.TOKENS)).isEqualTo(500);
	}

	// usage that never comes, is zero, larger than reserved, or comes twice
	@Test
	void settleWhenUsageIsLargerAndComesTwiceCountsOnce() throws Exception {
		Reservation reservation = acquire(100);
		reservation.settle(Usage.of(200, 100));
		reservation.settle(Usage.of(200, 100));
		assertThat(this.engine.remaining(Dimension.TOKENS)).isEqualTo(700);
	}

	@Test
	void callWhenUsageNeverComesKeepsItsEstimate() throws Exception {
		this.engine.limiter().call(CallRequest.of(Cost.ofTotal(100)), () -> "no usage");
		assertThat(this.engine.remaining(Dimension.TOKENS)).isEqualTo(900);
	}

	@Test
	void callWhenUsageIsZeroKeepsWhatTheProviderBooked() throws Exception {
		this.engine.limiter().call(CallRequest.of(Cost.ofTotal(100)), () -> {
			LlmCall.current().orElseThrow().recordUsage(Usage.of(0, 0));
			return null;
		});
		assertThat(this.engine.remaining(Dimension.TOKENS)).isEqualTo(900);
	}

	// the queue's deadline cut off running calls
	@Test
	void callWhenItRunsLongerThanItMayWaitGoesOn() throws Exception {
		String result = this.engine.limiter()
			.call(CallRequest.of(Cost.ofTotal(100)).withMaxWait(Duration.ofSeconds(1)), () -> {
				this.engine.time.advance(MINUTE);
				return "done";
			});
		assertThat(result).isEqualTo("done");
	}

	// a waiter that had expired started its call all the same
	@Test
	void callWhenItWaitedItsLongestNeverStarts() {
		this.engine.limits = List.of(PoolFixture.concurrent(1));
		List<String> started = new ArrayList<>();
		Reservation running = this.engine.limiter().tryAcquire(Cost.of(1, 1)).orElseThrow();
		Caller<Boolean> waiter = park(() -> this.engine.limiter()
			.call(CallRequest.of(Cost.of(1, 1)).withMaxWait(Duration.ofSeconds(5)), () -> started.add("late")));
		this.engine.time.advance(Duration.ofSeconds(5));
		assertThat(waiter.failure()).isInstanceOf(LlmRateLimitExceededException.class);
		running.close();
		assertThat(started).isEmpty();
	}

	// limits changed while calls waited: some were lost, some over-admitted
	@Test
	void changeLimitWhenRaisedWhileCallsWaitStartsThem() {
		this.engine.spendAllTokens();
		Caller<Reservation> waiter = park(() -> acquire(100));
		this.engine.limiter().changeLimit(Dimension.TOKENS, MINUTE, 1100);
		assertThat(waiter.result()).isNotNull();
	}

	@Test
	void changeLimitWhenLoweredWhileCallsWaitAdmitsNoMoreThanTheNewLimit() throws Exception {
		acquire(400).close();
		this.engine.limiter().changeLimit(Dimension.TOKENS, MINUTE, 500);
		assertThat(this.engine.limiter().tryAcquire(Cost.ofTotal(101))).isEmpty();
		assertThat(this.engine.limiter().tryAcquire(Cost.ofTotal(100))).isPresent();
	}

	// an estimate that failed reserved nothing at all, or the whole limit
	@Test
	void acquireWhenACallIsEstimatedAtNothingStillTakesARequest() throws Exception {
		acquire(0).close();
		assertThat(this.engine.remaining(Dimension.REQUESTS)).isEqualTo(9);
	}

	// what the limiter itself refused was taken for a failure of the provider
	@Test
	void callWhenRefusedByUsLeavesTheProviderHealthy() {
		assertThatExceptionOfType(LlmRateLimitExceededException.class)
			.isThrownBy(() -> this.engine.limiter().call(CallRequest.of(Cost.ofTotal(5000)), () -> null));
		assertThat(this.engine.limiter().status().state()).isEqualTo(State.OK);
		assertThat(this.engine.events).noneMatch((event) -> event.startsWith("response"));
	}

}
