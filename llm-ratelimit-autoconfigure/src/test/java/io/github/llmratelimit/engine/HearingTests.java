package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.CostRule;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.LimiterStatus;
import io.github.llmratelimit.Priority;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.admission.Entry;
import io.github.llmratelimit.engine.admission.Waiter;
import io.github.llmratelimit.engine.admission.Waiter.Asked;
import io.github.llmratelimit.engine.admission.Waiter.Refused;
import io.github.llmratelimit.engine.ledger.LearningPolicy;
import io.github.llmratelimit.engine.ledger.Tariff;
import io.github.llmratelimit.engine.settings.EngineSettings;
import io.github.llmratelimit.engine.settings.LearningSettings;
import io.github.llmratelimit.learning.LimitChange;
import io.github.llmratelimit.provider.DialectTraits;
import io.github.llmratelimit.provider.ProviderSignal;
import io.github.llmratelimit.provider.Quota;
import io.github.llmratelimit.provider.SignalKind;
import io.github.llmratelimit.time.FakeTime;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what {@link Budget} makes of the numbers in answers.
 */
class HearingTests {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private final FakeTime time = new FakeTime();

	private final Entry call = new Entry(Cost.ofTotal(100), null);

	private LimitOrigin origin = LimitOrigin.TIER;

	private double share = 1;

	private LearningSettings settings = LearningSettings.ALL;

	private DialectTraits traits = DialectTraits.CAUTIOUS.withExactRemaining();

	private Budget budget;

	private Budget budget() {
		if (this.budget == null) {
			Limit tokens = new Limit(Dimension.TOKENS, 1000, MINUTE, this.origin);
			LearningPolicy policy = new LearningPolicy(this.settings, this.share, this.traits, Booking.ESTIMATE, false);
			this.budget = new Budget(new BudgetKey("openai", "pool"), List.of(tokens),
					new Tariff(CostRule.PLAIN, Booking.ESTIMATE, policy), EngineSettings.DEFAULTS, this.time);
			assertThat(this.budget.tryTake(this.call)).isTrue();
		}
		return this.budget;
	}

	@Test
	void hearWhenATierSaysLessRaisesTheLimit() {
		hear(this.call, tokens(5000L, null, MINUTE));
		assertThat(limit()).isEqualTo(new Limit(Dimension.TOKENS, 5000, MINUTE, LimitOrigin.LEARNED));
	}

	@Test
	void hearWhenTheApplicationSaysLessKeepsTheLimit() {
		this.origin = LimitOrigin.CONFIGURED;
		hear(this.call, tokens(5000L, null, MINUTE));
		assertThat(limit()).isEqualTo(new Limit(Dimension.TOKENS, 1000, MINUTE, LimitOrigin.CONFIGURED));
	}

	@Test
	void hearWhenTheApplicationSaysMoreLowersTheLimit() {
		this.origin = LimitOrigin.CONFIGURED;
		hear(this.call, tokens(500L, null, MINUTE));
		assertThat(limit()).isEqualTo(new Limit(Dimension.TOKENS, 500, MINUTE, LimitOrigin.LEARNED));
	}

	@Test
	void hearWhenLimitsAreNotToBeLearnedKeepsTheLimit() {
		this.settings = new LearningSettings(false, true, true, true);
		hear(this.call, tokens(500L, null, MINUTE));
		assertThat(limit().amount()).isEqualTo(1000);
	}

	@Test
	void hearWhenAnotherWindowIsToldAddsIt() {
		Duration slice = Duration.ofSeconds(10);
		hear(this.call, tokens(200L, null, slice));
		assertThat(budget().limits()).contains(new Limit(Dimension.TOKENS, 200, slice, LimitOrigin.LEARNED));
	}

