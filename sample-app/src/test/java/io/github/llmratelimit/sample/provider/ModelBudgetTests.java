package io.github.llmratelimit.sample.provider;

import java.time.Duration;

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

	private final ModelBudget budget = budget(3, 1_000, false);

	@Test
	void arriveWhenItFitsAdmitsAndTellsWhatIsLeft() {
		this.budget.arrive(300);
		this.ticker.advance(Duration.ofSeconds(10));
		Verdict verdict = this.budget.arrive(200);
		assertThat(verdict.outcome()).isEqualTo(Outcome.ADMITTED);
		assertThat(verdict.requests()).isEqualTo(new Level(3, 2, WINDOW));
		assertThat(verdict.tokens()).isEqualTo(new Level(1_000, 500, WINDOW));
		assertThat(verdict.tokens().remaining()).isEqualTo(500);
	}

	@Test
	void arriveWhenTokensAreSpentRefusesUntilTheyReturn() {
		this.budget.arrive(600);
		this.ticker.advance(Duration.ofSeconds(10));
		Verdict verdict = this.budget.arrive(500);
		assertThat(verdict.outcome()).isEqualTo(Outcome.TOKENS);
		assertThat(verdict.retryAfter()).isEqualTo(Duration.ofSeconds(50));
		this.ticker.advance(verdict.retryAfter());
		assertThat(this.budget.arrive(500).outcome()).isEqualTo(Outcome.ADMITTED);
	}

	@Test
	void arriveWhenRequestsAreSpentRefusesUntilTheyReturn() {
		for (int i = 0; i < 3; i++) {
			this.budget.arrive(1);
			this.ticker.advance(Duration.ofSeconds(5));
		}
		Verdict verdict = this.budget.arrive(1);
		assertThat(verdict.outcome()).isEqualTo(Outcome.REQUESTS);
		assertThat(verdict.retryAfter()).isEqualTo(Duration.ofSeconds(45));
	}

	@Test
	void arriveWhenBothAreSpentNamesTheOneThatTakesLonger() {
		this.budget.arrive(1);
		this.budget.arrive(1);
		this.ticker.advance(Duration.ofSeconds(5));
		this.budget.arrive(998);
		assertThat(this.budget.arrive(500).outcome()).isEqualTo(Outcome.TOKENS);
	}

	@Test
	void arriveWhenRefusedChargesNothing() {
		this.budget.arrive(600);
		this.budget.arrive(500);
		Verdict verdict = this.budget.arrive(400);
		assertThat(verdict.outcome()).isEqualTo(Outcome.ADMITTED);
		assertThat(verdict.requests().used()).isEqualTo(2);
	}

	@Test
	void arriveWhenRefusedTakesRequestChargesARequestAndNoTokens() {
		ModelBudget budget = budget(3, 1_000, true);
		budget.arrive(600);
		budget.arrive(500);
		Verdict verdict = budget.arrive(400);
		assertThat(verdict.outcome()).isEqualTo(Outcome.ADMITTED);
		assertThat(verdict.requests().used()).isEqualTo(3);
		assertThat(verdict.tokens().used()).isEqualTo(1_000);
	}

	@Test
	void arriveWhenItNeverFitsSaysSoAndTakesNoRequest() {
		Verdict verdict = this.budget.arrive(1_001);
		assertThat(verdict.outcome()).isEqualTo(Outcome.TOO_LARGE);
		assertThat(verdict.requests().used()).isZero();
	}

	@Test
	void statsCountsEachOutcome() {
		this.budget.arrive(600);
		this.budget.arrive(500);
		this.budget.arrive(1_001);
		this.budget.arrive(1);
		this.budget.arrive(1);
		this.budget.arrive(1);
		ProviderStats.ModelStats stats = this.budget.stats();
		assertThat(stats).isEqualTo(new ProviderStats.ModelStats(3, 1_000, 6, 3, 1, 1, 1, 602, 602, 602, 3));
		assertThat(stats.refused()).isEqualTo(3);
	}

	private ModelBudget budget(long requests, long tokens, boolean refusedTakesRequest) {
		long window = WINDOW.toNanos();
		return new ModelBudget(this.ticker, new RollingWindow(requests, window), new RollingWindow(tokens, window),
				new AdmissionLog(window), refusedTakesRequest);
	}

}
