package io.github.llmratelimit.learning;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RampLimit}.
 */
class RampLimitTests {

	private static final long MINUTE = Duration.ofMinutes(1).toNanos();

	/** Ten minutes before the clock overflows. */
	private static final long NOW = Long.MAX_VALUE - 10 * MINUTE;

	private static final long LIMIT = 10_000_000;

	private final RampLimit ramp = new RampLimit(RampLimit.OPENAI_UNRESTRICTED);

	@Test
	void amountWhenNeverRefusedIsTheLimit() {
		assertThat(this.ramp.amount(LIMIT, NOW)).isEqualTo(LIMIT);
	}

	@Test
	void amountWhenRefusedGoesBackOneStepAndGrowsByHalfPerQuarter() {
		this.ramp.slowedDown(6_000_000, NOW);
		assertThat(this.ramp.amount(LIMIT, NOW)).isEqualTo(4_000_000);
		assertThat(this.ramp.amount(LIMIT, NOW + 15 * MINUTE)).isEqualTo(6_000_000);
		assertThat(this.ramp.amount(LIMIT, NOW + 30 * MINUTE)).isEqualTo(9_000_000);
		assertThat(this.ramp.amount(LIMIT, NOW + 45 * MINUTE)).isEqualTo(LIMIT);
	}

	@Test
	void amountWhenWatchedAllTheTimeNeverGrowsFasterThanTheRule() {
		this.ramp.slowedDown(6_000_000, NOW);
		for (int minute = 0; minute < 25; minute++) {
			long before = this.ramp.amount(LIMIT, NOW + minute * MINUTE);
			long after = this.ramp.amount(LIMIT, NOW + (minute + 15) * MINUTE);
			assertThat(after).as("minute %d", minute).isLessThanOrEqualTo(before * 3 / 2 + 2);
		}
	}

	@Test
	void amountWhenRefusedBelowTheUnrestrictedIsThat() {
		this.ramp.slowedDown(200_000, NOW);
		assertThat(this.ramp.amount(LIMIT, NOW)).isEqualTo(1_000_000);
		assertThat(this.ramp.amount(500_000, NOW)).isEqualTo(500_000);
	}

	@Test
	void slowedDownWhenWithinAMinuteIsOneEvent() {
		assertThat(this.ramp.slowedDown(6_000_000, NOW)).isTrue();
		assertThat(this.ramp.slowedDown(3_000_000, NOW + MINUTE - 1)).isFalse();
		assertThat(this.ramp.amount(LIMIT, NOW)).isEqualTo(4_000_000);
	}

	@Test
	void slowedDownWhenRefusedAgainUndoesAStepOfTheCap() {
		this.ramp.slowedDown(9_000_000, NOW);
		this.ramp.slowedDown(9_000_000, NOW + MINUTE);
		assertThat(this.ramp.amount(LIMIT, NOW + MINUTE)).isBetween(4_000_000L, 4_200_000L);
	}

	@Test
	void amountWhenLimitWasReachedStaysThere() {
		this.ramp.slowedDown(6_000_000, NOW);
		assertThat(this.ramp.isActive(LIMIT, NOW + 10_000 * MINUTE)).isFalse();
		assertThat(this.ramp.amount(2 * LIMIT, NOW + 10_000 * MINUTE)).isEqualTo(2 * LIMIT);
	}

	@Test
	void unrestrictedWhenWindowIsShorterIsThatPart() {
		assertThat(RampLimit.unrestricted(10 * MINUTE / 60)).isEqualTo(166_666);
		assertThat(RampLimit.unrestricted(1)).isEqualTo(1);
	}

	@Test
	void resetWhenActiveEndsTheRamp() {
		this.ramp.slowedDown(6_000_000, NOW);
		this.ramp.reset();
		assertThat(this.ramp.amount(LIMIT, NOW)).isEqualTo(LIMIT);
	}

}
