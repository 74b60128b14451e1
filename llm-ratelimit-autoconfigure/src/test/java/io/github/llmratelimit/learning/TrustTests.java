package io.github.llmratelimit.learning;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Trust}.
 */
class TrustTests {

	private static final long WINDOW = 10_000_000_000L;

	/** The clock overflows within the first minutes. */
	private static final long START = Long.MAX_VALUE - 100_000_000_000L;

	private final Trust trust = new Trust(WINDOW, START);

	@Test
	void trustWhenFewPredictionsWereRightIsNotEarned() {
		right(Trust.FEWEST - 1, START);
		assertThat(this.trust.isEarned(START + 2 * WINDOW)).isFalse();
	}

	@Test
	void trustWhenEnoughWereRightWithinTwoWindowsIsNotEarned() {
		right(Trust.FEWEST, START);
		assertThat(this.trust.isEarned(START + 2 * WINDOW - 1)).isFalse();
	}

	@Test
	void trustWhenEnoughWereRightAfterTwoWindowsIsEarned() {
		right(Trust.FEWEST, START);
		assertThat(this.trust.isEarned(START + 2 * WINDOW)).isTrue();
	}

	@Test
	void trustWhenOneWasWrongIsLostForAnHour() {
		right(Trust.FEWEST, START);
		this.trust.wrong(START + 2 * WINDOW);
		long hour = START + 2 * WINDOW + Trust.DOUBTED_FOR.toNanos();
		right(Trust.FEWEST, hour - 1);
		assertThat(this.trust.isEarned(hour - 1)).isFalse();
	}

	@Test
	void trustWhenAnHourHasPassedIsEarnedAnew() {
		this.trust.wrong(START);
		long hour = START + Trust.DOUBTED_FOR.toNanos();
		right(Trust.FEWEST, hour);
		assertThat(this.trust.isEarned(hour + 2 * WINDOW - 1)).isFalse();
		assertThat(this.trust.isEarned(hour + 2 * WINDOW)).isTrue();
	}

	@Test
	void trustWhenDoubtedForShortAfterAWrongOneStaysLostForAnHour() {
		this.trust.wrong(START);
		this.trust.doubt(START + WINDOW);
		right(Trust.FEWEST, START + 2 * WINDOW);
		assertThat(this.trust.isEarned(START + 9 * WINDOW)).isFalse();
	}

	@Test
	void trustWhenDoubtHasPassedIsEarnedAnew() {
		this.trust.doubt(START + WINDOW);
		right(Trust.FEWEST, START + WINDOW);
		assertThat(this.trust.isEarned(START + 3 * WINDOW)).isTrue();
	}

	private void right(int times, long nowNanos) {
		for (int i = 0; i < times; i++) {
			this.trust.right(nowNanos);
		}
	}

}
