package io.github.llmratelimit.engine.admission;

import java.time.Duration;
import java.util.List;

import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Forecast;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.LimiterStatus.State;
import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.LlmRateLimitExceededException.Refusal;
import io.github.llmratelimit.engine.admission.Pauses.Pause;
import io.github.llmratelimit.engine.admission.Waiter.Granted;
import io.github.llmratelimit.engine.admission.Waiter.Stopped;
import io.github.llmratelimit.time.Ticks;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Admission}: which answer, and when.
 */
class AdmissionTests extends AdmissionFixture {

	@Test
	void askWhenItFitsIsGrantedAtOnce() {
		assertThat(ask(1000, Duration.ZERO).answer()).isEqualTo(new Granted(START));
	}

	@Test
	void askWhenBudgetIsSpentWaits() {
		ask(1000, LONG);
		assertThat(ask(1, LONG).answer()).isNull();
	}

	@Test
	void drainWhenBudgetIsSpentSaysWhenItComesBack() {
		ask(1000, LONG);
		ask(1, LONG);
		assertThat(this.admission.drain(this.now) - START).isEqualTo(BACK.toNanos());
	}

	@Test
	void drainWhenBudgetHasJustNotComeBackGrantsNothing() {
		ask(1000, LONG);
		Waiter waiter = ask(1, LONG);
		drainAt(BACK.minusNanos(1));
		assertThat(waiter.answer()).isNull();
	}

	@Test
	void drainWhenBudgetComesBackGrants() {
		ask(1000, LONG);
		Waiter waiter = ask(1, LONG);
		drainAt(BACK);
		assertThat(waiter.answer()).isEqualTo(new Granted(START + BACK.toNanos()));
	}

	@Test
	void drainWhenNobodyWaitsHasNothingToComeBackFor() {
		ask(1000, LONG);
		assertThat(this.admission.drain(this.now) - this.now).isEqualTo(Ticks.FOREVER_NANOS);
	}

	@Test
	void drainWhenAllFitGrantsInOrderOfArrival() {
		ask(1000, LONG);
		Waiter first = ask(500, LONG);
		Waiter second = ask(500, LONG);
		this.admission.answered().clear();
		drainAt(BACK);
		assertThat(this.admission.answered()).containsExactly(first, second);
	}

	@Test
	void drainWhenHeadDoesNotFitLetsNobodyPass() {
		ask(100, LONG);
		at(Duration.ofSeconds(10));
		ask(900, LONG);
		ask(1000, LONG);
		Waiter small = ask(1, LONG);
		drainAt(BACK);
		assertThat(small.answer()).isNull();
	}

	@Test
	void tryTakeWhenSomebodyWaitsDoesNotOvertake() {
		ask(500, LONG);
		ask(1000, LONG);
		assertThat(this.admission.tryTake(entry(1), this.now)).isFalse();
	}

	@Test
	void askWhenLargerThanTheLimitIsRefusedWithBothNumbers() {
		assertThat(refusal(ask(1001, LONG))).isEqualTo(
				new Refusal(Reason.REQUEST_TOO_LARGE, "model", "tenant", Dimension.TOKENS, 1000, 1001, null, LONG));
	}

	@Test
	void askWhenForecastIsBeyondTheDeadlineIsRefusedWithTheForecast() {
		ask(1000, LONG);
		Duration maxWait = BACK.minusNanos(1);
		assertThat(refusal(ask(7, maxWait)))
			.isEqualTo(new Refusal(Reason.WAIT_TOO_LONG, "model", "tenant", Dimension.TOKENS, 1000, 7, BACK, maxWait));
	}

	@Test
	void askWhenForecastIsTheDeadlineWaits() {
		ask(1000, LONG);
		assertThat(ask(1, BACK).answer()).isNull();
	}

	@Test
	void askWhenItMayNotWaitIsRefusedAtOnce() {
		ask(1000, LONG);
		assertThat(refusal(ask(1, Duration.ZERO)).reason()).isEqualTo(Reason.WAIT_TOO_LONG);
	}

	@Test
	void askWhenRefusedTakesNothing() {
		ask(400, LONG);
		ask(700, Duration.ZERO);
		assertThat(remaining(TOKENS)).isEqualTo(600);
		assertThat(remaining(REQUESTS)).isEqualTo(9);
	}

	@Test
	void askWhenOneDimensionIsSpentTakesNothingOfTheOther() {
		for (int i = 0; i < 10; i++) {
			ask(1, LONG);
		}
		ask(100, LONG);
		assertThat(remaining(TOKENS)).isEqualTo(990);
	}

