package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.List;

import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.Priority;
import io.github.llmratelimit.engine.admission.Ending;
import io.github.llmratelimit.engine.admission.Waiter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for limits on what is held while calls run: 2 calls in progress, 500 tokens of
 * accepted batch jobs, 1,000 tokens per minute.
 */
class HeldLimitTests extends PoolFixture {

	@BeforeEach
	void limits() {
		this.limits = List.of(TOKENS, concurrent(2),
				new Limit(Dimension.ENQUEUED_TOKENS, 500, null, LimitOrigin.CONFIGURED));
	}

	@Test
	void askWhenAsManyRunAsMayWaitsForNoAlarm() {
		ask(null, 1, LONG);
		ask(null, 1, LONG);
		assertThat(isWaiting(ask(null, 1, LONG))).isTrue();
		assertThat(nextAlarm()).as("its deadline").isEqualTo(LONG);
	}

	@ParameterizedTest
	@EnumSource
	void endWhenAsManyRunAsMayLetsTheNextStartAtThatInstant(Ending ending) {
		Waiter first = ask(null, 1, LONG);
		ask(null, 1, LONG);
		Waiter next = ask(null, 1, LONG);
		at(Duration.ofSeconds(3));
		end(first, ending);
		assertThat(startOf(next)).isEqualTo(Duration.ofSeconds(3));
	}

	@ParameterizedTest
	@EnumSource
	void endWhenTokensAreEnqueuedReturnsThem(Ending ending) {
		Waiter first = ask(null, 400, LONG);
		assertThat(remaining(Dimension.ENQUEUED_TOKENS)).isEqualTo(100);
		end(first, ending);
		assertThat(remaining(Dimension.ENQUEUED_TOKENS)).isEqualTo(500);
	}

	@Test
	void cancelWhenGrantedLetsTheNextStart() {
		Waiter unheard = ask(null, 1, LONG);
		ask(null, 1, LONG);
		Waiter next = ask(null, 1, LONG);
		budget().cancel(unheard);
		assertThat(isGranted(next)).isTrue();
	}

	@Test
	void keepWhenTheWindowIsSpentTooLetsTheNextStartOnlyWithTheWindow() {
		Waiter first = ask(null, 500, LONG);
		at(Duration.ofSeconds(1));
		budget().keep(first.entry);
		Waiter second = ask(null, 500, LONG);
		Waiter next = ask(null, 300, LONG);
		budget().keep(second.entry);
		at(BACK.plusSeconds(2));
		assertThat(startOf(next)).isEqualTo(BACK);
	}

	@Test
	void keepWhenTheWindowHasRoomAgainLetsTheNextStartOnlyThen() {
		ask(null, 300, LONG);
		Waiter second = ask(null, 100, LONG);
		Waiter next = ask(null, 100, LONG);
		at(BACK.plusSeconds(30));
		budget().keep(second.entry);
		assertThat(startOf(next)).isEqualTo(BACK.plusSeconds(30));
	}

	@Test
	void askWhenLargerThanWhatCanBeHeldIsRefusedAtOnce() {
		assertThat(refusal(ask(null, 501, LONG)).dimension()).isEqualTo(Dimension.ENQUEUED_TOKENS);
	}

	@Test
	void askWhenNothingIsFreeUntilTheDeadlineIsRefusedThen() {
		ask(null, 1, LONG);
		ask(null, 1, LONG);
		Waiter waiter = ask(null, 1, Duration.ofSeconds(5));
		at(Duration.ofSeconds(5));
		assertThat(refusal(waiter).reason()).isEqualTo(Reason.WAIT_TOO_LONG);
		assertThat(refusal(waiter).dimension()).isEqualTo(Dimension.CONCURRENT);
	}

	@Test
	void refusalWhenNobodyKnowsWhenACallEndsSaysNoTimeToComeBack() {
		ask(null, 1, LONG);
		ask(null, 1, LONG);
		Waiter waiter = ask(null, 1, Duration.ofSeconds(5));
		at(Duration.ofSeconds(5));
		assertThat(refusal(waiter).retryAfter()).isNull();
	}

	@Test
	void changeLimitWhenRaisedLetsTheNextStart() {
		ask(null, 1, LONG);
		ask(null, 1, LONG);
		Waiter next = ask(null, 1, LONG);
		budget().changeLimit(concurrent(3));
		assertThat(isGranted(next)).isTrue();
	}

	@Test
	void changeLimitWhenLoweredLetsNothingStartUntilEnoughHaveEnded() {
		Waiter first = ask(null, 1, LONG);
		Waiter second = ask(null, 1, LONG);
		Waiter next = ask(null, 1, LONG);
		budget().changeLimit(concurrent(1));
		budget().keep(first.entry);
		assertThat(isWaiting(next)).isTrue();
		budget().keep(second.entry);
		assertThat(isGranted(next)).isTrue();
	}

	@Test
	void changeLimitWhenLoweredBelowWhatACallNeedsRefusesIt() {
		ask(null, 400, LONG);
		Waiter waiter = ask(null, 300, LONG);
		budget().changeLimit(new Limit(Dimension.ENQUEUED_TOKENS, 299, null, LimitOrigin.RUNTIME));
		assertThat(refusal(waiter).reason()).isEqualTo(Reason.REQUEST_TOO_LARGE);
	}

	@Test
	void takeLaterWhenACallLeavesLateHoldsItOnce() {
		Waiter first = ask(null, 1, LONG);
		at(Duration.ofSeconds(1));
		budget().takeLater(first.entry);
		assertThat(remaining(Dimension.CONCURRENT)).isEqualTo(1);
	}

	@Test
	void askWhenACallIsSeveralRequestsHoldsAll() {
		ask(null, Priority.NORMAL, new Cost(2, 1, 0, true), LONG);
		assertThat(remaining(Dimension.CONCURRENT)).isZero();
	}

	private void end(Waiter waiter, Ending ending) {
		switch (ending) {
			case SETTLED -> settle(waiter, 1);
			case KEPT -> budget().keep(waiter.entry);
			case GIVEN_BACK -> budget().giveBack(waiter.entry);
			case REFUSED -> budget().giveBackTokens(waiter.entry);
		}
	}

}
