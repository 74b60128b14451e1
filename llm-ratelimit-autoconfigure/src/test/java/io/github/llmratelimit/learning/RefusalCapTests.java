package io.github.llmratelimit.learning;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link RefusalCap}.
 */
class RefusalCapTests {

	private static final long WINDOW = Duration.ofMinutes(1).toNanos();

	private static final long LIMIT = 1000;

	/** Close to where the clock overflows. */
	private static final long NOW = Long.MAX_VALUE - 3 * WINDOW;

	private final RefusalCap cap = new RefusalCap(WINDOW);

	@Test
	void amountWhenNothingWasRefusedIsTheLimit() {
		assertThat(this.cap.amount(LIMIT, NOW)).isEqualTo(LIMIT);
	}

	@Test
	void amountWhenOneBurstWasRefusedIsTheLimit() {
		refused(600, 100, NOW);
		assertThat(this.cap.amount(LIMIT, NOW)).isEqualTo(LIMIT);
	}

	@Test
	void amountWhenTwoBurstsWereRefusedIsTheLargerOfBoth() {
		refused(600, 100, NOW);
		refused(500, 100, NOW + 1);
		assertThat(this.cap.amount(LIMIT, NOW + 1)).isEqualTo(550);
	}

	@Test
	void amountWhenTheSecondBurstCameMuchLaterIsTheLimit() {
		refused(600, 100, NOW);
		refused(600, 100, NOW + 6 * WINDOW);
		assertThat(this.cap.amount(LIMIT, NOW + 6 * WINDOW)).isEqualTo(LIMIT);
	}

	@Test
	void amountWhenLittleOfTheLimitWasAdmittedIsTheLimit() {
		twice(240, 10);
		assertThat(this.cap.amount(LIMIT, NOW)).isEqualTo(LIMIT);
	}

	@Test
	void amountWhenTheLimitWasFullIsTheLimit() {
		refused(1200, 100, NOW);
		refused(1200, 100, NOW + 1);
		assertThat(this.cap.amount(LIMIT, NOW + 1)).isEqualTo(LIMIT);
	}

	@Test
	void amountWhenCallsOfABurstAreRefusedIsTheLeastOfThem() {
		refused(300, 10, NOW);
		this.cap.refused(600, 100, LIMIT, NOW + 1, NOW + 1);
		this.cap.refused(500, 100, LIMIT, NOW + 1, NOW + 2);
		this.cap.refused(550, 100, LIMIT, NOW + 1, NOW + 3);
		assertThat(this.cap.amount(LIMIT, NOW + 3)).isEqualTo(450);
	}

	@Test
	void amountWhenALargeCallWasRefusedBesideOthersLeavesRoomForItAlone() {
		twice(700, 600);
		assertThat(this.cap.amount(LIMIT, NOW)).isEqualTo(600);
	}

	@Test
	void amountWhenACallWasRefusedAloneIsLessThanIt() {
		twice(600, 600);
		assertThat(this.cap.amount(LIMIT, NOW)).isEqualTo(599);
	}

	@Test
	void amountWhenTwoWindowsHavePassedIsStillTheCap() {
		twice(600, 100);
		assertThat(this.cap.amount(LIMIT, NOW + 2 * WINDOW)).isEqualTo(550);
	}

	@Test
	void amountAfterTwoWindowsRisesByATwentiethOfTheLimitAWindow() {
		twice(600, 200);
		assertThat(this.cap.amount(LIMIT, NOW + 6 * WINDOW)).isEqualTo(700);
	}

	@Test
	void amountWhenItHasRisenToTheLimitIsTheLimit() {
		twice(600, 200);
		assertThat(this.cap.amount(LIMIT, NOW + 12 * WINDOW)).isEqualTo(LIMIT);
	}

	@Test
	void refusedWhileItRisesHoldsTheCapForTwiceAsLong() {
		twice(600, 200);
		refused(600, 200, NOW + 3 * WINDOW);
		assertThat(this.cap.amount(LIMIT, NOW + 7 * WINDOW)).isEqualTo(500);
	}

	@Test
	void refusedWhileItRisesTakesTheLesserOfBoth() {
		twice(600, 200);
		refused(900, 200, NOW + 4 * WINDOW);
		assertThat(this.cap.amount(LIMIT, NOW + 4 * WINDOW)).isEqualTo(600);
	}

	@Test
	void amountWhenAStrictProviderHasALowerLimitIsNeverLessByMoreThanHalfACall() {
		Random random = new Random(3);
		for (int run = 0; run < 200; run++) {
			RefusalCap learned = new RefusalCap(WINDOW);
			long truth = 300 + random.nextInt(700);
			Deque<long[]> counted = new ArrayDeque<>();
			long now = NOW;
			long largest = 0;
			for (int i = 0; i < 300; i++) {
				now += random.nextInt(2000) * (WINDOW / 60_000);
				while (!counted.isEmpty() && now - counted.peek()[0] >= WINDOW) {
					counted.remove();
				}
				long taken = counted.stream().mapToLong((call) -> call[1]).sum();
				long cost = 1 + random.nextInt(100);
				if (taken + cost > learned.amount(LIMIT, now)) {
					continue;
				}
				if (taken + cost > truth) {
					largest = Math.max(largest, cost);
					learned.refused(taken + cost, cost, LIMIT, now, now);
				}
				else {
					counted.add(new long[] { now, cost });
				}
				assertThat(learned.amount(LIMIT, now)).isGreaterThanOrEqualTo(truth - largest / 2 - 1);
			}
		}
	}

	private void twice(long taken, long cost) {
		refused(taken, cost, NOW - 1);
		refused(taken, cost, NOW);
	}

	/** A burst of one. */
	private void refused(long taken, long cost, long now) {
		this.cap.refused(taken, cost, LIMIT, now, now);
	}

}