	@Test
	void askWhenQueueIsFullIsRefusedWithItsCapacity() {
		ask(1000, LONG);
		ask(1, LONG);
		ask(1, LONG);
		ask(1, LONG);
		assertThat(refusal(ask(1, LONG)))
			.isEqualTo(new Refusal(Reason.QUEUE_FULL, "model", "tenant", null, 3, 1, null, LONG));
	}

	@Test
	void askWhenADayIsSpentIsRefusedAsDayLimit() {
		Limit day = new Limit(Dimension.REQUESTS, 1, Duration.ofDays(1), LimitOrigin.CONFIGURED);
		Admission daily = admission(List.of(day));
		daily.ask(waiter(1, LONG), this.now);
		Waiter waiter = waiter(1, LONG);
		daily.ask(waiter, this.now);
		assertThat(refusal(waiter).reason()).isEqualTo(Reason.DAY_LIMIT);
	}

	@Test
	void drainWhenDeadlinePassesRefuses() {
		ask(500, LONG);
		at(Duration.ofSeconds(1));
		Waiter head = ask(600, LONG);
		Waiter behind = ask(500, BACK);
		this.admission.take(entry(500), this.now);
		drainAt(Duration.ofSeconds(1).plus(BACK));
		assertThat(head.answer()).isInstanceOf(Granted.class);
		assertThat(refusal(behind).reason()).isEqualTo(Reason.WAIT_TOO_LONG);
	}

	@Test
	void leaveWhenWaitingLetsTheNextStart() {
		ask(500, LONG);
		Waiter large = ask(1000, LONG);
		Waiter small = ask(500, LONG);
		this.admission.leave(large, this.now);
		this.admission.drain(this.now);
		assertThat(large.answer()).isNull();
		assertThat(small.answer()).isInstanceOf(Granted.class);
	}

	@Test
	void forecastWhenOthersWaitCountsThem() {
		ask(1000, LONG);
		ask(600, LONG);
		ask(600, LONG);
		Forecast forecast = forecast(600);
		assertThat(forecast).isEqualTo(new Forecast(BACK.multipliedBy(3), Dimension.TOKENS, 2));
	}

	@Test
	void forecastWhenItFitsIsImmediate() {
		assertThat(forecast(1)).isEqualTo(new Forecast(Duration.ZERO, null, 0));
	}

	@Test
	void forecastWhenAWaiterHasLeftDoesNotCountIt() {
		ask(1000, LONG);
		Waiter leaving = ask(1000, LONG);
		forecast(1000);
		this.admission.leave(leaving, this.now);
		assertThat(forecast(1000).waitTime()).isEqualTo(BACK);
	}

	@Test
	void forecastWhenAWaiterCannotStartInTimeDoesNotCountIt() {
		ask(1000, LONG);
		ask(500, LONG);
		ask(600, BACK.multipliedBy(2));
		this.admission.pause(List.of(), new Pause(START + BACK.multipliedBy(2).toNanos(), Reason.PAUSED, null));
		// the second starts after the pause, the third would have to wait for it
		assertThat(forecast(500).waitTime()).isEqualTo(BACK.multipliedBy(2));
	}

	@Test
	void forecastWhenACallStartedLateCountsFromThen() {
		ask(1000, LONG);
		ask(1000, LONG);
		ask(1000, LONG);
		Duration late = BACK.plusSeconds(5);
		drainAt(late);
		assertThat(forecast(1000).waitTime()).isEqualTo(BACK.multipliedBy(2));
	}

	@Test
	void changeLimitWhenLoweredRefusesWhatNoLongerFitsWhereverItWaits() {
		ask(1000, LONG);
		ask(100, LONG);
		Waiter large = ask(600, LONG);
		changeLimit(500);
		assertThat(refusal(large)).isEqualTo(
				new Refusal(Reason.REQUEST_TOO_LARGE, "model", "tenant", Dimension.TOKENS, 500, 600, null, LONG));
	}

	@Test
	void changeLimitWhenLoweredLetsNothingStartUntilItFits() {
		ask(400, LONG);
		at(Duration.ofSeconds(10));
		ask(400, LONG);
		changeLimit(500);
		Waiter waiter = ask(101, LONG);
		drainAt(BACK.minusNanos(1));
		assertThat(waiter.answer()).isNull();
		assertThat(this.admission.drain(this.now) - START).isEqualTo(BACK.plusSeconds(10).toNanos());
	}

