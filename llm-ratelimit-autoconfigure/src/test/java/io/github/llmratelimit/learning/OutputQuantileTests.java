package io.github.llmratelimit.learning;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for {@link OutputQuantile}.
 */
class OutputQuantileTests {

	@Test
	void tokensWhenNothingWasSeenIsTheDefault() {
		assertThat(new OutputQuantile(512).tokens()).isEqualTo(512);
	}

	@Test
	void tokensWhenFewCallsWereSeenBlendsFromTheDefault() {
		OutputQuantile quantile = new OutputQuantile(512);
		observe(quantile, 100, 5);
		assertThat(quantile.tokens()).isEqualTo((100 * 5 + 512 * 15) / 20);
	}

	@Test
	void tokensWhenAllAnswersAreOfOneLengthIsThatLength() {
		for (long length : new long[] { 1, 7, 256, 4_096, 100_000, OutputQuantile.LONGEST }) {
			OutputQuantile quantile = new OutputQuantile(512);
			observe(quantile, length, 50);
			assertThat(quantile.tokens()).isEqualTo(length);
		}
	}

	@Test
	void tokensWhenLengthsAreRandomIsTheDecayedQuantileWithinABucket() {
		for (int seed = 0; seed < 40; seed++) {
			Random random = new Random(seed);
			OutputQuantile quantile = new OutputQuantile(1 + random.nextInt(5_000));
			double median = Math.exp(3 + 6 * random.nextDouble());
			double sigma = random.nextDouble();
			List<Long> lengths = new ArrayList<>();
			for (int i = 0; i < 2_000; i++) {
				long length = Math.max(1, (long) (median * Math.exp(sigma * random.nextGaussian())));
				lengths.add(length);
				quantile.observe(length);
				if (i > 100 && i % 50 == 0) {
					double exact = exactQuantile(lengths);
					assertThat((double) quantile.tokens()).as("seed %d, call %d", seed, i)
						.isCloseTo(exact, within(Math.max(1, 0.1 * exact)));
				}
			}
		}
	}

	@Test
	void tokensWhenAnswersGrowFollowsWithinTwelveCalls() {
		OutputQuantile quantile = new OutputQuantile(512);
		observe(quantile, 100, 2_000);
		observe(quantile, 2_000, 12);
		assertThat(quantile.tokens()).isEqualTo(2_000);
	}

	@Test
	void tokensWhenAnswersShrinkFollowsWithinSixHundredCalls() {
		OutputQuantile quantile = new OutputQuantile(512);
		observe(quantile, 2_000, 2_000);
		observe(quantile, 100, 610);
		assertThat(quantile.tokens()).isEqualTo(100);
	}

	@Test
	void tokensWhenOneAnswerIsAbsurdRecovers() {
		OutputQuantile quantile = new OutputQuantile(512);
		observe(quantile, 50, 200);
		quantile.observe(Long.MAX_VALUE);
		observe(quantile, 50, 5_000);
		assertThat(quantile.tokens()).isEqualTo(50);
	}

	@Test
	void tokensWhenAnswersAreFarBelowTheDefaultFindsThem() {
		OutputQuantile quantile = new OutputQuantile(100_000);
		for (int i = 0; i < 1_000; i++) {
			quantile.observe(10 + i % 2 * 10);
		}
		assertThat(quantile.tokens()).isEqualTo(20);
	}

	@Test
	void tokensWhenAnswersAreEmptyIsOne() {
		OutputQuantile quantile = new OutputQuantile(512);
		observe(quantile, 0, 100);
		assertThat(quantile.tokens()).isEqualTo(1);
	}

	@Test
	void observeWhenLengthIsNegativeIgnoresIt() {
		OutputQuantile quantile = new OutputQuantile(512);
		observe(quantile, -1, 100);
		assertThat(quantile.calls()).isZero();
	}

	@Test
	void tokensWhenWeightsWereScaledDownIsUnchanged() {
		OutputQuantile quantile = new OutputQuantile(512);
		for (int i = 0; i < 200_000; i++) {
			quantile.observe((i % 10 == 0) ? 1_000 : 100);
		}
		assertThat(quantile.tokens()).isEqualTo(1_000);
	}

	private static void observe(OutputQuantile quantile, long tokens, int times) {
		for (int i = 0; i < times; i++) {
			quantile.observe(tokens);
		}
	}

	private static double exactQuantile(List<Long> lengths) {
		List<double[]> weighted = new ArrayList<>();
		double total = 0;
		for (int i = 0; i < lengths.size(); i++) {
			double weight = Math.pow(0.995, lengths.size() - 1 - i);
			weighted.add(new double[] { lengths.get(i), weight });
			total += weight;
		}
		weighted.sort(Comparator.comparingDouble((pair) -> -pair[0]));
		double seen = 0;
		for (double[] pair : weighted) {
			seen += pair[1];
			if (seen > 0.05 * total) {
				return pair[0];
			}
		}
		throw new AssertionError();
	}

}