	@Test
	void hearWhenAnotherWindowIsToldTellsOnceThatItWasFound() {
		Duration slice = Duration.ofSeconds(10);
		Limit found = new Limit(Dimension.TOKENS, 200, slice, LimitOrigin.LEARNED);
		assertThat(hear(this.call, tokens(200L, null, slice))).containsExactly(LimitChange.found(found, 200));
		assertThat(hear(this.call, tokens(200L, null, slice))).isEmpty();
	}

	@Test
	void hearWhenAnotherWindowIsToldTakesOurShareOfIt() {
		this.share = 0.25;
		Duration slice = Duration.ofSeconds(10);
		Limit found = new Limit(Dimension.TOKENS, 50, slice, LimitOrigin.LEARNED);
		assertThat(hear(this.call, tokens(200L, null, slice))).containsExactly(LimitChange.found(found, 200));
	}

	@Test
	void hearWhenAnotherWindowIsToldLetsWhatWasAssumedFollow() {
		this.origin = LimitOrigin.ASSUMED;
		hear(this.call, tokens(2000L, null, Duration.ofSeconds(10)));
		assertThat(limit()).isEqualTo(new Limit(Dimension.TOKENS, 12_000, MINUTE, LimitOrigin.ASSUMED));
		hear(this.call, tokens(3000L, null, Duration.ofSeconds(10)));
		assertThat(limit().amount()).isEqualTo(18_000);
	}

	@Test
	void hearWhenADayIsToldLeavesWhatWasAssumedOfAMinute() {
		this.origin = LimitOrigin.ASSUMED;
		for (int i = 0; i < 5; i++) {
			hear(this.call, tokens(9000L, null, Duration.ofDays(1)));
		}
		assertThat(limit().amount()).isEqualTo(1000);
	}

	@Test
	void hearWhenAnotherWindowIsToldLeavesWhatATierSays() {
		hear(this.call, tokens(2000L, null, Duration.ofSeconds(10)));
		assertThat(limit().amount()).isEqualTo(1000);
	}

	@Test
	void hearWhenAWindowIsNewKnowsWhatALongerOneTookInIt() {
		Duration slice = Duration.ofSeconds(10);
		budget();
		this.time.advance(Duration.ofSeconds(5));
		assertThat(budget().tryTake(new Entry(Cost.ofTotal(300), null))).isTrue();
		this.time.advance(Duration.ofSeconds(6));
		hear(this.call, tokens(500L, null, slice));
		assertThat(slice().remaining()).isEqualTo(200);
		this.time.advance(Duration.ofSeconds(5));
		assertThat(slice().remaining()).isEqualTo(500);
	}

	@Test
	void hearWhenAWindowIsNewCapsItUntilCallsBeforeItHaveLeft() {
		Duration slice = Duration.ofSeconds(10);
		hear(this.call, tokens(200L, 100L, slice));
		Entry next = new Entry(Cost.ofTotal(50), null);
		assertThat(budget().tryTake(next)).isTrue();
		hear(next, tokens(200L, 50L, slice));
		assertThat(slice().remaining()).isEqualTo(50);
		this.time.advance(Duration.ofSeconds(11));
		assertThat(slice().remaining()).isEqualTo(200);
	}

	@Test
	void hearWhenAWindowIsNoLongerNewCapsItForLonger() {
		Duration slice = Duration.ofSeconds(10);
		hear(this.call, tokens(200L, 100L, slice));
		this.time.advance(Duration.ofSeconds(11));
		Entry next = new Entry(Cost.ofTotal(50), null);
		assertThat(budget().tryTake(next)).isTrue();
		hear(next, tokens(200L, 50L, slice));
		this.time.advance(Duration.ofSeconds(11));
		assertThat(slice().remaining()).isEqualTo(100);
	}

	@Test
	void hearWhenADayIsToldOnceAddsNoWindow() {
		for (int i = 0; i < 10; i++) {
			hear(this.call, tokens(9000L, null, Duration.ofDays(1)));
			hear(this.call, tokens(1000L, null, MINUTE));
		}
		assertThat(budget().limits()).hasSize(1);
	}