	@Test
	void changeLimitWhenRaisedLetsWaitersStart() {
		ask(1000, LONG);
		Waiter waiter = ask(500, LONG);
		changeLimit(1500);
		this.admission.drain(this.now);
		assertThat(waiter.answer()).isInstanceOf(Granted.class);
	}

	@Test
	void askWhenRepeatedKeepsItsPlace() {
		Waiter first = ask(1000, LONG);
		Waiter second = ask(600, LONG);
		Waiter third = ask(600, LONG);
		Waiter repeated = waiter(600, true, first.arrival, LONG);
		this.admission.ask(repeated, this.now);
		drainAt(BACK);
		assertThat(repeated.answer()).isInstanceOf(Granted.class);
		assertThat(second.answer()).isNull();
		assertThat(third.answer()).isNull();
	}

	@Test
	void askWhenRepeatedAndQueueIsFullWaits() {
		ask(1000, LONG);
		ask(1, LONG);
		ask(1, LONG);
		ask(1, LONG);
		Waiter repeated = waiter(1, true, 0, LONG);
		this.admission.ask(repeated, this.now);
		assertThat(repeated.answer()).isNull();
	}

	@Test
	void askLaterWhenDelayIsOverAsks() {
		Waiter waiter = waiter(1, LONG);
		this.admission.askLater(waiter, START + 1000, this.now);
		assertThat(this.admission.drain(this.now) - START).isEqualTo(1000);
		drainAt(Duration.ofNanos(1000));
		assertThat(waiter.answer()).isEqualTo(new Granted(START + 1000));
	}

	@Test
	void askLaterWhenDelayedIsInNobodysWay() {
		this.admission.askLater(waiter(1000, LONG), START + 1000, this.now);
		assertThat(ask(1000, LONG).answer()).isInstanceOf(Granted.class);
	}

	@Test
	void askLaterWhenRepeatedJoinsAtItsPlace() {
		Waiter first = ask(1000, LONG);
		Waiter second = ask(600, LONG);
		Waiter repeated = waiter(600, true, first.arrival, LONG);
		this.admission.askLater(repeated, START + BACK.toNanos(), this.now);
		drainAt(BACK);
		assertThat(repeated.answer()).isInstanceOf(Granted.class);
		assertThat(second.answer()).isNull();
	}

	@Test
	void askLaterWhenDelayIsBeyondTheDeadlineIsRefusedAtOnce() {
		Waiter waiter = waiter(1, Duration.ofSeconds(5));
		this.admission.askLater(waiter, START + Duration.ofSeconds(6).toNanos(), this.now);
		assertThat(refusal(waiter)).isEqualTo(new Refusal(Reason.WAIT_TOO_LONG, "model", "tenant", null, 0, 1,
				Duration.ofSeconds(6), Duration.ofSeconds(5)));
	}

	@Test
	void leaveWhenDelayedNeverAsks() {
		Waiter waiter = waiter(1, LONG);
		this.admission.askLater(waiter, START + 1000, this.now);
		this.admission.leave(waiter, this.now);
		drainAt(LONG);
		assertThat(waiter.answer()).isNull();
		assertThat(remaining(REQUESTS)).isEqualTo(10);
	}

	@Test
	void stateWhenSomebodyWaitsIsQueueing() {
		assertThat(this.admission.state(this.now)).isEqualTo(State.OK);
		ask(1000, LONG);
		ask(1, LONG);
		assertThat(this.admission.state(this.now)).isEqualTo(State.QUEUEING);
	}

	@Test
	void stopAnswersAllThatWait() {
		ask(1000, LONG);
		Waiter waiter = ask(1, LONG);
		this.admission.stop();
		this.admission.drain(this.now);
		assertThat(waiter.answer()).isEqualTo(new Stopped());
	}

	@Test
	void stopAnswersAllThatAreDelayed() {
		Waiter waiter = waiter(1, LONG);
		this.admission.askLater(waiter, START + 1000, this.now);
		this.admission.stop();
		this.admission.drain(this.now);
		assertThat(waiter.answer()).isEqualTo(new Stopped());
	}

	@Test
	void askWhenStoppedIsAnsweredAtOnce() {
		this.admission.stop();
		assertThat(ask(1, LONG).answer()).isEqualTo(new Stopped());
		assertThat(this.admission.tryTake(entry(1), this.now)).isFalse();
	}

}
