package io.github.llmratelimit.learning;

import java.time.Duration;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.learning.StrictProvider.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link WindowLearning} as a whole against strict providers, on random traces.
 */
class WindowLearningTraceTests {

	private static final int SEEDS = 10;

	private static final long LIMIT = 100_000;

	private long sent;

	private long refused;

	private long admitted;

	@ParameterizedTest
	@EnumSource(Kind.class)
	void traceWhenLimitIsRightIsNeverRefused(Kind kind) {
		for (Booking booking : Booking.values()) {
			for (int seed = 0; seed < SEEDS; seed++) {
				add(client(kind, booking, LIMIT, seed).run(12));
			}
		}
		assertThat(this.refused).isZero();
	}

	@ParameterizedTest
	@EnumSource(Kind.class)
	void traceWhenProviderTellsALowerLimitIsNotRefusedOnceItDid(Kind kind) {
		for (int seed = 0; seed < SEEDS; seed++) {
			LearningClient client = client(kind, Booking.ESTIMATE, 2 * LIMIT, seed);
			client.tellsLimit = true;
			add(client.run(30));
			assertThat(client.learning.limit().amount()).isEqualTo(LIMIT);
		}
		assertThat(this.refused).isZero();
		assertThat(goodput()).isGreaterThan(0.95);
	}

	@ParameterizedTest
	@EnumSource(Kind.class)
	void traceWhenLimitIsDoubledIsHardlyRefused(Kind kind) {
		for (int seed = 0; seed < SEEDS; seed++) {
			add(client(kind, Booking.ESTIMATE, 2 * LIMIT, seed).run(30));
		}
		assertThat(1_000 * this.refused).isLessThan(5 * this.sent);
		assertThat(goodput()).isGreaterThan(0.8);
	}

	@ParameterizedTest
	@EnumSource(Kind.class)
	void traceWhenSomebodyElseUsesTheKeyIsHardlyRefused(Kind kind) {
		for (int seed = 0; seed < SEEDS; seed++) {
			LearningClient client = client(kind, Booking.ESTIMATE, LIMIT, seed);
			client.foreign = 0.3;
			add(client.run(30));
		}
		assertThat(1_000 * this.refused).isLessThan(30 * this.sent);
	}

	private void add(LearningClient client) {
		this.sent += client.sent;
		this.refused += client.refusedAfterStart;
		this.admitted += client.admitted;
	}

	private double goodput() {
		return (double) this.admitted / (SEEDS * 30 * LIMIT);
	}

	private static LearningClient client(Kind kind, Booking booking, long believedLimit, long seed) {
		StrictProvider provider = StrictProvider.of(kind, LIMIT, LearningClient.WINDOW);
		LearningClient client = new LearningClient(provider, believedLimit, LearningClient.JITTER, seed);
		client.settles = booking == Booking.SETTLED;
		client.countsActual = booking == Booking.ACTUAL;
		Limit base = new Limit(Dimension.TOKENS, believedLimit, Duration.ofNanos(LearningClient.WINDOW),
				LimitOrigin.TIER);
		client.learning = new WindowLearning(base, new LearningRules(true, true, true, 1, 1, booking != Booking.ACTUAL),
				LearningClient.JITTER, LearningClient.ORIGIN - LearningClient.JITTER);
		return client;
	}

}
