package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.List;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.CostRule;
import io.github.llmratelimit.CostRule.Formula;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.Priority;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.admission.Waiter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what stays in the books, by how the provider books and by which formula.
 */
class BookingTests extends PoolFixture {

	private Waiter take(long input, long output) {
		return ask(null, Priority.NORMAL, Cost.of(input, output), LONG);
	}

	@ParameterizedTest
	@CsvSource({ "ESTIMATE, 400", "SETTLED, 900", "ACTUAL, 900" })
	void settleWhenLessWasUsedLeavesByBooking(Booking booking, long left) {
		this.booking = booking;
		budget().settle(take(200, 400).entry, Usage.of(40, 60));
		assertThat(remaining(Dimension.TOKENS)).isEqualTo(left);
	}

	@ParameterizedTest
	@EnumSource
	void settleWhenMoreWasUsedTakesTheRest(Booking booking) {
		this.booking = booking;
		budget().settle(take(200, 400).entry, Usage.of(300, 500));
		assertThat(remaining(Dimension.TOKENS)).isEqualTo(200);
	}

	@ParameterizedTest
	@CsvSource({ "ESTIMATE, 400", "SETTLED, 1000", "ACTUAL, 1000" })
	void settleWhenNothingWasUsedLeavesByBooking(Booking booking, long left) {
		this.booking = booking;
		budget().settle(take(200, 400).entry, Usage.of(0, 0));
		assertThat(remaining(Dimension.TOKENS)).isEqualTo(left);
	}

	@ParameterizedTest
	@EnumSource
	void settleWhenNothingWasUsedKeepsTheRequest(Booking booking) {
		this.booking = booking;
		budget().settle(take(200, 400).entry, Usage.of(0, 0));
		assertThat(remaining(Dimension.REQUESTS)).isEqualTo(9);
	}

	@ParameterizedTest
	@EnumSource
	void settleWhenUsageIsAbsurdNeverLeavesMoreThanTheLimit(Booking booking) {
		this.booking = booking;
		budget().settle(take(200, 400).entry, Usage.of(-1000, -1));
		assertThat(remaining(Dimension.TOKENS)).isLessThanOrEqualTo(1000);
		budget().settle(take(1, 1).entry, Usage.of(Long.MAX_VALUE, Long.MAX_VALUE));
		assertThat(remaining(Dimension.TOKENS)).isZero();
		at(BACK.multipliedBy(2));
		assertThat(remaining(Dimension.TOKENS)).isEqualTo(1000);
	}

	@ParameterizedTest
	@EnumSource
	void settleWhenTheWindowHasPassedChangesNothing(Booking booking) {
		this.booking = booking;
		Waiter late = take(200, 400);
		at(BACK);
		take(100, 0);
		budget().settle(late.entry, Usage.of(1000, 1000));
		assertThat(remaining(Dimension.TOKENS)).isEqualTo(900);
	}

	@ParameterizedTest
	@EnumSource
	void giveBackWhenTheWindowHasPassedChangesNothing(Booking booking) {
		this.booking = booking;
		Waiter late = take(200, 400);
		at(BACK);
		take(100, 0);
		budget().giveBack(late.entry);
		assertThat(remaining(Dimension.TOKENS)).isEqualTo(900);
	}

	@Test
	void settleWhenOneOfSeveralWindowsHasPassedCorrectsTheOther() {
		this.booking = Booking.SETTLED;
		Limit hour = new Limit(Dimension.TOKENS, 5000, Duration.ofHours(1), TOKENS.origin());
		this.limits = List.of(TOKENS, hour);
		Waiter late = take(200, 400);
		at(BACK);
		budget().settle(late.entry, Usage.of(100, 0));
		assertThat(budget().status().windows()).extracting((window) -> window.remaining())
			.containsExactly(1000L, 4900L);
	}

	@ParameterizedTest
	@EnumSource
	void endWhenInAnyOrderLeavesTheSum(Booking booking) {
		this.booking = booking;
		Waiter first = take(100, 100);
		at(Duration.ofSeconds(1));
		Waiter second = take(100, 100);
		at(Duration.ofSeconds(2));
		Waiter third = take(100, 100);
		budget().giveBack(third.entry);
		budget().settle(first.entry, Usage.of(150, 100));
		budget().keep(second.entry);
		assertThat(remaining(Dimension.TOKENS)).isEqualTo(1000 - 250 - 200);
	}

