package io.github.llmratelimit.learning;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Trust}.
 */
class TrustTests {

	private static final long WINDOW = 10_000_000_000L;

	private static final int FEWEST = 50;

	/** The clock overflows within the first minutes. */
	private static final long START = Long.MAX_VALUE - 100_000_000_000L;

	private final Trust trust = new Trust(FEWEST, 2 * WINDOW, START);

	@Test
	void trustWhenFewPredictionsWereRightIsNotEarned() {
		right(FEWEST - 1, START);
		assertThat(this.trust.isEarned(START + 2 * WINDOW)).isFalse();
	}

	@Test
	void trustWhenEnoughWereRightWithinTwoWindowsIsNotEarned() {
		right(FEWEST, START);
		assertThat(this.trust.isEarned(START + 2 * WINDOW - 1)).isFalse();
	}

	@Test
	void trustWhenEnoughWereRightAfterTwoWindowsIsEarned() {
		right(FEWEST, START);
		assertThat(this.trust.isEarned(START + 2 * WINDOW)).isTrue();
	}

	@Test
	void trustWhenOneWasWrongIsLostForAnHour() {
		right(FEWEST, START);
		this.trust.wrong(START + 2 * WINDOW);
		long hour = START + 2 * WINDOW + Trust.DOUBTED_FOR.toNanos();
		right(FEWEST, hour - 1);
		assertThat(this.trust.isEarned(hour - 1)).isFalse();
	}

	@Test
	void trustWhenAnHourHasPassedIsEarnedAnew() {
		this.trust.wrong(START);
		long hour = START + Trust.DOUBTED_FOR.toNanos();
		right(FEWEST, hour);
		assertThat(this.trust.isEarned(hour + 2 * WINDOW - 1)).isFalse();
		assertThat(this.trust.isEarned(hour + 2 * WINDOW)).isTrue();
	}

	@Test
	void trustWhenDoubtedForShortAfterAWrongOneStaysLostForAnHour() {
		this.trust.wrong(START);
		this.trust.doubt(START + WINDOW);
		right(FEWEST, START + 2 * WINDOW);
		assertThat(this.trust.isEarned(START + 9 * WINDOW)).isFalse();
	}

	@Test
	void trustWhenDoubtHasPassedIsEarnedAnew() {
		this.trust.doubt(START + WINDOW);
		right(FEWEST, START + WINDOW);
		assertThat(this.trust.isEarned(START + 3 * WINDOW)).isTrue();
	}

	private void right(int times, long nowNanos) {
		for (int i = 0; i < times; i++) {
			this.trust.right(nowNanos);
		}
	}

}
