package io.github.llmratelimit.engine.admission;

import java.time.Duration;
import java.util.List;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.CostRule;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.engine.ledger.LearningPolicy;
import io.github.llmratelimit.engine.ledger.Ledger;
import io.github.llmratelimit.engine.ledger.SlotRoom;
import io.github.llmratelimit.engine.ledger.Tariff;
import io.github.llmratelimit.engine.settings.LearningSettings;
import io.github.llmratelimit.engine.settings.QueueSettings;
import io.github.llmratelimit.provider.DialectTraits;
import io.github.llmratelimit.provider.ProviderSignal;
import io.github.llmratelimit.provider.Quota;
import io.github.llmratelimit.provider.SignalKind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SlotRoom}: how far calls are added up without a look at the windows.
 */
class SlotRoomTests extends AdmissionFixture {

	private static final Limit SHORT = new Limit(Dimension.TOKENS, 400, Duration.ofSeconds(12), LimitOrigin.CONFIGURED);

	private Ledger ledger = ledger(Booking.ESTIMATE, QueueSettings.DEFAULTS, REQUESTS, TOKENS, SHORT);

	private static Ledger ledger(Booking booking, QueueSettings queue, Limit... limits) {
		return new Ledger(List.of(limits), new Tariff(CostRule.PLAIN, booking), null, queue, START);
	}

	@Test
	void fitsWhenNotOpenedDoesNot() {
		assertThat(this.ledger.room().fits(cost(1), START)).isFalse();
	}

	@Test
	void fitsWhenFirstSlotEndsDoesNotAnyMore() {
		assertThat(this.ledger.openRoom()).isTrue();
		assertThat(this.ledger.room().fits(cost(1), START + 9_999_999)).isTrue();
		assertThat(this.ledger.room().fits(cost(1), START + 10_000_000)).isFalse();
	}

	@Test
	void fitsWhenSumsReachTheLowestLimitTakesNoMore() {
		this.ledger.openRoom();
		this.ledger.room().take(cost(300));
		assertThat(this.ledger.room().fits(cost(100), START)).isTrue();
		assertThat(this.ledger.room().fits(cost(101), START)).isFalse();
	}

	@Test
	void fitsWhenRequestsAreUsedUpDoesNot() {
		this.ledger.openRoom();
		this.ledger.room().take(new Cost(9, 0, 0, false));
		assertThat(this.ledger.room().fits(new Cost(1, 0, 0, false), START)).isTrue();
		assertThat(this.ledger.room().fits(new Cost(2, 0, 0, false), START)).isFalse();
	}

	@Test
	void fitsWhenInputAndOutputAreLimitedLooksAtEach() {
		this.ledger = ledger(Booking.ESTIMATE, QueueSettings.DEFAULTS, Limit.perMinute(Dimension.INPUT_TOKENS, 100),
				Limit.perMinute(Dimension.OUTPUT_TOKENS, 10));
		this.ledger.openRoom();
		this.ledger.room().take(Cost.of(90, 5));
		assertThat(this.ledger.room().fits(Cost.of(10, 5), START)).isTrue();
		assertThat(this.ledger.room().fits(Cost.of(11, 5), START)).isFalse();
		assertThat(this.ledger.room().fits(Cost.of(10, 6), START)).isFalse();
	}

	@Test
	void advanceWhenRoomWasUsedWritesItIntoEveryWindow() {
		this.ledger.openRoom();
		this.ledger.room().take(cost(300));
		this.ledger.room().take(cost(50));
		this.ledger.advance(START);
		assertThat(this.ledger.windows()).extracting("remaining").containsExactly(8L, 650L, 50L);
		assertThat(this.ledger.room().fits(cost(1), START)).isFalse();
	}

	@Test
	void openRoomWhenOpenedAgainCountsAnew() {
		this.ledger.openRoom();
		this.ledger.room().take(cost(300));
		this.ledger.advance(START);
		this.ledger.openRoom();
		assertThat(this.ledger.room().fits(cost(100), START)).isTrue();
		assertThat(this.ledger.room().fits(cost(101), START)).isFalse();
	}

	@Test
	void copyWhenRoomWasUsedHasItTaken() {
		this.ledger.openRoom();
		this.ledger.room().take(cost(300));
		assertThat(this.ledger.copy().fits(cost(101))).isFalse();
	}

	@Test
	void restartWhenRoomWasUsedHasItTaken() {
		this.ledger.openRoom();
		this.ledger.room().take(cost(300));
		this.ledger.refused(List.of(), LONG).restart(START);
		assertThat(this.ledger.windows()).extracting("remaining").containsExactly(9L, 700L, 100L);
	}

	@Test
	void openRoomWhenRestSpreadsKeepsOutOfIt() {
		this.ledger = ledger(Booking.ESTIMATE, new QueueSettings(1, LONG, 0, 0.2, 1), TOKENS);
		this.ledger.openRoom();
		assertThat(this.ledger.room().fits(cost(800), START)).isTrue();
		assertThat(this.ledger.room().fits(cost(801), START)).isFalse();
	}

	@Test
	void openRoomWhenCallsMayOnlyTakeAShareDoesNot() {
		this.ledger = ledger(Booking.ESTIMATE, new QueueSettings(1, LONG, 0, 0, 0.8), TOKENS);
		assertThat(this.ledger.openRoom()).isFalse();
	}

	@Test
	void openRoomWhenAProviderWasHeardOfDoesNot() {
		this.ledger.refused(List.of(Dimension.TOKENS), LONG).restart(START);
		assertThat(this.ledger.openRoom()).isFalse();
	}

