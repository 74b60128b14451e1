package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.List;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.CostRule;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.admission.Entry;
import io.github.llmratelimit.engine.ledger.LearningPolicy;
import io.github.llmratelimit.engine.ledger.Tariff;
import io.github.llmratelimit.engine.settings.EngineSettings;
import io.github.llmratelimit.engine.settings.LearningSettings;
import io.github.llmratelimit.learning.UsageSpread;
import io.github.llmratelimit.provider.DialectTraits;
import io.github.llmratelimit.time.FakeTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for budgets whose calls must not be refused. Calls of 1,000 tokens take 400 or
 * 600 of them: 500 in the mean, with a deviation of 100.
 */
class StrictTests {

	private static final long LIMIT = 100_000;

	private final FakeTime time = new FakeTime();

	private Booking booking = Booking.ACTUAL;

	private Budget budget;

	@Test
	void tryTakeWhenNoRefusalIsAcceptableKeepsFiveDeviationsAndMoreFree() {
		learn(true);
		long kept = (long) (remainingWhenFull() / UsageSpread.STRICT_DEVIATIONS);
		assertThat(kept).isBetween(deviation(), deviation() + 200);
	}

	@Test
	void tryTakeWhenRefusalsAreAcceptableKeepsAboutHalfOfThatFree() {
		learn(false);
		long kept = (long) (remainingWhenFull() / UsageSpread.NORMAL_DEVIATIONS);
		assertThat(kept).isBetween(deviation(), deviation() + 200);
	}

	@ParameterizedTest
	@EnumSource(names = { "ESTIMATE", "SETTLED" })
	void tryTakeWhenEstimatesCountTakesAll(Booking other) {
		this.booking = other;
		learn(true);
		assertThat(remainingWhenFull()).isZero();
	}

	/** Fills the limit; what is left is kept for calls that take more than expected. */
	private long remainingWhenFull() {
		while (this.budget.tryTake(call())) {
			assertThat(remaining()).isNotNegative();
		}
		return remaining();
	}

	/**
	 * Of all that is in flight when the limit is full, nearly 200 calls, whose mean is
	 * known from what 924 calls would tell.
	 */
	private long deviation() {
		long calls = (LIMIT - remaining()) / 500;
		return (long) (100 * Math.sqrt(calls + calls * calls / 924.0));
	}

	private void learn(boolean strict) {
		LearningPolicy policy = new LearningPolicy(LearningSettings.ALL, 1, DialectTraits.CAUTIOUS, this.booking,
				strict);
		this.budget = new Budget(new BudgetKey("anthropic", "pool"), List.of(Limit.perMinute(Dimension.TOKENS, LIMIT)),
				new Tariff(CostRule.PLAIN, this.booking, policy), EngineSettings.DEFAULTS, this.time);
		for (int i = 0; i < 1000; i++) {
			Entry entry = call();
			assertThat(this.budget.tryTake(entry)).isTrue();
			this.budget.settle(entry, Usage.of((i % 2 == 0) ? 400 : 600, 0));
			this.time.advance(Duration.ofSeconds(1));
		}
		this.time.advance(Duration.ofMinutes(2));
	}

	private static Entry call() {
		return new Entry(Cost.ofTotal(1000), null);
	}

	private long remaining() {
		return this.budget.status().windows().get(0).remaining();
	}

}
