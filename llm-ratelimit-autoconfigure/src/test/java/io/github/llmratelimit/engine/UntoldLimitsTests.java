package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.CostRule;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.engine.admission.Entry;
import io.github.llmratelimit.engine.ledger.LearningPolicy;
import io.github.llmratelimit.engine.ledger.Tariff;
import io.github.llmratelimit.engine.settings.EngineSettings;
import io.github.llmratelimit.engine.settings.LearningSettings;
import io.github.llmratelimit.learning.LimitChange;
import io.github.llmratelimit.learning.LimitLearner;
import io.github.llmratelimit.provider.DialectTraits;
import io.github.llmratelimit.provider.ProviderSignal;
import io.github.llmratelimit.provider.Quota;
import io.github.llmratelimit.provider.SignalKind;
import io.github.llmratelimit.time.FakeTime;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for limits of which no answer tells: 6,000 tokens a minute are stated, and
 * something of another window.
 */
class UntoldLimitsTests {

	private static final Duration SLICE = Duration.ofSeconds(10);

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private final FakeTime time = new FakeTime();

	private LimitOrigin origin = LimitOrigin.CONFIGURED;

	private DialectTraits traits = DialectTraits.CAUTIOUS;

	private Budget budget;

	private Entry call;

	@Test
	void sliceWhenTheMinuteIsToldToBeHalfIsHalved() {
		state(SLICE, 1000);
		List<LimitChange> changes = hear(3000, MINUTE);
		Limit halved = slice(500, LimitOrigin.LEARNED);
		assertThat(limit(SLICE)).isEqualTo(halved);
		assertThat(changes).contains(new LimitChange(LimitChange.Cause.TOLD, slice(1000, this.origin), halved, 3000));
	}

	@Test
	void sliceWhenTheMinuteIsToldAsStatedStays() {
		state(SLICE, 1000);
		assertThat(hear(6000, MINUTE)).isEmpty();
		assertThat(limit(SLICE)).isEqualTo(slice(1000, this.origin));
	}

	@Test
	void sliceWhenTheMinuteOfATierIsRaisedStays() {
		this.origin = LimitOrigin.TIER;
		state(SLICE, 1000);
		hear(12_000, MINUTE);
		assertThat(limit(MINUTE).amount()).isEqualTo(12_000);
		assertThat(limit(SLICE)).isEqualTo(slice(1000, this.origin));
	}

	@Test
	void sliceWhenItIsABurstLimitOfOnesOwnStays() {
		state(SLICE, 300);
		hear(3000, MINUTE);
		assertThat(limit(SLICE)).isEqualTo(slice(300, this.origin));
	}

	@Test
	void sliceWhenLoweredIsNeverLessThanItsShareOfTheMinute() {
		state(SLICE, 600);
		hear(3000, MINUTE);
		assertThat(limit(SLICE)).isEqualTo(slice(500, LimitOrigin.LEARNED));
	}

	@Test
	void sliceWhenBurstsAreAllowedKeepsTheirPart() {
		state(SLICE, 3000);
		hear(3000, MINUTE);
		assertThat(limit(SLICE).amount()).isEqualTo(1500);
	}

	@Test
	void sliceWhenTheMinuteIsWholeAgainIsToo() {
		state(SLICE, 1000);
		hear(3000, MINUTE);
		assertThat(hear(6000, MINUTE)).contains(new LimitChange(LimitChange.Cause.TOLD, slice(500, LimitOrigin.LEARNED),
				slice(1000, this.origin), 6000));
	}

	@Test
	void sliceWhenTheMinuteIsNoLongerConfirmedReturnsWithIt() {
		state(SLICE, 1000);
		hear(3000, MINUTE);
		this.time.advance(LimitLearner.CONFIRMED_FOR.minusSeconds(1));
		this.budget.status();
		assertThat(limit(SLICE).amount()).isEqualTo(500);
		this.time.advance(Duration.ofSeconds(2));
		this.budget.status();
		assertThat(limit(SLICE)).isEqualTo(slice(1000, this.origin));
	}

	@Test
	void sliceWhenChangedWhileRunningIsLoweredAsWell() {
		state(SLICE, 1000);
		hear(3000, MINUTE);
		this.budget.changeLimit(slice(2000, LimitOrigin.RUNTIME));
		assertThat(limit(SLICE).amount()).isEqualTo(1000);
		hear(6000, MINUTE);
		assertThat(limit(SLICE)).isEqualTo(slice(2000, LimitOrigin.RUNTIME));
	}

	@Test
	void sliceWhenTheMinuteIsChangedWhileRunningIsAsStated() {
		state(SLICE, 1000);
		hear(3000, MINUTE);
		this.budget.changeLimit(new Limit(Dimension.TOKENS, 3000, MINUTE, LimitOrigin.RUNTIME));
		assertThat(limit(SLICE)).isEqualTo(slice(1000, this.origin));
	}

	@Test
	void sliceWhenItIsToldItselfIsWhatIsTold() {
		state(SLICE, 1000);
		hear(3000, MINUTE);
		hear(800, SLICE);
		hear(3000, MINUTE);
		assertThat(limit(SLICE)).isEqualTo(slice(800, LimitOrigin.LEARNED));
		hear(1000, SLICE);
		assertThat(limit(SLICE)).isEqualTo(slice(1000, this.origin));
	}

