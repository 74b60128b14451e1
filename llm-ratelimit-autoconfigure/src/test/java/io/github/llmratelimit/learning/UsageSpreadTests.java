package io.github.llmratelimit.learning;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.github.llmratelimit.Limit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for {@link UsageSpread}.
 */
class UsageSpreadTests {

	private final UsageSpread spread = new UsageSpread();

	@Test
	void requiredWhenNothingIsLearnedIsTheEstimate() {
		this.spread.observe(99_999, 10);
		assertThat(this.spread.isLearned()).isFalse();
		assertThat(this.spread.required(1_000, 1e6, 1e12, 6)).isEqualTo(1_000);
	}

	@Test
	void requiredWhenUsageIsAlwaysHalfIsHalf() {
		learn(500, 1_000);
		assertThat(this.spread.ratio()).isEqualTo(0.5);
		assertThat(this.spread.deviation()).isCloseTo(0, within(1e-6));
		assertThat(this.spread.required(10_000, 1e4, 1e8, 3)).isBetween(5_000L, 5_001L);
	}

	@Test
	void requiredWhenEstimatesAreTooLowIsAboveThem() {
		learn(3_000, 1_000);
		assertThat(this.spread.expected(1_000)).isEqualTo(3_000);
		assertThat(this.spread.required(1_000, 0, 0, 3)).isGreaterThanOrEqualTo(3_000);
	}

	@Test
	void learningWhenTracesAreRandomEqualsTheFormulas() {
		for (int seed = 0; seed < 50; seed++) {
			Random random = new Random(seed);
			UsageSpread learned = new UsageSpread();
			List<long[]> calls = new ArrayList<>();
			double share = 0.2 + 1.3 * random.nextDouble();
			for (int i = 0; i < 3_000; i++) {
				long estimate = (long) Math.exp(7 + random.nextGaussian());
				long actual = (long) Math.max(0, estimate * (share + 0.2 * random.nextGaussian()));
				calls.add(new long[] { estimate, actual });
				learned.observe(estimate, actual);
			}
			double ratio = ratio(calls);
			double variance = variance(calls, ratio);
			assertThat(learned.ratio()).as("seed %d", seed).isCloseTo(ratio, within(1e-9));
			assertThat(learned.deviation()).as("seed %d", seed).isCloseTo(Math.sqrt(variance), within(1e-9));
			double count = count(calls);
			double squares = 5e7 + 4_000.0 * 4_000 + 24_000.0 * 24_000 / count;
			double needed = ratio * 4_000 + 3 * (1 + 10 / (4 * (count - 1))) * Math.sqrt(variance * squares);
			assertThat(learned.required(4_000, 2e4, 5e7, 3)).as("seed %d", seed).isEqualTo((long) Math.ceil(needed));
		}
	}

	@Test
	void requiredWhenCallsEndCoversTheirSumAsOftenAsDeviationsSay() {
		Random random = new Random(1);
		for (int i = 0; i < 5_000; i++) {
			observeRandom(random);
		}
		int short3 = 0;
		for (int round = 0; round < 20_000; round++) {
			double squares = 0;
			double sum = 0;
			long booked = 0;
			long used = 0;
			for (int i = 0; i < 19; i++) {
				long estimate = 1_000 + random.nextInt(9_000);
				squares += UsageSpread.square(estimate);
				sum += estimate;
				booked += this.spread.expected(estimate);
				used += used(estimate, random);
			}
			booked += this.spread.required(5_000, sum, squares, 3);
			short3 += (used + used(5_000, random) > booked) ? 1 : 0;
		}
		assertThat(short3).isLessThan(20_000 / 370); // of a normal distribution: 1 in 741
	}

	@Test
	void requiredWhenFewCallsWereSeenHoldsMoreThanTheDeviationSays() {
		Random random = new Random(1);
		int tooLittle = 0;
		int bySpreadAlone = 0;
		int rounds = 20_000;
		for (int round = 0; round < rounds; round++) {
			this.spread.reset();
			while (!this.spread.isLearned()) {
				observeRandom(random);
			}
			double squares = 0;
			double sum = 0;
			long booked = 0;
			long used = 0;
			for (int i = 0; i < 9; i++) {
				long estimate = 1_000 + random.nextInt(9_000);
				squares += UsageSpread.square(estimate);
				sum += estimate;
				booked += this.spread.expected(estimate);
				used += used(estimate, random);
			}
			used += used(5_000, random);
			double spread = 3 * this.spread.deviation() * Math.sqrt(squares + 5_000.0 * 5_000);
			bySpreadAlone += (used > booked + this.spread.expected(5_000) + spread) ? 1 : 0;
			tooLittle += (used > booked + this.spread.required(5_000, sum, squares, 3)) ? 1 : 0;
		}
		assertThat(bySpreadAlone).isGreaterThan(rounds / 30);
		assertThat(tooLittle).isLessThan(rounds / 90);
	}

