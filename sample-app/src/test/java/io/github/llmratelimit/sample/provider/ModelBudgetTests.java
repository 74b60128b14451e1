package io.github.llmratelimit.sample.provider;

import java.time.Duration;
import java.util.List;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.sample.provider.ChatCall.Streamed;
import io.github.llmratelimit.sample.provider.ProviderProperties.Limits;
import io.github.llmratelimit.sample.provider.Verdict.Level;
import io.github.llmratelimit.sample.provider.Verdict.Outcome;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ModelBudget}.
 */
class ModelBudgetTests {

	private static final Duration WINDOW = Duration.ofMinutes(1);

	private final ManualTicker ticker = new ManualTicker();

	private final ModelBudget budget = budget(Enforcement.ROLLING);

	@Test
	void arriveWhenItFitsAdmitsAndTellsWhatIsLeft() {
		arrive(300);
		this.ticker.advance(Duration.ofSeconds(10));
		Verdict verdict = arrive(200);
		assertThat(verdict.outcome()).isEqualTo(Outcome.ADMITTED);
		assertThat(verdict.level(Meter.REQUESTS)).isEqualTo(new Level(3, 2, WINDOW, WINDOW));
		assertThat(verdict.level(Meter.TOKENS)).isEqualTo(new Level(1_000, 500, WINDOW, WINDOW));
		assertThat(verdict.level(Meter.TOKENS).remaining()).isEqualTo(500);
	}

	@Test
	void arriveWhenTokensAreSpentRefusesUntilTheyReturn() {
		arrive(600);
		this.ticker.advance(Duration.ofSeconds(10));
		Verdict verdict = arrive(500);
		assertThat(verdict.meter()).isEqualTo(Meter.TOKENS);
		assertThat(verdict.retryAfter()).isEqualTo(Duration.ofSeconds(50));
		this.ticker.advance(verdict.retryAfter());
		assertThat(arrive(500).outcome()).isEqualTo(Outcome.ADMITTED);
	}

	@Test
	void arriveWhenRequestsAreSpentRefusesUntilTheyReturn() {
		for (int i = 0; i < 3; i++) {
			arrive(1);
			this.ticker.advance(Duration.ofSeconds(5));
		}
		Verdict verdict = arrive(1);
		assertThat(verdict.meter()).isEqualTo(Meter.REQUESTS);
		assertThat(verdict.retryAfter()).isEqualTo(Duration.ofSeconds(45));
	}

	@Test
	void arriveWhenBothAreSpentNamesTheOneThatTakesLonger() {
		arrive(1);
		arrive(1);
		this.ticker.advance(Duration.ofSeconds(5));
		arrive(998);
		assertThat(arrive(500).meter()).isEqualTo(Meter.TOKENS);
	}

	@Test
	void arriveWhenRefusedChargesNothing() {
		arrive(600);
		arrive(500);
		Verdict verdict = arrive(400);
		assertThat(verdict.outcome()).isEqualTo(Outcome.ADMITTED);
		assertThat(verdict.level(Meter.REQUESTS).used()).isEqualTo(2);
	}

	@Test
	void arriveWhenRefusedTakesRequestChargesARequestAndNoTokens() {
		ModelBudget budget = budget(Enforcement.ROLLING_REFUSALS_COUNT);
		arrive(budget, 600);
		arrive(budget, 500);
		Verdict verdict = arrive(budget, 400);
		assertThat(verdict.outcome()).isEqualTo(Outcome.ADMITTED);
		assertThat(verdict.level(Meter.REQUESTS).used()).isEqualTo(3);
		assertThat(verdict.level(Meter.TOKENS).used()).isEqualTo(1_000);
	}

	@Test
	void arriveWhenItNeverFitsSaysSoAndTakesNoRequest() {
		Verdict verdict = arrive(1_001);
		assertThat(verdict.outcome()).isEqualTo(Outcome.TOO_LARGE);
		assertThat(verdict.level(Meter.REQUESTS).used()).isZero();
	}

	@Test
	void statsCountsEachOutcome() {
		arrive(600);
		arrive(500);
		arrive(1_001);
		arrive(1);
		arrive(1);
		arrive(1);
		ProviderStats.ModelStats stats = this.budget.stats();
		assertThat(stats).isEqualTo(new ProviderStats.ModelStats(3, 1_000, 6, 3, 1, 1, 1, 602, 602, 602, 3));
		assertThat(stats.refused()).isEqualTo(3);
	}

	@Test
	void behaveWhenLimitsAreLoweredKeepsWhatIsInUse() {
		arrive(600);
		this.budget.behave(new Behaviour(DialectName.OPENAI, Enforcement.ROLLING, null, RetryAfter.USUAL,
				HeaderLie.CONFIGURED, 0.5, 0, false));
		Verdict verdict = arrive(100);
		assertThat(verdict.outcome()).isEqualTo(Outcome.REFUSED);
		assertThat(verdict.level(Meter.TOKENS).limit()).isEqualTo(500);
		assertThat(verdict.level(Meter.TOKENS).remaining()).isZero();
		assertThat(verdict.told(Meter.TOKENS).limit()).isEqualTo(1_000);
		assertThat(verdict.told(Meter.TOKENS).remaining()).isEqualTo(400);
	}

	@Test
	void behaveWhenTheEnforcementChangesBeginsAnew() {
		arrive(600);
		this.budget.behave(Behaviours.honest(DialectName.OPENAI, Enforcement.BUCKET, Booking.ESTIMATE));
		assertThat(arrive(1_000).outcome()).isEqualTo(Outcome.ADMITTED);
	}

	private Verdict arrive(long tokens) {
		return arrive(this.budget, tokens);
	}

	private static Verdict arrive(ModelBudget budget, long tokens) {
		return budget.arrive(new ChatCall("m", List.of(), 0, (int) tokens, Streamed.NO)).verdict();
	}

	private ModelBudget budget(Enforcement enforcement) {
		return new ModelBudget(this.ticker, new Limits(3, 1_000, null, null), WINDOW,
				Behaviours.honest(DialectName.OPENAI, enforcement, Booking.ESTIMATE));
	}

}
