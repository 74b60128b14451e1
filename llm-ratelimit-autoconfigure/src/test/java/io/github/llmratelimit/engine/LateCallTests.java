package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.List;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.CostRule;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.engine.admission.Entry;
import io.github.llmratelimit.engine.ledger.Tariff;
import io.github.llmratelimit.engine.settings.EngineSettings;
import io.github.llmratelimit.time.FakeTime;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of calls that leave later than they were admitted.
 */
class LateCallTests {

	private static final Cost COST = Cost.ofTotal(100);

	private final Entry entry = new Entry(COST, null);

	private final FakeTime time = new FakeTime();

	private final Budget budget = new Budget(new BudgetKey("openai", "gpt-4o"),
			List.of(Limit.perMinute(Dimension.TOKENS, 100)), new Tariff(CostRule.PLAIN, Booking.ESTIMATE),
			EngineSettings.DEFAULTS, this.time);

	@Test
	void takeLaterWhenCallLeavesLateHoldsItsCostFromThen() {
		this.budget.tryTake(this.entry);
		Duration onTime = this.budget.forecast(CallRequest.of(COST)).waitTime();
		this.time.advance(Duration.ofSeconds(3));
		this.budget.takeLater(this.entry);
		assertThat(this.budget.forecast(CallRequest.of(COST)).waitTime()).isEqualTo(onTime);
	}

	@Test
	void takeLaterWhenWindowHasPassedTakesTheCostAgain() {
		this.budget.tryTake(this.entry);
		this.time.advance(Duration.ofMinutes(2));
		this.budget.takeLater(this.entry);
		assertThat(this.budget.status().windows().get(0).remaining()).isZero();
	}

	@Test
	void giveBackWhenCallLeftLateGivesBackAll() {
		this.budget.tryTake(this.entry);
		this.time.advance(Duration.ofSeconds(3));
		this.budget.takeLater(this.entry);
		this.budget.giveBack(this.entry);
		assertThat(this.budget.status().windows().get(0).remaining()).isEqualTo(100);
	}

}