	@Test
	void requiredWhenOneCallWasSeenHoldsAllEstimates() {
		this.spread.observe(200_000, 50_000);
		assertThat(this.spread.required(1_000, 9_000, 1e7, 3)).isEqualTo(250 + 7_500);
	}

	@Test
	void requiredWhenNoCallUsedMoreThanItsEstimateHoldsNoMoreThanEstimates() {
		Random random = new Random(1);
		for (int i = 0; i < 100; i++) {
			observeRandom(random);
			long booked = this.spread.expected(20_000) + this.spread.required(4_000, 20_000, 1e8, 100);
			assertThat(booked).isBetween(23_999L, 24_001L);
		}
	}

	@Test
	void requiredWhenACallUsedMoreThanItsEstimateMayHoldMoreThanEstimates() {
		learn(500, 1_000);
		this.spread.observe(1_000, 3_000);
		long booked = this.spread.expected(20_000) + this.spread.required(4_000, 20_000, 1e8, 1_000);
		assertThat(booked).isBetween(71_999L, 72_001L);
	}

	private void observeRandom(Random random) {
		long estimate = 1_000 + random.nextInt(9_000);
		this.spread.observe(estimate, used(estimate, random));
	}

	private static long used(long estimate, Random random) {
		return (long) (estimate / (1 + 2 * random.nextDouble()));
	}

	@Test
	void learningWhenUsageChangesFollows() {
		learn(200, 1_000);
		for (int i = 0; i < 5_000; i++) {
			this.spread.observe(1_000, 900);
		}
		assertThat(this.spread.ratio()).isCloseTo(0.9, within(0.01));
	}

	@Test
	void observeWhenNumbersAreImplausibleIgnoresThem() {
		learn(500, 1_000);
		this.spread.observe(0, 1_000);
		this.spread.observe(-1, 1_000);
		this.spread.observe(1_000, -1);
		this.spread.observe(Long.MIN_VALUE, Long.MIN_VALUE);
		assertThat(this.spread.ratio()).isEqualTo(0.5);
	}

	@Test
	void observeWhenNumbersAreHugeStaysFinite() {
		for (int i = 0; i < 10_000; i++) {
			this.spread.observe(Long.MAX_VALUE, Long.MAX_VALUE);
		}
		assertThat(this.spread.ratio()).isCloseTo(1, within(1e-9));
		assertThat(this.spread.deviation()).isFinite().isNotNegative();
		assertThat(this.spread.required(Long.MAX_VALUE, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY,
				Double.POSITIVE_INFINITY))
			.isEqualTo(Limit.LARGEST_AMOUNT);
	}

	@Test
	void requiredWhenArgumentsAreImplausibleIsNeverNegative() {
		learn(500, 1_000);
		assertThat(this.spread.required(-5, -1, -1, -1)).isZero();
		assertThat(this.spread.required(1_000, Double.NaN, Double.NaN, Double.NaN)).isBetween(500L, 501L);
	}

	@Test
	void deviationsWhenACallIsRefusedRise() {
		this.spread.refused();
		assertThat(this.spread.deviations()).isEqualTo(UsageSpread.NORMAL_DEVIATIONS + UsageSpread.STEP);
	}

	@Test
	void deviationsWhenAllCallsAreRefusedEndAtTheStrictest() {
		for (int i = 0; i < 100; i++) {
			this.spread.refused();
		}
		assertThat(this.spread.deviations()).isEqualTo(UsageSpread.MOST_DEVIATIONS);
	}

	@Test
	void deviationsWhenAllCallsFitEndAtTheFewest() {
		learn(500, 1_000);
		for (int i = 0; i < 100_000; i++) {
			this.spread.fitted();
		}
		assertThat(this.spread.deviations()).isEqualTo(UsageSpread.FEWEST_DEVIATIONS);
	}

	@Test
	void deviationsWhenNoCallWasRefusedYetFallFaster() {
		learn(500, 1_000);
		this.spread.fitted();
		double first = UsageSpread.NORMAL_DEVIATIONS - this.spread.deviations();
		this.spread.refused();
		double before = this.spread.deviations();
		this.spread.fitted();
		assertThat(first).isCloseTo(UsageSpread.FIRST_FALL * (before - this.spread.deviations()), within(1e-9));
	}

