package io.github.llmratelimit.simulation;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.engine.EngineClient;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What holding everybody makes of a provider that lacks capacity: 100 calls a second,
 * which are answered after five seconds or turned away after a tenth of one. Who was
 * turned away comes back after half a second, twice as long the next time, and fails when
 * that happens the sixth time.
 */
class OverloadedProviderTests {

	private static final DoubleUnaryOperator HALF_A_MINUTE = (second) -> (second >= 30 && second < 60) ? 1 : 0;

	@Test
	void callsWhenOneOfAHundredIsTurnedAwayHardlyWait() {
		Run run = new Run((second) -> 0.01, true);
		assertThat(run.failed).isZero();
		assertThat(run.meanWaitMillis()).isLessThan(2);
	}

	@Test
	void callsWhenOneOfTenIsTurnedAwayWaitShortly() {
		Run run = new Run((second) -> 0.1, true);
		assertThat(run.failed).isZero();
		assertThat(run.meanWaitMillis()).isLessThan(50);
	}

	@Test
	void callsWhenAllAreTurnedAwayForAWhileAreNotLost() {
		Run run = new Run(HALF_A_MINUTE, true);
		assertThat(run.failed).isZero();
		assertThat(run.turnedAway).isLessThan(2_000);
	}

	@Test
	void callsWhenAllAreTurnedAwayAndNobodyHoldsAreLost() {
		Run run = new Run(HALF_A_MINUTE, false);
		assertThat(run.failed).isGreaterThan(1_000);
		assertThat(run.turnedAway).isGreaterThan(10_000);
	}

	/** Two minutes of traffic, and three to come to an end. */
	private static final class Run {

		private final VirtualTime time = new VirtualTime();

		private final SplittableRandom random = new SplittableRandom(5);

		private final EngineClient engine = new EngineClient(List.of(Limit.perMinute(Dimension.REQUESTS, 100_000)),
				Booking.ESTIMATE, this.time);

		private final DoubleUnaryOperator turningAway;

		private final boolean holds;

		private int answered;

		private int turnedAway;

		private int failed;

		private long waitedNanos;

		Run(DoubleUnaryOperator turningAway, boolean holds) {
			this.turningAway = turningAway;
			this.holds = holds;
			for (int i = 0; i < 12_000; i++) {
				this.time.at(i * 10_000_000L, () -> call(1));
			}
			this.time.runUntil(Duration.ofMinutes(5).toNanos());
		}

		private void call(int attempt) {
			long asked = this.time.elapsedNanos();
			Object[] call = new Object[1];
			call[0] = this.engine.ask(CallRequest.of(Cost.ofTotal(1)), () -> {
				this.waitedNanos += this.time.elapsedNanos() - asked;
				// granted at once, the call is known only afterwards
				this.time.in(0, () -> send(call[0], attempt));
			}, () -> this.failed++);
		}

		private void send(Object call, int attempt) {
			double chance = this.turningAway.applyAsDouble(this.time.elapsedNanos() / 1e9);
			if (this.random.nextDouble() >= chance) {
				this.time.in(5_000_000_000L, () -> {
					this.answered++;
					this.engine.settle(call, 1);
				});
				return;
			}
			this.time.in(100_000_000L, () -> {
				this.turnedAway++;
				if (this.holds) {
					this.engine.turnedAway(call);
				}
				else {
					this.engine.failed(call);
				}
				if (attempt == 6) {
					this.failed++;
				}
				else {
					this.time.in(500_000_000L << (attempt - 1), () -> call(attempt + 1));
				}
			});
		}

		private double meanWaitMillis() {
			return this.waitedNanos / 1e6 / Math.max(1, this.answered);
		}

	}

}
