package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.List;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.CostRule;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.engine.admission.Entry;
import io.github.llmratelimit.engine.ledger.Tariff;
import io.github.llmratelimit.engine.settings.EngineSettings;
import io.github.llmratelimit.provider.Caution;
import io.github.llmratelimit.time.FakeTime;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what {@link Budget} makes of a provider's {@link Caution}.
 */
class HeedTests {

	private static final Duration QUARTER = Duration.ofMinutes(15);

	private final FakeTime time = new FakeTime();

	@Test
	void heedWhenTrafficGrewTooFastGoesBackOneStep() {
		Budget budget = budget(Limit.perMinute(Dimension.TOKENS, 12_000_000));
		take(budget, 6_000_000);
		budget.heed(Caution.GROWTH);
		minute();
		assertThat(fits(budget, 3_900_000)).isTrue();
		assertThat(fits(budget, 300_000)).isFalse();
	}

	@Test
	void heedWhenTrafficGrewTooFastLetsItGrowByHalfInAQuarter() {
		Budget budget = budget(Limit.perMinute(Dimension.TOKENS, 12_000_000));
		take(budget, 6_000_000);
		budget.heed(Caution.GROWTH);
		this.time.advance(QUARTER);
		assertThat(fits(budget, 6_000_000)).isTrue();
		assertThat(fits(budget, 100_000)).isFalse();
	}

	@Test
	void heedWhenTrafficGrewTooFastEndsAtTheLimit() {
		Budget budget = budget(Limit.perMinute(Dimension.TOKENS, 12_000_000));
		take(budget, 6_000_000);
		budget.heed(Caution.GROWTH);
		this.time.advance(QUARTER.multipliedBy(3));
		assertThat(fits(budget, 12_000_000)).isTrue();
	}

	@Test
	void heedWhenTrafficIsBelowAMillionChangesNothing() {
		Budget budget = budget(Limit.perMinute(Dimension.TOKENS, 900_000));
		take(budget, 600_000);
		budget.heed(Caution.GROWTH);
		assertThat(fits(budget, 300_000)).isTrue();
	}

	@Test
	void heedWhenWindowIsShorterThanAMinuteGoesBackInItsOwnMeasure() {
		Budget budget = budget(
				new Limit(Dimension.INPUT_TOKENS, 2_000_000, Duration.ofSeconds(10), LimitOrigin.CONFIGURED));
		assertThat(budget.tryTake(new Entry(Cost.of(900_000, 0), null))).isTrue();
		budget.heed(Caution.GROWTH);
		this.time.advance(Duration.ofSeconds(11));
		assertThat(budget.tryTake(new Entry(Cost.of(590_000, 0), null))).isTrue();
		assertThat(budget.tryTake(new Entry(Cost.of(20_000, 0), null))).isFalse();
	}

	@Test
	void heedWhenTrafficGrewTooFastLeavesRequestsAndDaysAlone() {
		Limit requests = Limit.perMinute(Dimension.REQUESTS, 5_000_000);
		Budget budget = budget(requests,
				new Limit(Dimension.TOKENS, 9_000_000, Duration.ofDays(1), LimitOrigin.CONFIGURED));
		take(budget, 3_000_000);
		budget.heed(Caution.GROWTH);
		assertThat(fits(budget, 6_000_000)).isTrue();
	}

	@Test
	void heedWhenTrafficGrewTooFastLeavesTheLimitAsItIs() {
		Limit tokens = Limit.perMinute(Dimension.TOKENS, 12_000_000);
		Budget budget = budget(tokens);
		take(budget, 6_000_000);
		budget.heed(Caution.GROWTH);
		assertThat(budget.limits()).containsExactly(tokens);
		assertThat(budget.exceeded(Cost.ofTotal(12_000_000))).isNull();
	}

	@Test
	void heedWhenOverLimitLetsCallsStartAtTheLimitsPace() {
		Budget budget = budget(Limit.perMinute(Dimension.TOKENS, 60_000));
		budget.heed(Caution.OVER_LIMIT);
		take(budget, 2_000);
		this.time.advance(Duration.ofMillis(1_999));
		assertThat(fits(budget, 1)).isFalse();
		this.time.advance(Duration.ofMillis(1));
		assertThat(fits(budget, 1)).isTrue();
	}

	@Test
	void heedWhenOverLimitAgainDoesNotBeginAnew() {
		Budget budget = budget(Limit.perMinute(Dimension.TOKENS, 60_000));
		budget.heed(Caution.OVER_LIMIT);
		take(budget, 2_000);
		budget.heed(Caution.OVER_LIMIT);
		assertThat(fits(budget, 1)).isFalse();
	}

	@Test
	void heedWhenThereIsNothingToHeedChangesNothing() {
		Budget budget = budget(Limit.perMinute(Dimension.TOKENS, 60_000));
		budget.heed(Caution.NONE);
		take(budget, 2_000);
		assertThat(fits(budget, 58_000)).isTrue();
	}

	private Budget budget(Limit... limits) {
		return new Budget(new BudgetKey("openai", "pool"), List.of(limits),
				new Tariff(CostRule.PLAIN, Booking.ESTIMATE), EngineSettings.DEFAULTS, this.time);
	}

	/** Lets all come back that was taken. */
	private void minute() {
		this.time.advance(TestEngine.BACK);
	}

	private static void take(Budget budget, long tokens) {
		assertThat(fits(budget, tokens)).isTrue();
	}

	private static boolean fits(Budget budget, long tokens) {
		return budget.tryTake(new Entry(Cost.ofTotal(tokens), null));
	}

}
