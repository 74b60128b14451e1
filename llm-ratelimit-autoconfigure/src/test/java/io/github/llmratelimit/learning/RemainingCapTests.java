package io.github.llmratelimit.learning;

import io.github.llmratelimit.learning.StrictProvider.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RemainingCap}.
 */
class RemainingCapTests {

	private static final long SECOND = 1_000_000_000L;

	/** Ten seconds before the clock overflows. */
	private static final long NOW = Long.MAX_VALUE - 10 * SECOND;

	private static final long LIMIT = 100_000;

	private final RemainingCap cap = new RemainingCap(1);

	@Test
	void amountWhenNothingWasAnsweredIsTheLimit() {
		assertThat(this.cap.amount(LIMIT, NOW)).isEqualTo(LIMIT);
	}

	@Test
	void amountWhenProviderHasLessLeftIsWhatIsLeftToUs() {
		this.cap.answered(20_000, 30_000, 5_000, NOW);
		assertThat(this.cap.amount(LIMIT, NOW)).isEqualTo(55_000);
		assertThat(this.cap.isActive(LIMIT, NOW)).isTrue();
	}

	@Test
	void amountWhenSeveralAnsweredIsTheSmallest() {
		this.cap.answered(20_000, 30_000, 5_000, NOW);
		this.cap.answered(60_000, 30_000, 0, NOW);
		assertThat(this.cap.amount(LIMIT, NOW)).isEqualTo(55_000);
	}

	@Test
	void amountWhenDifferenceIsWithinTwoPercentIsTheLimit() {
		this.cap.answered(68_000, 30_000, 0, NOW);
		assertThat(this.cap.amount(LIMIT, NOW)).isEqualTo(LIMIT);
		this.cap.answered(67_999, 30_000, 0, NOW);
		assertThat(this.cap.amount(LIMIT, NOW)).isEqualTo(97_999);
	}

	@Test
	void amountWhenDifferenceIsWithinTheRoundingIsTheLimit() {
		RemainingCap rounded = new RemainingCap(1_000);
		rounded.answered(9_000, 0, 0, NOW);
		assertThat(rounded.amount(10_000, NOW)).isEqualTo(10_000);
	}

	@Test
	void amountWhenAnswerIsOldIsTheLimit() {
		this.cap.answered(20_000, 30_000, 0, NOW);
		assertThat(this.cap.amount(LIMIT, NOW + 59 * SECOND)).isEqualTo(50_000);
		assertThat(this.cap.amount(LIMIT, NOW + 60 * SECOND)).isEqualTo(LIMIT);
	}

	@Test
	void amountWhenLaterAnswersAreFineEndsAfterAMinute() {
		this.cap.answered(20_000, 30_000, 0, NOW);
		for (int second = 1; second < 60; second++) {
			this.cap.answered(70_000, 30_000, 0, NOW + second * SECOND);
		}
		assertThat(this.cap.amount(LIMIT, NOW + 60 * SECOND)).isEqualTo(LIMIT);
	}

	@Test
	void answeredWhenNumbersAreImplausibleIsNeverNegative() {
		this.cap.answered(-1, 0, 0, NOW);
		assertThat(this.cap.amount(LIMIT, NOW)).isEqualTo(LIMIT);
		this.cap.answered(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, NOW);
		assertThat(this.cap.amount(LIMIT, NOW)).isEqualTo(LIMIT);
		this.cap.answered(0, Long.MIN_VALUE, Long.MIN_VALUE, NOW);
		assertThat(this.cap.amount(LIMIT, NOW)).isZero();
	}

	@Test
	void resetWhenActiveForgets() {
		this.cap.answered(20_000, 30_000, 0, NOW);
		this.cap.reset();
		assertThat(this.cap.isActive(LIMIT, NOW)).isFalse();
	}

	@ParameterizedTest
	@EnumSource(Kind.class)
	void traceWhenLimitIsRightNeverActs(Kind kind) {
		for (int seed = 0; seed < 40; seed++) {
			LearningClient client = client(kind, LIMIT, seed);
			client.settles = seed % 2 == 0;
			client.leastCounted = (seed % 3 == 0) ? 0.5 : 1;
			assertThat(client.run(12).capActive).as("seed %d", seed).isZero();
			assertThat(client.refused).as("seed %d", seed).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource(Kind.class)
	void traceWhenLimitIsDoubledIsHardlyRefusedAfterTheFirstWindows(Kind kind) {
		long with = 0;
		long without = 0;
		long sent = 0;
		for (int seed = 0; seed < 20; seed++) {
			LearningClient client = client(kind, 2 * LIMIT, seed).run(30);
			with += client.refusedAfterStart;
			sent += client.sent;
			client = client(kind, 2 * LIMIT, seed);
			client.usesCap = false;
			without += client.run(30).refusedAfterStart;
		}
		assertThat(with * 1_000).isLessThan(25 * sent);
		assertThat(with * 10).isLessThan(without);
	}

	@ParameterizedTest
	@EnumSource(Kind.class)
	void traceWhenSomebodyElseUsesTheKeyIsHardlyRefused(Kind kind) {
		long with = 0;
		long without = 0;
		long sent = 0;
		for (int seed = 0; seed < 20; seed++) {
			LearningClient client = client(kind, LIMIT, seed);
			client.foreign = 0.3;
			with += client.run(30).refusedAfterStart;
			sent += client.sent;
			client = client(kind, LIMIT, seed);
			client.foreign = 0.3;
			client.usesCap = false;
			without += client.run(30).refusedAfterStart;
		}
		assertThat(with * 1_000).isLessThan(30 * sent);
		assertThat(with * 10).isLessThan(without);
	}

	private static LearningClient client(Kind kind, long believedLimit, long seed) {
		StrictProvider provider = StrictProvider.of(kind, LIMIT, LearningClient.WINDOW);
		LearningClient client = new LearningClient(provider, believedLimit, LearningClient.JITTER, seed);
		client.usesCap = true;
		return client;
	}

}
