package io.github.llmratelimit.learning;

import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for {@link InputRatios}.
 */
class InputRatiosTests {

	private final InputRatios ratios = new InputRatios(1.1);

	@Test
	void ratioWhenModelIsUnknownIsTheStart() {
		assertThat(this.ratios.ratio("gpt-4o")).isEqualTo(1.1);
	}

	@Test
	void ratioWhenPromptsVaryIsWithinFivePercentAfterHundredCalls() {
		double error = 0;
		for (int seed = 0; seed < 50; seed++) {
			Random random = new Random(seed);
			double truth = 0.6 + 3 * random.nextDouble();
			String model = "model-" + seed;
			for (int i = 0; i < 100; i++) {
				double estimate = Math.exp(6 + random.nextGaussian());
				this.ratios.observe(model, estimate, (long) (estimate * truth * (1 + 0.1 * random.nextGaussian())));
			}
			error += Math.abs(this.ratios.ratio(model) / truth - 1) / 50;
		}
		assertThat(error).isLessThan(0.05);
	}

	@Test
	void ratioWhenOnePromptIsOddHardlyMoves() {
		this.ratios.observe("gpt-4o", 1_000, 100_000);
		assertThat(this.ratios.ratio("gpt-4o")).isCloseTo(1.1 * 0.95 + 4 * 0.05, within(1e-9));
	}

	@Test
	void ratioWhenReportsAreAbsurdStaysInItsRange() {
		for (int i = 0; i < 100; i++) {
			this.ratios.observe("high", 1, Long.MAX_VALUE);
			this.ratios.observe("low", Double.POSITIVE_INFINITY, 0);
		}
		assertThat(this.ratios.ratio("high")).isEqualTo(4);
		assertThat(this.ratios.ratio("low")).isEqualTo(0.5);
	}

	@Test
	void observeWhenNumbersAreImplausibleIgnoresThem() {
		this.ratios.observe("gpt-4o", 0, 100);
		this.ratios.observe("gpt-4o", Double.NaN, 100);
		this.ratios.observe("gpt-4o", 100, -1);
		assertThat(this.ratios.all()).isEmpty();
	}

	@Test
	void resetWhenLearnedGoesBackToTheStart() {
		this.ratios.observe("gpt-4o", 1_000, 2_000);
		assertThat(this.ratios.all()).containsOnlyKeys("gpt-4o");
		this.ratios.reset("gpt-4o");
		assertThat(this.ratios.ratio("gpt-4o")).isEqualTo(1.1);
	}

	@Test
	void observeWhenTooManyModelsKeepsNoMore() {
		for (int i = 0; i < 2 * InputRatios.MAX_MODELS; i++) {
			this.ratios.observe("model-" + i, 1_000, 2_000);
		}
		assertThat(this.ratios.all()).hasSize(InputRatios.MAX_MODELS);
	}

	@Test
	void createWhenStartIsOutOfRangeSaysSo() {
		assertThatIllegalArgumentException().isThrownBy(() -> new InputRatios(Double.NaN))
			.withMessage("Invalid start (NaN): must be between 0.5 and 4.0.");
	}

}
