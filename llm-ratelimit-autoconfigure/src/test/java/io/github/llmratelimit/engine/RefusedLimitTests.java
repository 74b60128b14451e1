package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.List;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.engine.admission.Waiter;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of limits that only show when calls are refused.
 */
class RefusedLimitTests extends PoolFixture {

	private static final Duration DAY = Duration.ofDays(1);

	@Test
	void cameTooEarlyWhenOneWindowIsMeantLeavesHalfOfWhatWasRefused() {
		refusedWith(300, 100);
		assertThat(remaining(Dimension.TOKENS)).isEqualTo(50);
	}

	@Test
	void cameTooEarlyWhenACallIsAloneLaterLetsItStart() {
		refusedWith(300, 100);
		at(Duration.ofMinutes(2));
		assertThat(tryTake("acme", 1000)).isTrue();
	}

	@Test
	void cameTooEarlyWhenRefusedOfAnotherDimensionLowersNothing() {
		Waiter refused = ask("acme", 100, LONG);
		budget().cameTooEarly(refused.entry, List.of(Dimension.REQUESTS), DAY);
		assertThat(remaining(Dimension.TOKENS)).isEqualTo(900);
	}

	@Test
	void cameTooEarlyWhenTwoWindowsCanBeMeantLowersNeither() {
		this.limits = List.of(TOKENS, new Limit(Dimension.TOKENS, 500, Duration.ofSeconds(10), LimitOrigin.CONFIGURED));
		refusedWith(300, 100);
		assertThat(remaining(Dimension.TOKENS)).isEqualTo(700);
	}

	@Test
	void cameTooEarlyWhenTheRefusalIsOldLowersNothing() {
		for (int i = 0; i < 2; i++) {
			Waiter refused = ask("acme", 100, LONG);
			at(Duration.ofSeconds(4 * (i + 1)));
			budget().cameTooEarly(refused.entry, List.of(Dimension.TOKENS), DAY);
			budget().giveBackTokens(refused.entry);
		}
		assertThat(remaining(Dimension.TOKENS)).isEqualTo(1000);
	}

	@Test
	void cameTooEarlyWhenRealTokensCountAndTheLimitIsNearlyFullLowersNothing() {
		this.booking = Booking.ACTUAL;
		refusedWith(800, 100);
		assertThat(remaining(Dimension.TOKENS)).isEqualTo(200);
	}

	@Test
	void cameTooEarlyWhenRealTokensCountAndTheLimitIsHalfFullAdmitsNoMore() {
		this.booking = Booking.ACTUAL;
		refusedWith(400, 100);
		assertThat(remaining(Dimension.TOKENS)).isLessThanOrEqualTo(50);
	}

	@Test
	void restartWhenRealTokensExplainTheRefusalLetsCallsGoOn() {
		this.booking = Booking.ACTUAL;
		ask("acme", 900, LONG);
		budget().restart(List.of(Dimension.TOKENS), DAY, 0);
		assertThat(tryTake("acme", 50) && tryTake("acme", 50)).isTrue();
	}

	@Test
	void restartWhenEstimatesCountLetsOneCallAfterTheOtherStart() {
		ask("acme", 900, LONG);
		budget().restart(List.of(Dimension.TOKENS), DAY, 0);
		assertThat(tryTake("acme", 50)).isTrue();
		assertThat(tryTake("acme", 50)).isFalse();
	}

	@Test
	void restartWhenThePauseWasLongLetsOneCallAfterTheOtherStart() {
		this.booking = Booking.ACTUAL;
		ask("acme", 900, LONG);
		budget().restart(List.of(Dimension.TOKENS), DAY, Duration.ofSeconds(4).toNanos());
		at(Duration.ofSeconds(4));
		assertThat(tryTake("acme", 50)).isTrue();
		assertThat(tryTake("acme", 50)).isFalse();
	}

	@Test
	void restartWhenRealTokensCountAndTheLimitIsHalfFullLetsOneCallAfterTheOtherStart() {
		this.booking = Booking.ACTUAL;
		ask("acme", 500, LONG);
		budget().restart(List.of(Dimension.TOKENS), DAY, 0);
		assertThat(tryTake("acme", 50)).isTrue();
		assertThat(tryTake("acme", 50)).isFalse();
	}

	/** Calls are refused beside others, one after the other. */
	private void refusedWith(long others, long tokens) {
		ask("acme", others, LONG);
		for (int i = 0; i < 2; i++) {
			at(Duration.ofMillis(i));
			Waiter refused = ask("acme", tokens, LONG);
			budget().cameTooEarly(refused.entry, List.of(Dimension.TOKENS), DAY);
			budget().giveBackTokens(refused.entry);
		}
	}

}
