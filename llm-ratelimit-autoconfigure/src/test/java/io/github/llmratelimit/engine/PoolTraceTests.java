package io.github.llmratelimit.engine;

import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is always true of a {@link Budget} with tenants, classes, backfill and throttles,
 * on random traces.
 */
class PoolTraceTests {

	private static final int SEEDS = 40;

	private static final int STEPS = 300;

	static List<PoolMix> mixes() {
		return PoolMix.all();
	}

	@ParameterizedTest
	@MethodSource("mixes")
	void traceWhenRandomKeepsEveryInvariant(PoolMix mix) {
		int granted = 0;
		int waited = 0;
		for (int seed = 0; seed < SEEDS; seed++) {
			PoolTrace trace = run(mix, seed);
			granted += trace.granted();
			waited += trace.waited();
		}
		// a trace that refuses everything would prove nothing
		assertThat(granted).isGreaterThan(SEEDS * STEPS / 10);
		assertThat(waited).isGreaterThan(SEEDS * STEPS / 50);
	}

	private PoolTrace run(PoolMix mix, int seed) {
		PoolTrace trace = new PoolTrace(mix, seed);
		try {
			trace.run(STEPS);
			return trace;
		}
		catch (AssertionError | RuntimeException ex) {
			throw new AssertionError("%s, seed %d: %s".formatted(mix, seed, ex.getMessage()), ex);
		}
	}

}