	@Test
	void longerWindowWhenAShorterIsToldStays() {
		Duration longer = Duration.ofMinutes(10);
		state(longer, 30_000);
		hear(3000, MINUTE);
		assertThat(limit(longer).amount()).isEqualTo(30_000);
	}

	@Test
	void sliceWhenADayIsToldStays() {
		state(SLICE, 1000, new Limit(Dimension.TOKENS, 100_000, Duration.ofDays(1), this.origin));
		hear(50_000, Duration.ofDays(1));
		assertThat(limit(Duration.ofDays(1)).amount()).isEqualTo(50_000);
		assertThat(limit(SLICE).amount()).isEqualTo(1000);
	}

	@Test
	void sliceWhenAnotherDimensionIsToldStays() {
		state(SLICE, 1000, Limit.perMinute(Dimension.REQUESTS, 100));
		hear(new Quota(50L, null, null, MINUTE), Quota.UNKNOWN);
		assertThat(limit(SLICE).amount()).isEqualTo(1000);
	}

	@Test
	void sliceWhenLoweredHoldsCallsBack() {
		state(SLICE, 1000);
		hear(3000, MINUTE);
		assertThat(this.budget.tryTake(new Entry(Cost.ofTotal(400), null))).isTrue();
		assertThat(this.budget.tryTake(new Entry(Cost.ofTotal(1), null))).isFalse();
	}

	@Test
	void minuteWhenSlicesGrantNoMoreThanItIsLeftToThem() {
		assertThat(startedOf14(1000, false)).isEqualTo(14);
		assertThat(this.budget.forecast(CallRequest.of(Cost.ofTotal(500))).waitTime()).isLessThan(SLICE);
	}

	@Test
	void minuteWhenSlicesGrantMoreThanItHoldsAllTheSame() {
		assertThat(startedOf14(1001, false)).isEqualTo(12);
	}

	@Test
	void minuteWhenACallWasRefusedHoldsAgain() {
		assertThat(startedOf14(1000, true)).isEqualTo(12);
		assertThat(this.budget.forecast(CallRequest.of(Cost.ofTotal(500))).waitTime()).isGreaterThan(SLICE);
	}

	@Test
	void minuteWhenItIsLeftToSlicesShowsWhatIsLeft() {
		startedOf14(1000, false);
		assertThat(this.budget.status().windows().get(0).remaining()).isZero();
	}

	/**
	 * Calls of 500, four seconds apart, of which the provider counts a hundred; twelve of
	 * them are all that the minute has room for.
	 * @return how many of fourteen may start
	 */
	private int startedOf14(long slice, boolean refused) {
		this.traits = DialectTraits.CAUTIOUS.withExactRemaining();
		state();
		this.time.advance(MINUTE.plusSeconds(1));
		hear(slice, SLICE);
		int started = 0;
		for (int i = 0; i < 14; i++) {
			Entry entry = new Entry(Cost.ofTotal(500), null);
			if (this.budget.tryTake(entry)) {
				started++;
				this.time.advance(Duration.ofSeconds(4));
				this.budget.hear(entry, tokens(new Quota(slice, slice - 100, null, SLICE)));
			}
			if (refused && i == 11) {
				this.budget.cameTooEarly(entry, List.of(Dimension.TOKENS), MINUTE);
				this.time.advance(Duration.ofSeconds(1));
			}
		}
		return started;
	}

	private void state() {
		state(List.of(new Limit(Dimension.TOKENS, 6000, MINUTE, this.origin)));
	}

	private void state(Duration window, long amount, Limit... others) {
		List<Limit> limits = new ArrayList<>(List.of(others));
		limits.add(new Limit(Dimension.TOKENS, 6000, MINUTE, this.origin));
		limits.add(new Limit(Dimension.TOKENS, amount, window, this.origin));
		state(limits);
	}

	private void state(List<Limit> limits) {
		LearningPolicy policy = new LearningPolicy(LearningSettings.ALL, 1, this.traits, Booking.ESTIMATE, false);
		this.budget = new Budget(new BudgetKey("openai", "pool"), limits,
				new Tariff(CostRule.PLAIN, Booking.ESTIMATE, policy), EngineSettings.DEFAULTS, this.time);
		this.call = new Entry(Cost.ofTotal(100), null);
		assertThat(this.budget.tryTake(this.call)).isTrue();
	}

	private List<LimitChange> hear(long limit, Duration window) {
		return hear(Quota.UNKNOWN, new Quota(limit, null, null, window));
	}

	private List<LimitChange> hear(Quota requests, Quota tokens) {
		this.time.advance(Duration.ofMillis(1));
		return this.budget.hear(this.call,
				new ProviderSignal(SignalKind.OK, false, null, requests, tokens, Quota.UNKNOWN, Quota.UNKNOWN));
	}

	private static ProviderSignal tokens(Quota tokens) {
		return new ProviderSignal(SignalKind.OK, false, null, Quota.UNKNOWN, tokens, Quota.UNKNOWN, Quota.UNKNOWN);
	}

	private static Limit slice(long amount, LimitOrigin origin) {
		return new Limit(Dimension.TOKENS, amount, SLICE, origin);
	}

	private Limit limit(Duration window) {
		return this.budget.limits()
			.stream()
			.filter((limit) -> limit.dimension() == Dimension.TOKENS && window.equals(limit.per()))
			.findFirst()
			.orElseThrow();
	}

}
