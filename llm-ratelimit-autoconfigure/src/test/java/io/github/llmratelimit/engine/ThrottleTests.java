package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.admission.Waiter;
import io.github.llmratelimit.engine.settings.QueueSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for calls that are held back although there is room for them.
 */
class ThrottleTests extends PoolFixture {

	private void lowWatermark(double mark) {
		this.queue = new QueueSettings(1000, Duration.ZERO, 0, mark, 1);
	}

	private void maxShare(double share) {
		this.queue = new QueueSettings(1000, Duration.ZERO, 0, 0, share);
	}

	@Test
	void askWhenLittleIsLeftStartsOnTheLine() {
		lowWatermark(0.5);
		ask(null, 600, LONG);
		Waiter waiter = ask(null, 200, LONG);
		// half of the rest of 400 is free after half of the minute that it is spread over
		at(BACK.dividedBy(2).minusNanos(1000));
		assertThat(isWaiting(waiter)).isTrue();
		at(BACK.dividedBy(2).plusNanos(1000));
		assertThat(isGranted(waiter)).isTrue();
	}

	@Test
	void askWhenEnoughIsLeftStartsAtOnce() {
		lowWatermark(0.5);
		ask(null, 500, LONG);
		assertThat(isGranted(ask(null, 500, LONG))).isTrue();
	}

	@Test
	void askWhenLittleIsLeftAndNothingElseRunsStartsAtOnce() {
		lowWatermark(0.5);
		budget().keep(ask(null, 600, LONG).entry);
		assertThat(isGranted(ask(null, 400, LONG))).isTrue();
	}

	@Test
	void keepWhenTheLastOtherCallEndsLetsALoneCallStart() {
		lowWatermark(0.5);
		Waiter other = ask(null, 600, LONG);
		Waiter alone = ask(null, 400, LONG);
		at(Duration.ofSeconds(1));
		budget().keep(other.entry);
		assertThat(startOf(alone)).isEqualTo(Duration.ofSeconds(1));
	}

	@Test
	void settleWhenTheLastOtherCallEndsLetsALoneCallStart() {
		maxShare(0.5);
		Waiter other = ask(null, 600, LONG);
		Waiter alone = ask(null, 300, LONG);
		at(Duration.ofSeconds(1));
		budget().settle(other.entry, Usage.of(300, 300));
		assertThat(startOf(alone)).isEqualTo(Duration.ofSeconds(1));
	}

	@Test
	void keepWhenSeveralWaitLeavesTheLastOfThemOnTheLine() {
		lowWatermark(0.5);
		Waiter other = ask(null, 600, LONG);
		Waiter first = ask(null, 100, LONG);
		Waiter last = ask(null, 100, LONG);
		at(BACK.dividedBy(4).plusNanos(1000));
		assertThat(isGranted(first)).isTrue();
		assertThat(isGranted(last)).isFalse();
		budget().keep(other.entry);
		assertThat(isGranted(last)).isFalse();
	}

	@Test
	void giveBackWhenTwoMayStartDoesNotTakeTheSecondForAlone() {
		maxShare(0.5);
		this.limits = List.of(TOKENS);
		Waiter other = ask(null, 1000, LONG);
		Waiter first = ask(null, 400, LONG);
		Waiter second = ask(null, 400, LONG);
		budget().giveBack(other.entry);
		assertThat(isGranted(first)).isTrue();
		assertThat(isGranted(second)).as("takes more than half of the rest").isFalse();
	}

	@Test
	void askWhenACallExceedsTheShareOfTheLimitItselfIsExempt() {
		maxShare(0.8);
		ask(null, 100, LONG);
		assertThat(isGranted(ask(null, 900, LONG))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(doubles = { 0.01, 0.3, 0.5, 0.7, 0.8, 0.95 })
	void askWhenOnlyAShareMayBeTakenEndsAllTheSame(double share) {
		maxShare(share);
		this.limits = List.of(Limit.perMinute(Dimension.REQUESTS, 3), Limit.perMinute(Dimension.TOKENS, 24));
		List<Waiter> waiters = Stream.of(20, 1, 20, 3, 24, 7, 17, 2, 2, 12)
			.map((tokens) -> ask(null, tokens, Duration.ofDays(1)))
			.toList();
		this.time.advance(Duration.ofHours(1));
		assertThat(waiters).allMatch(PoolFixture::isGranted);
		// as many alarms as it takes, and none that only looks again
		assertThat(this.time.wentOff()).isLessThanOrEqualTo(3 * waiters.size());
	}

	@Test
	void askWhenACallTakesNoTokensIsNotPacedByThem() {
		lowWatermark(0.5);
		Waiter first = ask(null, 400, LONG);
		ask(null, 200, LONG);
		settle(first, 500);
		assertThat(tryTake(null, 1)).isFalse();
		assertThat(tryTake(null, 0)).isTrue();
	}

}
