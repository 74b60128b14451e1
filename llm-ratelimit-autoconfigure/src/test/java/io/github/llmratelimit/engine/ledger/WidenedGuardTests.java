package io.github.llmratelimit.engine.ledger;

import java.time.Duration;

import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of a guard that proved too short.
 */
class WidenedGuardTests {

	private static final long START = Long.MAX_VALUE - Duration.ofSeconds(30).toNanos();

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	private static final long SLOT = Duration.ofMillis(50).toNanos();

	private final RollingWindow window = new RollingWindow(Limit.perMinute(Dimension.TOKENS, 100),
			Duration.ofMillis(100), RollingWindow.SLOTS_PER_WINDOW, 0, 1, START);

	@Test
	void widenWhenAmountIsTakenHoldsItLongerByTheGuard() {
		this.window.take(100);
		long before = this.window.fitsAt(START, 1);
		this.window.widen(START);
		assertThat(this.window.fitsAt(START, 1) - before).isEqualTo(Duration.ofMillis(100).toNanos());
	}

	@Test
	void widenWhenAmountHasComeBackDoesNotTakeItAgain() {
		this.window.take(100);
		this.window.advance(START + 60 * SECOND + 100_000_000 + SLOT);
		this.window.widen(START + 61 * SECOND);
		assertThat(this.window.remaining()).isEqualTo(100);
	}

	@Test
	void widenWhenWidenedWithinTheWindowChangesNothing() {
		this.window.take(100);
		this.window.widen(START);
		long before = this.window.fitsAt(START, 1);
		this.window.widen(START + 59 * SECOND);
		assertThat(this.window.fitsAt(START, 1)).isEqualTo(before);
	}

	@Test
	void widenWhenRepeatedStopsAtOneSecond() {
		for (int minute = 0; minute < 10; minute++) {
			this.window.advance(START + minute * 60 * SECOND);
			this.window.widen(START + minute * 60 * SECOND);
		}
		this.window.advance(START + 600 * SECOND);
		this.window.take(100);
		assertThat(this.window.fitsAt(START, 1) - START).isEqualTo(600 * SECOND + 61 * SECOND + SLOT);
	}

	@Test
	void advanceWhenWidenedLetsEverythingComeBackOnce() {
		this.window.take(60);
		this.window.widen(START);
		this.window.advance(START + 30 * SECOND);
		this.window.take(40);
		for (long instant = START + 30 * SECOND; instant - START < 70 * SECOND; instant += SLOT) {
			this.window.advance(instant);
		}
		assertThat(this.window.remaining()).isEqualTo(60);
	}

}