	@Test
	void hearWhenADayIsToldAgainAndAgainAddsIt() {
		for (int i = 0; i < 5; i++) {
			hear(this.call, tokens(9000L, null, Duration.ofDays(1)));
		}
		assertThat(budget().limits())
			.contains(new Limit(Dimension.TOKENS, 9000, Duration.ofDays(1), LimitOrigin.LEARNED));
	}

	@Test
	void hearWhenARateIsToldAddsNoWindow() {
		hear(this.call, tokens(50L, null, Duration.ofSeconds(1)));
		assertThat(budget().limits()).hasSize(1);
	}

	@Test
	void hearWhenNoWindowIsNamedLearnsNothing() {
		hear(this.call, tokens(500L, null, null));
		assertThat(limit().amount()).isEqualTo(1000);
	}

	@Test
	void hearWhenALowerLimitIsTooSmallForAWaiterRefusesIt() {
		budget().tryTake(new Entry(Cost.ofTotal(900), null));
		Waiter waiter = new Waiter(new Asked("m", Cost.ofTotal(600), Priority.NORMAL, null, MINUTE.toNanos() * 2),
				false, 0, this.time.nanos() + 2 * MINUTE.toNanos(), () -> {
				});
		budget().ask(waiter);
		hear(this.call, tokens(500L, null, MINUTE));
		assertThat(waiter.answer()).isInstanceOf(Refused.class);
	}

	@Test
	void hearWhenMoreIsLeftThanBookedGivesCredit() {
		hear(this.call, tokens(1000L, 900L, MINUTE));
		this.time.advance(Duration.ofSeconds(1));
		Entry next = new Entry(Cost.ofTotal(900), null);
		assertThat(budget().tryTake(next)).isTrue();
		this.time.advance(Duration.ofSeconds(5));
		// the provider took half of what we did
		hear(next, tokens(1000L, 500L, MINUTE));
		assertThat(budget().tryTake(new Entry(Cost.ofTotal(400), null))).isTrue();
	}

	@Test
	void hearWhenRefusalsShowedThatMoreIsToldThanIsTrueGivesNoCredit() {
		hear(this.call, tokens(1000L, 900L, MINUTE));
		for (int i = 0; i < 2; i++) {
			Entry refused = new Entry(Cost.ofTotal(400), null);
			this.time.advance(Duration.ofMillis(1));
			assertThat(budget().tryTake(refused)).isTrue();
			budget().cameTooEarly(refused, List.of(Dimension.TOKENS), MINUTE);
			budget().giveBackTokens(refused);
		}
		// refusals forbid credit for a minute anyway
		this.time.advance(Duration.ofSeconds(70));
		Entry next = new Entry(Cost.ofTotal(300), null);
		assertThat(budget().tryTake(next)).isTrue();
		this.time.advance(Duration.ofSeconds(1));
		hear(next, tokens(1000L, 700L, MINUTE));
		assertThat(budget().tryTake(new Entry(Cost.ofTotal(600), null))).isFalse();
	}

	@Test
	void hearWhenOthersWereSentJustBeforeTheFirstAnswerGivesNoCreditForThem() {
		assertThat(budget().tryTake(new Entry(Cost.ofTotal(500), null))).isTrue();
		hear(this.call, tokens(1000L, 900L, MINUTE));
		Entry next = new Entry(Cost.ofTotal(100), null);
		assertThat(budget().tryTake(next)).isTrue();
		this.time.advance(Duration.ofSeconds(5));
		// it overtook the one of 500
		hear(next, tokens(1000L, 800L, MINUTE));
		assertThat(budget().tryTake(new Entry(Cost.ofTotal(400), null))).isFalse();
	}