	@ParameterizedTest
	@CsvSource({ "SUM, 1, 500", "MAX, 1, 700", "INPUT, 1, 800", "SUM, 5, 0", "MAX, 2, 400", "SUM, 0, 800" })
	void askTakesByTheFormula(Formula formula, double outputWeight, long left) {
		this.rule = new CostRule(formula, outputWeight, 1);
		take(200, (outputWeight == 5) ? 160 : 300);
		assertThat(remaining(Dimension.TOKENS)).isEqualTo(left);
	}

	@ParameterizedTest
	@CsvSource({ "SUM, 1, 1, 850", "MAX, 1, 1, 900", "INPUT, 1, 1, 900", "SUM, 5, 1, 650", "SUM, 1, 0, 910",
			"INPUT, 1, 0.5, 930" })
	void settleTakesByTheFormula(Formula formula, double outputWeight, double cachedWeight, long left) {
		this.booking = Booking.SETTLED;
		this.rule = new CostRule(formula, outputWeight, cachedWeight);
		budget().settle(take(100, 100).entry, new Usage(100, 50, 60));
		assertThat(remaining(Dimension.TOKENS)).isEqualTo(left);
	}

	@Test
	void askWhenTheFormulaMakesItTooLargeIsRefused() {
		this.rule = new CostRule(Formula.SUM, 5, 1);
		assertThat(refusal(take(1, 200)).limit()).isEqualTo(1000);
	}

	@Test
	void askWhenTheFormulaMakesItFitIsGranted() {
		this.rule = new CostRule(Formula.MAX, 1, 1);
		assertThat(isGranted(take(1000, 1000))).isTrue();
	}

	/** Teaches that calls use half of what they may, more or less. */
	private void learn(double error) {
		this.booking = Booking.ACTUAL;
		this.limits = List.of(Limit.perMinute(Dimension.TOKENS, 10_000));
		for (int i = 0; i < 30; i++) {
			Waiter waiter = take(9_000, 0);
			double part = 0.5 + ((i % 2 == 0) ? error : -error);
			budget().settle(waiter.entry, Usage.of((long) (9_000 * part), 0));
			this.time.advance(BACK);
		}
	}

	@Test
	void askWhenActualUsageIsLearnedTakesWhatIsExpected() {
		learn(0);
		take(8000, 0);
		assertThat(remaining(Dimension.TOKENS)).isEqualTo(6000);
	}

	@Test
	void keepWhenActualUsageIsLearnedTakesAllThatMayHaveBeenUsed() {
		learn(0);
		budget().keep(take(8000, 0).entry);
		assertThat(remaining(Dimension.TOKENS)).isEqualTo(2000);
	}

	@Test
	void giveBackWhenActualUsageIsLearnedGivesBackWhatWasTaken() {
		learn(0);
		budget().giveBack(take(8000, 0).entry);
		assertThat(remaining(Dimension.TOKENS)).isEqualTo(10_000);
	}

	@Test
	void settleWhenTheRatioHasChangedMeanwhileLeavesWhatWasUsed() {
		learn(0);
		Waiter early = take(8000, 0);
		budget().settle(take(4000, 0).entry, Usage.of(4000, 0));
		budget().settle(early.entry, Usage.of(3000, 0));
		assertThat(remaining(Dimension.TOKENS)).isEqualTo(3000);
	}

	@Test
	void askWhenUsageIsUncertainNeedsMoreThanIsExpected() {
		learn(0.2);
		take(9000, 0);
		long left = remaining(Dimension.TOKENS);
		assertThat(isGranted(ask(null, Priority.NORMAL, Cost.of(2 * left - 10, 0), Duration.ZERO))).isFalse();
	}

	@Test
	void askWhenHeadroomIsMoreThanThereIsStartsOnceAllIsFree() {
		learn(0.45);
		take(1000, 0);
		Waiter large = take(10_000, 0);
		assertThat(isWaiting(large)).isTrue();
		at(Duration.ofNanos(BACK.toNanos() * 32));
		assertThat(isGranted(large)).isTrue();
	}

}
