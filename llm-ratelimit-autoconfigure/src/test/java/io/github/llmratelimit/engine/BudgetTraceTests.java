package io.github.llmratelimit.engine;

import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The invariants of {@link Budget} on random traces, each with its own seed.
 */
class BudgetTraceTests {

	private static final int SEEDS = 100;

	private static final int STEPS = 400;

	static List<TraceMix> mixes() {
		return TraceMix.all();
	}

	@ParameterizedTest
	@MethodSource("mixes")
	void traceWhenRandomKeepsEveryInvariant(TraceMix mix) {
		int granted = 0;
		int asForecast = 0;
		int refused = 0;
		for (int seed = 0; seed < SEEDS; seed++) {
			CheckedBudget budget = run(mix, seed);
			granted += budget.granted;
			asForecast += budget.grantedAsForecast;
			refused += budget.refused;
		}
		// a trace that refuses everything would prove nothing
		assertThat(granted).isGreaterThan(SEEDS * STEPS / 50);
		assertThat(asForecast).isGreaterThan(SEEDS);
		assertThat(refused).isGreaterThan(SEEDS * STEPS / 50);
	}

	private CheckedBudget run(TraceMix mix, int seed) {
		try {
			return new BudgetTrace(mix, seed).run(STEPS);
		}
		catch (AssertionError | RuntimeException ex) {
			throw new AssertionError("%s, seed %d: %s".formatted(mix, seed, ex.getMessage()), ex);
		}
	}

}