	@Test
	void forecastWhenCreditWasSpentDoesNotWaitForItToComeBack() {
		Entry early = new Entry(Cost.ofTotal(400), null);
		assertThat(budget().tryTake(early)).isTrue();
		this.time.advance(Duration.ofSeconds(29));
		hear(this.call, tokens(1000L, 900L, MINUTE));
		this.time.advance(Duration.ofSeconds(1));
		Entry late = new Entry(Cost.ofTotal(500), null);
		assertThat(budget().tryTake(late)).isTrue();
		this.time.advance(Duration.ofSeconds(1));
		hear(late, tokens(1000L, 900L, MINUTE));
		assertThat(budget().tryTake(new Entry(Cost.ofTotal(500), null))).isTrue();
		// of 1,500 that are taken, the first 500 come back 29 s from now
		assertThat(budget().forecast(CallRequest.of(Cost.ofTotal(500))).waitTime()).isBetween(Duration.ofSeconds(29),
				Duration.ofSeconds(30));
	}

	@Test
	void hearWhenMoreIsLeftButNotExactlyGivesNoCredit() {
		this.traits = DialectTraits.CAUTIOUS;
		hear(this.call, tokens(1000L, 900L, MINUTE));
		Entry next = new Entry(Cost.ofTotal(900), null);
		budget().tryTake(next);
		this.time.advance(Duration.ofSeconds(5));
		hear(next, tokens(1000L, 500L, MINUTE));
		assertThat(budget().tryTake(new Entry(Cost.ofTotal(400), null))).isFalse();
	}

	@Test
	void hearWhenLessIsLeftThanBookedCapsWhatMayBeTaken() {
		hear(this.call, tokens(1000L, 900L, MINUTE));
		this.time.advance(Duration.ofSeconds(5));
		Entry next = new Entry(Cost.ofTotal(100), null);
		budget().tryTake(next);
		// somebody else took 500
		hear(next, tokens(1000L, 300L, MINUTE));
		assertThat(budget().tryTake(new Entry(Cost.ofTotal(400), null))).isFalse();
		assertThat(budget().tryTake(new Entry(Cost.ofTotal(200), null))).isTrue();
	}

	@Test
	void suggestedBookingWhenTheProviderSettlesTellsSoOnce() {
		Random random = new Random(1);
		hear(this.call, tokens(1000L, 900L, MINUTE));
		this.time.advance(Duration.ofMinutes(3));
		Deque<long[]> booked = new ArrayDeque<>();
		Booking suggested = null;
		int told = 0;
		for (int i = 0; i < 400; i++) {
			this.time.advance(Duration.ofSeconds(2));
			long now = this.time.nanos();
			booked.removeIf((each) -> now - each[0] >= MINUTE.toNanos());
			long estimate = 10 + random.nextInt(20);
			Entry entry = new Entry(Cost.ofTotal(estimate), null);
			budget().tryTake(entry);
			booked.add(new long[] { now, estimate });
			long left = 1000 - booked.stream().mapToLong((each) -> each[1]).sum();
			this.time.advance(Duration.ofMillis(500));
			booked.getLast()[1] = estimate / 3;
			hear(entry, tokens(1000L, left, MINUTE));
			budget().settle(entry, Usage.of(estimate / 3, 0));
			Booking next = budget().suggestedBooking();
			suggested = (next != null) ? next : suggested;
			told += (next != null) ? 1 : 0;
		}
		assertThat(suggested).isEqualTo(Booking.SETTLED);
		assertThat(told).isEqualTo(1);
	}

	private List<LimitChange> hear(Entry entry, Quota tokens) {
		return budget().hear(entry,
				new ProviderSignal(SignalKind.OK, false, null, Quota.UNKNOWN, tokens, Quota.UNKNOWN, Quota.UNKNOWN));
	}

	private static Quota tokens(Long limit, Long remaining, Duration window) {
		return new Quota(limit, remaining, null, window);
	}

	private LimiterStatus.Window slice() {
		return budget().status().windows().get(1);
	}

	private Limit limit() {
		return budget().limits().get(0);
	}

}
