package io.github.llmratelimit.learning;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AdmissionLog}.
 */
class AdmissionLogTests {

	private static final long MILLI = 1_000_000L;

	private static final long GUARD = 60 * MILLI;

	/** Ten seconds before the clock overflows. */
	private static final long NOW = Long.MAX_VALUE - 10_000 * MILLI;

	private final AdmissionLog log = new AdmissionLog(GUARD, NOW);

	@Test
	void beforeWhenNothingWasAdmittedIsTheTotal() {
		assertThat(this.log.before(NOW)).isEqualTo(this.log.total()).isZero();
	}

	@Test
	void beforeWhenWithinAPartRoundsDown() {
		this.log.admitted(10, NOW);
		this.log.admitted(5, NOW + 20 * MILLI);
		assertThat(this.log.before(NOW + 20 * MILLI)).isZero();
		assertThat(this.log.before(NOW + 30 * MILLI)).isEqualTo(15);
	}

	@Test
	void throughWhenWithinAPartRoundsUp() {
		this.log.admitted(10, NOW);
		this.log.admitted(5, NOW + 20 * MILLI);
		assertThat(this.log.through(NOW - 1)).isZero();
		assertThat(this.log.through(NOW)).isEqualTo(15);
	}

	@Test
	void soonAfterWhenCallIsAloneIsZero() {
		this.log.admitted(10, NOW);
		assertThat(this.log.soonAfter(NOW, 10, GUARD)).isZero();
	}

	@Test
	void soonAfterWhenOthersFollowCountsThoseWithinTheGuard() {
		this.log.admitted(10, NOW);
		this.log.admitted(7, NOW + GUARD);
		this.log.admitted(100, NOW + 2 * GUARD);
		assertThat(this.log.soonAfter(NOW, 10, GUARD)).isEqualTo(7);
	}

	@Test
	void admittedWhenAmountIsNotPositiveChangesNothing() {
		this.log.admitted(0, NOW);
		this.log.admitted(-5, NOW);
		assertThat(this.log.total()).isZero();
	}

	@Test
	void sumsWhenTracesAreRandomAreRoundedByLessThanAPart() {
		for (int seed = 0; seed < 20; seed++) {
			Random random = new Random(seed);
			AdmissionLog traced = new AdmissionLog(GUARD, NOW);
			List<long[]> admissions = new ArrayList<>();
			long now = NOW;
			long mostApart = (1 + random.nextInt(100)) * MILLI;
			for (int step = 0; step < 20_000; step++) {
				now += (long) (random.nextDouble() * mostApart);
				long amount = random.nextInt(1_000);
				traced.admitted(amount, now);
				admissions.add(new long[] { now, amount });
				if (step % 500 == 0) {
					check(traced, admissions, now - (long) (random.nextDouble() * 60_000 * MILLI), seed);
				}
			}
		}
	}

	private static void check(AdmissionLog log, List<long[]> admissions, long instant, int seed) {
		if (!log.reachesBackTo(instant)) {
			return;
		}
		long part = GUARD / 2;
		assertThat(log.before(instant)).as("seed %d", seed)
			.isBetween(sum(admissions, instant - part), sum(admissions, instant));
		assertThat(log.through(instant)).as("seed %d", seed)
			.isBetween(sum(admissions, instant), sum(admissions, instant + part));
	}

	private static long sum(List<long[]> admissions, long instant) {
		return admissions.stream()
			.filter((admission) -> admission[0] - instant <= 0)
			.mapToLong((admission) -> admission[1])
			.sum();
	}

	@Test
	void isCompleteFromWhenBeforeTheBeginningIsFalse() {
		assertThat(this.log.isCompleteFrom(NOW - 1)).isFalse();
		assertThat(this.log.isCompleteFrom(NOW)).isTrue();
	}

	@Test
	void reachesBackToWhenTrafficIsDenseKnowsTwoMinutes() {
		long now = NOW;
		for (int i = 0; i < 300_000; i++) {
			this.log.admitted(1, now);
			now += MILLI;
		}
		assertThat(this.log.reachesBackTo(now - 120_000 * MILLI)).isTrue();
		assertThat(this.log.reachesBackTo(NOW)).isFalse();
	}

	@Test
	void soonAfterWhenTotalOverflowsIsStillADifference() {
		this.log.admitted(Long.MAX_VALUE, NOW);
		this.log.admitted(10, NOW + GUARD);
		this.log.admitted(7, NOW + GUARD + MILLI);
		assertThat(this.log.soonAfter(NOW + GUARD, 10, GUARD)).isEqualTo(7);
	}

}