	@Test
	void deviationsWhenNothingIsLearnedStay() {
		this.spread.fitted();
		assertThat(this.spread.deviations()).isEqualTo(UsageSpread.NORMAL_DEVIATIONS);
	}

	@Test
	void deviationsWhenResetAreThoseOfTheStart() {
		this.spread.refused();
		this.spread.reset();
		assertThat(this.spread.deviations()).isEqualTo(UsageSpread.NORMAL_DEVIATIONS);
	}

	@ParameterizedTest
	@EnumSource(Distribution.class)
	void deviationsWhenRefusalsFollowThemAdmitNoMoreThanTolerated(Distribution distribution) {
		Random random = new Random(1);
		for (int i = 0; i < 5_000; i++) {
			long estimate = distribution.estimate(random);
			this.spread.observe(estimate, distribution.used(estimate, random));
		}
		int refused = 0;
		int calls = 100_000;
		for (int call = 0; call < 2 * calls; call++) {
			boolean fits = fits(distribution, random);
			refused += (!fits && call >= calls) ? 1 : 0;
			if (fits) {
				this.spread.fitted();
			}
			else {
				this.spread.refused();
			}
		}
		assertThat((double) refused / calls).isLessThan(1.2 * UsageSpread.TOLERATED);
	}

	/** Whether twelve calls use together no more than is held for them. */
	private boolean fits(Distribution distribution, Random random) {
		double squares = 0;
		double sum = 0;
		long held = 0;
		long used = 0;
		for (int i = 0; i < 11; i++) {
			long estimate = distribution.estimate(random);
			squares += UsageSpread.square(estimate);
			sum += estimate;
			held += this.spread.expected(estimate);
			used += distribution.used(estimate, random);
		}
		long estimate = distribution.estimate(random);
		held += this.spread.required(estimate, sum, squares, this.spread.deviations());
		return used + distribution.used(estimate, random) <= held;
	}

	private enum Distribution {

		/** Of equal size, and used in equal parts. */
		CONSTANT {
			@Override
			long estimate(Random random) {
				return 5_000;
			}

			@Override
			long used(long estimate, Random random) {
				return estimate / 2;
			}
		},

		/** One of ten calls uses all, the others a tenth. */
		TWO_KINDS {
			@Override
			long estimate(Random random) {
				return 5_000;
			}

			@Override
			long used(long estimate, Random random) {
				return (random.nextInt(10) == 0) ? estimate : estimate / 10;
			}
		},

		/** Some are far larger than the rest. */
		LOGNORMAL {
			@Override
			long estimate(Random random) {
				return 1 + (long) Math.exp(8 + 1.3 * random.nextGaussian());
			}

			@Override
			long used(long estimate, Random random) {
				return UsageSpreadTests.used(estimate, random);
			}
		};

		abstract long estimate(Random random);

		abstract long used(long estimate, Random random);

	}

	@Test
	void resetWhenLearnedStartsAnew() {
		learn(500, 1_000);
		this.spread.reset();
		assertThat(this.spread.ratio()).isEqualTo(1);
		assertThat(this.spread).hasToString("not learned yet (0 of 100000 tokens seen)");
	}

	private void learn(long actual, long estimate) {
		for (int i = 0; i < 1_000; i++) {
			this.spread.observe(estimate, actual);
		}
	}

	private static double ratio(List<long[]> calls) {
		double actuals = 0;
		double estimates = 0;
		for (int i = 0; i < calls.size(); i++) {
			double weight = Math.pow(0.999, calls.size() - 1 - i);
			actuals += weight * calls.get(i)[1];
			estimates += weight * calls.get(i)[0];
		}
		return actuals / estimates;
	}

	/** How many calls of equal size would tell as much. */
	private static double count(List<long[]> calls) {
		double estimates = 0;
		double squares = 0;
		for (int i = 0; i < calls.size(); i++) {
			double weighted = Math.pow(0.999, calls.size() - 1 - i) * calls.get(i)[0];
			estimates += weighted;
			squares += weighted * weighted;
		}
		return estimates * estimates / squares;
	}

	private static double variance(List<long[]> calls, double ratio) {
		double errors = 0;
		double squares = 0;
		double sum = 0;
		for (int i = 0; i < calls.size(); i++) {
			double weight = Math.pow(0.999, calls.size() - 1 - i);
			double error = calls.get(i)[1] - ratio * calls.get(i)[0];
			errors += weight * error * error;
			squares += weight * calls.get(i)[0] * calls.get(i)[0];
		}
		return errors / squares;
	}

}
