package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.LlmRateLimitExceededException;
import io.github.llmratelimit.Reservation;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests for reservations of {@link ModelLimiter} that wait on no thread. */
class LaterReservationTests {

	private static final CallRequest REQUEST = CallRequest.of(Cost.ofTotal(100));

	private final TestEngine engine = new TestEngine();

	@Test
	void acquireWhenThereIsBudgetIsDoneAtOnce() {
		assertThat(this.engine.limiter().acquireAsync(REQUEST)).isCompleted();
		assertThat(this.engine.remaining(Dimension.TOKENS)).isEqualTo(900);
	}

	@Test
	void acquireWhenThereIsNoBudgetIsDoneWhenItComesBack() {
		this.engine.spendAllTokens();
		CompletableFuture<Reservation> later = this.engine.limiter().acquireAsync(REQUEST);
		this.engine.time.advance(TestEngine.BACK.minusNanos(1));
		assertThat(later).isNotDone();
		this.engine.time.advance(Duration.ofNanos(1));
		assertThat(later).isCompleted();
	}

	@Test
	void acquireWhenManyWaitAnswersInOrder() {
		this.engine.spendAllTokens();
		List<Integer> order = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			int number = i;
			this.engine.limiter().acquireAsync(REQUEST).thenRun(() -> order.add(number));
		}
		this.engine.time.advance(TestEngine.BACK);
		assertThat(order).containsExactly(0, 1, 2, 3, 4);
	}

	@Test
	void acquireWhenItCanNeverStartFails() {
		assertThat(this.engine.limiter().acquireAsync(CallRequest.of(Cost.ofTotal(1001)))).failsWithin(Duration.ZERO)
			.withThrowableThat()
			.withCauseInstanceOf(LlmRateLimitExceededException.class);
	}

	@Test
	void acquireWhenCancelledLeavesNothing() {
		this.engine.spendAllTokens();
		this.engine.limiter().acquireAsync(REQUEST).cancel(true);
		assertThat(this.engine.limiter().status().queued()).isZero();
		assertThat(this.engine.events).containsExactly("acquire cancelled after PT0S");
	}

	@Test
	void acquireWhenCancelledInTheInstantOfItsGrantGivesEverythingBack() {
		List<Runnable> tasks = new ArrayList<>();
		this.engine.executor = tasks::add;
		this.engine.spendAllTokens();
		CompletableFuture<Reservation> later = this.engine.limiter().acquireAsync(REQUEST);
		this.engine.time.advance(TestEngine.BACK);
		later.cancel(true);
		tasks.forEach(Runnable::run);
		assertThat(this.engine.remaining(Dimension.TOKENS)).isEqualTo(1000);
		assertThat(this.engine.limiter().status().inFlight()).isZero();
	}

	@Test
	void acquireWhenCancelledAfterItWasDoneKeepsTheReservation() {
		CompletableFuture<Reservation> later = this.engine.limiter().acquireAsync(REQUEST);
		later.cancel(true);
		assertThat(this.engine.remaining(Dimension.TOKENS)).isEqualTo(900);
	}

	@Test
	void acquireWhenSwitchedOffTakesNothing() {
		this.engine.mode = LimiterMode.OFF;
		assertThat(this.engine.limiter().acquireAsync(REQUEST)).isCompleted();
		assertThat(this.engine.remaining(Dimension.TOKENS)).isEqualTo(1000);
	}

}