	@Test
	void openRoomWhenAnAnswerLeavesAllThatWeThinkOpensIt() {
		hear(900L);
		this.ledger.take(entry(10), START);
		assertThat(this.ledger.openRoom()).isTrue();
		assertThat(this.ledger.room().fits(cost(890), START)).isTrue();
		assertThat(this.ledger.room().fits(cost(891), START)).isFalse();
	}

	@Test
	void openRoomWhenAnAnswerLeavesLessDoesNot() {
		hear(500L);
		this.ledger.take(entry(10), START);
		assertThat(this.ledger.openRoom()).isFalse();
	}

	@Test
	void openRoomWhenAnAnswerWasHeardEndsWithAPartOfTheLogs() {
		hear(900L);
		this.ledger.take(entry(10), START);
		assertThat(this.ledger.openRoom()).isTrue();
		assertThat(this.ledger.room().fits(cost(1), START + 29_999_999)).isTrue();
		assertThat(this.ledger.room().fits(cost(1), START + 30_000_000)).isFalse();
	}

	@Test
	void openRoomWhenACallIsToTestWhatAnswersPredictEndsBefore() {
		hear(900L);
		long later = START + 50_000_000;
		this.ledger.advance(later);
		this.ledger.take(entry(10), later);
		assertThat(this.ledger.openRoom()).isTrue();
		assertThat(this.ledger.room().fits(cost(1), START + 59_999_999)).isTrue();
		assertThat(this.ledger.room().fits(cost(1), START + 60_000_000)).isFalse();
	}

	@Test
	void rememberWhenNoAnswerWasHeardHasNothingToRemember() {
		this.ledger.openRoom();
		Entry call = entry(10);
		this.ledger.room().take(call.cost());
		this.ledger.room().remember(call);
		assertThat(call.isRemembered()).isFalse();
	}

	@Test
	void hearWhenACallOfTheRoomIsAnsweredKnowsWhatWasTakenBeforeIt() {
		hear(900L);
		long later = START + 1_000_000_000;
		this.ledger.advance(later);
		this.ledger.take(entry(100), later);
		this.ledger.openRoom();
		this.ledger.room().take(cost(200));
		Entry call = entry(50);
		this.ledger.room().take(call.cost());
		call.taken(later, null);
		this.ledger.room().remember(call);
		this.ledger.advance(later);
		this.ledger.hear(call, answer(0L), later);
		// 450 were taken, and 300 so close to it that they may have come later
		assertThat(this.ledger.windows()).extracting("remaining").containsExactly(750L - 450L);
	}

	private void hear(long remaining) {
		LearningPolicy learning = new LearningPolicy(LearningSettings.ALL, 1,
				DialectTraits.CAUTIOUS.withExactRemaining(), Booking.ESTIMATE, false);
		this.ledger = new Ledger(List.of(TOKENS), new Tariff(CostRule.PLAIN, Booking.ESTIMATE, learning), null,
				QueueSettings.DEFAULTS, START);
		// the first answer says that it tells, the second is heard
		this.ledger.hear(entry(0), answer(null), START);
		Entry call = entry(100);
		this.ledger.take(call, START);
		this.ledger.hear(call, answer(remaining), START);
	}

	private static ProviderSignal answer(@Nullable Long remaining) {
		return new ProviderSignal(SignalKind.OK, false, null, Quota.UNKNOWN,
				new Quota(TOKENS.amount(), remaining, null, TOKENS.per()), Quota.UNKNOWN, Quota.UNKNOWN);
	}

	@Test
	void openRoomWhenUsageCountsDoesNot() {
		assertThat(ledger(Booking.SETTLED, QueueSettings.DEFAULTS, TOKENS).openRoom()).isFalse();
		assertThat(ledger(Booking.ACTUAL, QueueSettings.DEFAULTS, TOKENS).openRoom()).isFalse();
	}

	@Test
	void openRoomWhenCallsInProgressAreLimitedDoesNot() {
		assertThat(ledger(Booking.ESTIMATE, QueueSettings.DEFAULTS, TOKENS,
				new Limit(Dimension.CONCURRENT, 5, null, LimitOrigin.CONFIGURED))
			.openRoom()).isFalse();
	}

	@Test
	void openRoomWhenThereIsNoWindowDoesNot() {
		assertThat(ledger(Booking.ESTIMATE, QueueSettings.DEFAULTS).openRoom()).isFalse();
	}

	@Test
	void tryTakeWhenNobodyWaitsOpensRoom() {
		assertThat(this.admission.tryTake(entry(100), this.now)).isTrue();
		assertThat(isOpen()).isTrue();
	}

	@Test
	void drainWhenRoomIsOpenClosesIt() {
		this.admission.tryTake(entry(100), this.now);
		this.admission.drain(this.now);
		assertThat(isOpen()).isFalse();
	}

	@Test
	void tryTakeWhenAnotherDimensionIsPausedOpensNoRoom() {
		this.admission.pause(List.of(Dimension.OUTPUT_TOKENS),
				new Pauses.Pause(START + LONG.toNanos(), Reason.PAUSED, null));
		assertThat(this.admission.tryTake(new Entry(Cost.of(100, 0), null), this.now)).isTrue();
		assertThat(isOpen()).isFalse();
	}

	@Test
	void tryTakeWhenAPauseIsOverOpensRoomAgain() {
		this.admission.pause(List.of(), new Pauses.Pause(START + 1, Reason.PAUSED, null));
		at(Duration.ofSeconds(1));
		assertThat(this.admission.tryTake(entry(100), this.now)).isTrue();
		assertThat(isOpen()).isTrue();
	}

	private boolean isOpen() {
		return this.admission.ledger().room().fits(cost(1), this.now);
	}

}
