package io.github.llmratelimit.engine.admission;

import java.time.Duration;

import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.engine.admission.Pauses.Pause;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Overload}.
 */
class OverloadTests {

	private static final long START = Long.MAX_VALUE - Duration.ofSeconds(3).toNanos();

	private static final Duration BASE = Duration.ofMillis(500);

	private Overload overload = new Overload(BASE, 1);

	private long now = START;

	@Test
	void holdWhenNothingHappenedIsNone() {
		assertThat(this.overload.isActive()).isFalse();
		assertThat(this.overload.hold(this.now)).isNull();
	}

	@Test
	void holdWhenTheOnlyCallIsTurnedAwayLastsHalfASecondOrALittleLess() {
		turnAway(0);
		assertThat(held()).isBetween(Duration.ofMillis(375), Duration.ofMillis(500));
	}

	@Test
	void holdWhenAnotherBaseIsStatedStartsWithIt() {
		this.overload = new Overload(Duration.ofSeconds(2), 1);
		turnAway(0);
		assertThat(held()).isBetween(Duration.ofMillis(1500), Duration.ofSeconds(2));
		pass(held());
		turnAway(0);
		assertThat(held()).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(4));
	}

	@Test
	void holdWhenTheBaseIsLongerThanAnyRoundIsNeverLonger() {
		this.overload = new Overload(Duration.ofDays(1), 1);
		for (int round = 0; round < 3; round++) {
			turnAway(0);
			assertThat(held()).isBetween(Duration.ofHours(18), Duration.ofDays(1));
			pass(held());
		}
	}

	@Test
	void holdWhenTheBaseIsZeroIsNone() {
		this.overload = new Overload(Duration.ZERO, 1);
		turnAway(0);
		assertThat(held()).isZero();
	}

	@Test
	void holdSaysThatItIsAPauseAndWhy() {
		Throwable cause = new IllegalStateException("529");
		this.overload.turnedAway(this.now, 0, 0, cause, this.now);
		Pause hold = this.overload.hold(this.now);
		assertThat(hold.reason()).isEqualTo(Reason.PAUSED);
		assertThat(hold.cause()).isSameAs(cause);
	}

	@Test
	void holdWhenRoundsAreLostDoublesUpToItsLongest() {
		for (int round = 1; round <= 9; round++) {
			turnAway(0);
			long longest = Math.min(30_000, 500L << (round - 1));
			assertThat(held()).as("round %d", round)
				.isBetween(Duration.ofMillis(longest * 3 / 4), Duration.ofMillis(longest));
			pass(held());
		}
	}

	@Test
	void holdWhenACallWasAnsweredBetweenIsAsShortAsTheFirst() {
		for (int round = 0; round < 5; round++) {
			turnAway(0);
			pass(held());
		}
		this.overload.answered(this.now, this.now);
		turnAway(0);
		assertThat(held()).isLessThanOrEqualTo(BASE);
	}

	@Test
	void holdWhenSeveralAreTurnedAwayAtOnceIsOneRound() {
		long sent = this.now;
		pass(Duration.ofMillis(1));
		for (int i = 0; i < 20; i++) {
			this.overload.turnedAway(sent, 0, 0, null, this.now);
		}
		assertThat(held()).isLessThanOrEqualTo(BASE);
	}

	@Test
	void holdWhenTheProviderAsksForMoreIsAsLongAsThat() {
		this.overload.turnedAway(this.now, Duration.ofSeconds(7).toNanos(), 0, null, this.now);
		assertThat(held()).isEqualTo(Duration.ofSeconds(7));
	}

	@Test
	void holdWhenTheProviderAsksForLessIsNotShorter() {
		this.overload.turnedAway(this.now, Duration.ofMillis(1).toNanos(), 0, null, this.now);
		assertThat(held()).isGreaterThanOrEqualTo(Duration.ofMillis(375));
	}

	@Test
	void holdWhenTheProviderAsksForAnHourIsFiveMinutes() {
		this.overload.turnedAway(this.now, Duration.ofHours(1).toNanos(), 0, null, this.now);
		assertThat(held()).isEqualTo(Overload.LONGEST_HINT);
	}

	@ParameterizedTest
	@CsvSource({ "1, 375, 500", "2, 41, 56", "4, 15, 20", "99, 0, 0" })
	void holdWhenOthersAreInFlightIsThatPart(int others, long least, long most) {
		turnAway(others);
		assertThat(held()).isBetween(Duration.ofMillis(least), Duration.ofMillis(most));
	}

	@Test
	void holdWhenOneOfManyIsAskedToStayAwayLongIsShort() {
		this.overload.turnedAway(this.now, Duration.ofMinutes(5).toNanos(), 99, null, this.now);
		assertThat(held()).isEqualTo(Duration.ofMillis(30));
	}

	@Test
	void holdWhenMostOfThoseInFlightFollowGrows() {
		long sent = this.now;
		pass(Duration.ofMillis(1));
		for (int others = 9; others >= 0; others--) {
			this.overload.turnedAway(sent, 0, others, null, this.now);
		}
		assertThat(held()).isBetween(Duration.ofMillis(375), Duration.ofMillis(500));
	}

	@Test
	void startWhenHoldEndsDoublesEverySecond() {
		turnAway(0);
		pass(held());
		assertThat(startsIn(5_000)).isEqualTo(32);
	}

	@Test
	void startWhenAnsweredIsFree() {
		turnAway(0);
		pass(held());
		this.overload.started();
		assertThat(held()).isPositive();
		this.overload.answered(this.now, this.now);
		assertThat(held()).isZero();
	}

	@Test
	void startWhenACallFromBeforeIsAnsweredStaysSlow() {
		turnAway(0);
		long before = this.now;
		pass(held());
		this.overload.started();
		this.overload.answered(before, this.now);
		assertThat(held()).isPositive();
	}

	@Test
	void startWhenTenSecondsHavePassedIsFree() {
		turnAway(0);
		pass(held().plusSeconds(10));
		startsIn(0);
		assertThat(this.overload.hold(this.now)).isNull();
	}

	@Test
	void startWhenFewWereTurnedAwayIsFreeAtOnce() {
		turnAway(4);
		pass(held());
		assertThat(startsIn(0)).isEqualTo(1000);
	}

	@Test
	void answeredWhenAMinuteHasPassedForgets() {
		turnAway(0);
		pass(Duration.ofSeconds(61));
		this.overload.hold(this.now);
		this.overload.answered(this.now, this.now);
		assertThat(this.overload.isActive()).isFalse();
	}

	@Test
	void explainWhenCauseIsUnknownIsTheCause() {
		turnAway(0);
		Throwable failure = new IllegalStateException();
		this.overload.explain(failure);
		assertThat(this.overload.hold(this.now).cause()).isSameAs(failure);
	}

	/** A call that leaves now is turned away at once. */
	private void turnAway(int others) {
		this.overload.turnedAway(this.now, 0, others, null, this.now);
	}

	private Duration held() {
		Pause hold = this.overload.hold(this.now);
		return (hold != null) ? Duration.ofNanos(hold.endNanos() - this.now) : Duration.ZERO;
	}

	private void pass(Duration duration) {
		this.now += duration.toNanos();
	}

	/** How many calls start within a time, if there are more than can: at most 1,000. */
	private int startsIn(long millis) {
		long until = this.now + Duration.ofMillis(millis).toNanos();
		int starts = 0;
		while (starts < 1000) {
			Pause hold = this.overload.hold(this.now);
			if (hold != null && hold.endNanos() - until > 0) {
				break;
			}
			this.now = (hold != null) ? hold.endNanos() : this.now;
			this.overload.started();
			starts++;
		}
		return starts;
	}

}
