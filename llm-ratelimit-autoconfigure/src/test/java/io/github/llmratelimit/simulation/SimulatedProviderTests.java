package io.github.llmratelimit.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.Priority;
import io.github.llmratelimit.simulation.Scenario.Account;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SimulatedProvider}.
 */
class SimulatedProviderTests {

	private static final long SECOND = 1_000_000_000L;

	@Test
	void arriveWhenRollingNeverHoldsMoreThanTheLimitInAnyMinute() {
		SimulatedProvider provider = provider(Enforcement.ROLLING, Booking.ESTIMATE);
		SplittableRandom random = new SplittableRandom(7);
		List<long[]> admitted = new ArrayList<>();
		long now = 0;
		for (int i = 0; i < 5_000; i++) {
			now += random.nextLong(2 * SECOND);
			SimulatedCall call = call(100, 100 + random.nextLong(2_000));
			long before = now;
			long used = admitted.stream()
				.filter((entry) -> before - entry[0] < 60 * SECOND)
				.mapToLong((entry) -> entry[1])
				.sum();
			assertThat(provider.arrive(call, now)).isEqualTo(used + call.estimatedTokens <= 10_000);
			if (used + call.estimatedTokens <= 10_000) {
				admitted.add(new long[] { now, call.estimatedTokens });
			}
		}
	}

	@Test
	void arriveWhenMinutesAreFixedForgetsAtTheFullMinute() {
		SimulatedProvider provider = provider(Enforcement.FIXED_MINUTES, Booking.ESTIMATE);
		assertThat(provider.arrive(call(1, 10_000), 59 * SECOND)).isTrue();
		assertThat(provider.arrive(call(1, 1), 60 * SECOND - 1)).isFalse();
		assertThat(provider.arrive(call(1, 10_000), 60 * SECOND)).isTrue();
	}

	@Test
	void arriveWhenItIsABucketRefillsAllTheTime() {
		SimulatedProvider provider = provider(Enforcement.BUCKET, Booking.ESTIMATE);
		assertThat(provider.arrive(call(1, 10_000), 0)).isTrue();
		assertThat(provider.arrive(call(1, 1_000), 6 * SECOND - 1_000)).isFalse();
		assertThat(provider.arrive(call(1, 1_000), 6 * SECOND)).isTrue();
	}

	@Test
	void arriveWhenRefusalsCountTakesARequestForThem() {
		SimulatedProvider provider = provider(Enforcement.ROLLING_REFUSALS_COUNT, Booking.ESTIMATE);
		provider.arrive(call(1, 10_000), 0);
		provider.arrive(call(1, 10_000), 0);
		assertThat(provider.headers().remainingRequests()).isEqualTo(98);
	}

	@ParameterizedTest
	@EnumSource(Enforcement.class)
	void completeWhenSettledLeavesTheRealTokens(Enforcement enforcement) {
		SimulatedProvider provider = provider(enforcement, Booking.SETTLED);
		SimulatedCall call = call(400, 1_500);
		provider.arrive(call, 0);
		long remaining = provider.headers().remainingTokens();
		provider.complete(call, 0);
		assertThat(provider.headers().remainingTokens()).isEqualTo(remaining + 1_100);
	}

	@Test
	void completeWhenBookedAsEstimateGivesNothingBack() {
		SimulatedProvider provider = provider(Enforcement.ROLLING, Booking.ESTIMATE);
		SimulatedCall call = call(400, 1_500);
		provider.arrive(call, 0);
		provider.complete(call, SECOND);
		assertThat(provider.headers().remainingTokens()).isEqualTo(8_500);
	}

	@Test
	void arriveWhenBookedAsActualTakesTheRealTokens() {
		SimulatedProvider provider = provider(Enforcement.ROLLING, Booking.ACTUAL);
		provider.arrive(call(400, 1_500), 0);
		assertThat(provider.headers().remainingTokens()).isEqualTo(9_600);
	}

	@Test
	void produceWhenOutputCountsAsProducedTakesItThen() {
		SimulatedProvider provider = new SimulatedProvider(
				new Account(100, 10_000, Enforcement.ROLLING, Booking.ACTUAL, true));
		provider.arrive(call(400, 1_500), 0);
		assertThat(provider.headers().remainingTokens()).isEqualTo(9_800);
		provider.produce(200, SECOND);
		assertThat(provider.headers().remainingTokens()).isEqualTo(9_600);
	}

	private static SimulatedProvider provider(Enforcement enforcement, Booking booking) {
		return new SimulatedProvider(new Account(100, 10_000, enforcement, booking, false));
	}

	/** Half of the real tokens are output. */
	private static SimulatedCall call(long actual, long estimated) {
		return new SimulatedCall(0, Priority.NORMAL,
				new SimulatedCall.Size(actual - actual / 2, actual / 2, estimated, SECOND), 0);
	}

}
