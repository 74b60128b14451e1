package io.github.llmratelimit.learning;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.learning.StrictProvider.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link Credit} against strict providers on random traces: it must never lead to a
 * refusal, and must be worth something.
 */
class CreditTraceTests {

	private static final int SEEDS = 8;

	private static final int WINDOWS = 12;

	private static final long LIMIT = 100_000;

	private static final double[] LEAST_COUNTED = { 0.4, 0.8, 0.95, 1 };

	private static final int[] CALLERS = { 20, 60, 200 };

	@ParameterizedTest
	@EnumSource(Kind.class)
	void creditWhenProviderCountsAtArrivalIsNeverRefused(Kind kind) {
		assertThat(neverRefused(kind, Booking.ESTIMATE)).isGreaterThan(5_000);
	}

	@ParameterizedTest
	@EnumSource(Kind.class)
	void creditWhenProviderSettlesIsNeverRefused(Kind kind) {
		assertThat(neverRefused(kind, Booking.SETTLED)).isGreaterThan(5_000);
	}

	@ParameterizedTest
	@EnumSource(Kind.class)
	void creditWhenProviderCountsRealTokensIsNeverRefused(Kind kind) {
		// on a rolling window the ledger knows as much: credit adds nothing there
		assertThat(neverRefused(kind, Booking.ACTUAL)).isGreaterThan((kind != Kind.ROLLING) ? 5_000 : -1);
	}

	/** Returns how many calls only started by credit. */
	private static long neverRefused(Kind kind, Booking booking) {
		long byCreditOnly = 0;
		for (double leastCounted : LEAST_COUNTED) {
			for (int callers : CALLERS) {
				for (int seed = 0; seed < SEEDS; seed++) {
					LearningClient client = client(kind, LearningClient.JITTER, seed);
					client.leastCounted = leastCounted;
					client.callers = callers;
					client.settles = booking == Booking.SETTLED;
					client.countsActual = booking == Booking.ACTUAL;
					assertThat(client.run(WINDOWS).refused)
						.as("%d callers, %s counted, seed %d", callers, leastCounted, seed)
						.isZero();
					byCreditOnly += client.byCreditOnly;
				}
			}
		}
		return byCreditOnly;
	}

	@ParameterizedTest
	@EnumSource(Kind.class)
	void creditWhenProviderCountsLessAdmitsMoreThanTheLedger(Kind kind) {
		long with = 0;
		long without = 0;
		for (int seed = 0; seed < SEEDS; seed++) {
			LearningClient client = client(kind, LearningClient.JITTER, seed);
			client.leastCounted = 0.4;
			with += client.run(WINDOWS).admitted;
			client = client(kind, LearningClient.JITTER, seed);
			client.leastCounted = 0.4;
			client.usesCredit = false;
			without += client.run(WINDOWS).admitted;
		}
		assertThat(with).isGreaterThan(without * 115 / 100);
	}

	@ParameterizedTest
	@EnumSource(Kind.class)
	void creditWhenThereIsNoGuardIsRefused(Kind kind) {
		// shows that the traces are hard enough
		long refused = 0;
		for (int seed = 0; seed < 40; seed++) {
			LearningClient client = client(kind, 1, seed);
			client.leastCounted = 0.95;
			client.callers = 20;
			refused += client.run(WINDOWS).refused;
		}
		assertThat(refused).isPositive();
	}

	private static LearningClient client(Kind kind, long guard, long seed) {
		StrictProvider provider = StrictProvider.of(kind, LIMIT, LearningClient.WINDOW);
		LearningClient client = new LearningClient(provider, LIMIT, guard, seed);
		client.usesCredit = true;
		return client;
	}

}
