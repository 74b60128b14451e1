package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.List;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.LlmRateLimitExceededException.Refusal;
import io.github.llmratelimit.Priority;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.admission.Admission;
import io.github.llmratelimit.engine.admission.Entry;
import io.github.llmratelimit.engine.admission.Waiter;
import io.github.llmratelimit.engine.admission.Waiter.Stopped;
import io.github.llmratelimit.engine.settings.QueueSettings;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what {@link Admission} makes of limits that tenants have of their own.
 */
class TenantLimitTests extends PoolFixture {

	TenantLimitTests() {
		this.tenants = each(Limit.perMinute(Dimension.TOKENS, 300));
	}

	@Test
	void askWhenTenantIsOverItsLimitStartsWhenItsOwnWindowAllows() {
		ask("acme", 300, LONG);
		Waiter waiter = ask("acme", 1, LONG);
		assertThat(nextAlarm()).isEqualTo(BACK_TO_TENANT);
		at(BACK_TO_TENANT.minusNanos(1));
		assertThat(isWaiting(waiter)).isTrue();
		at(BACK_TO_TENANT);
		assertThat(startOf(waiter)).isEqualTo(BACK_TO_TENANT);
	}

	@Test
	void askWhenAnotherTenantIsOverItsLimitStartsAtOnce() {
		ask("acme", 300, LONG);
		ask("acme", Priority.HIGH, 300, LONG);
		assertThat(isGranted(ask("other", 1, Duration.ZERO))).isTrue();
	}

	@Test
	void askWhenManyCallsOfAnotherTenantAreHeldBackStartsAtOnce() {
		ask("acme", 300, LONG);
		for (int i = 0; i < 20; i++) {
			ask("acme", Priority.HIGH, 300, LONG);
		}
		assertThat(isGranted(ask("other", Priority.BATCH, 300, Duration.ZERO))).isTrue();
	}

	@Test
	void askWhenHeldBackCallsFillTheQueueStartsAtOnce() {
		this.queue = new QueueSettings(2, Duration.ofSeconds(30), 0, 0, 1);
		ask("acme", 300, LONG);
		ask("acme", 300, LONG);
		ask("acme", 300, LONG);
		assertThat(isGranted(ask("other", 1, LONG))).isTrue();
	}

	@Test
	void tryTakeWhenAnotherTenantIsOverItsLimitTakes() {
		ask("acme", 300, LONG);
		ask("acme", 300, LONG);
		assertThat(tryTake("other", 1)).isTrue();
	}

	@Test
	void tryTakeWhenTenantHasACallHeldBackDoesNotOvertakeIt() {
		ask("acme", 200, LONG);
		ask("acme", 200, LONG);
		assertThat(tryTake("acme", 1)).isFalse();
	}

	@Test
	void askWhenTenantHasACallHeldBackWaitsBehindIt() {
		ask("acme", 200, LONG);
		Waiter large = ask("acme", 200, LONG);
		Waiter small = ask("acme", 1, LONG);
		assertThat(isWaiting(small)).isTrue();
		at(BACK_TO_TENANT);
		assertThat(startOf(large)).isEqualTo(startOf(small));
	}

	@Test
	void tryTakeWhenTenantIsOverItsLimitTakesNothing() {
		ask("acme", 300, LONG);
		assertThat(tryTake("acme", 1)).isFalse();
		assertThat(remaining(Dimension.TOKENS)).isEqualTo(700);
	}

	@Test
	void tryTakeWhenTakenCountsForItsTenant() {
		assertThat(tryTake("acme", 300)).isTrue();
		assertThat(isGranted(ask("acme", 1, LONG))).isFalse();
	}

	@Test
	void askWhenGrantedAfterAWaitCountsForItsTenant() {
		ask(null, 1000, LONG);
		ask("acme", 300, LONG);
		at(BACK);
		assertThat(tryTake("acme", 1)).isFalse();
		assertThat(tryTake("other", 1)).isTrue();
	}

	@Test
	void askWhenPoolIsSpentTakesNothingOfTheTenant() {
		this.limits = List.of(Limit.perMinute(Dimension.TOKENS, 400));
		ask("other", 300, LONG);
		ask("acme", 200, Duration.ZERO);
		at(BACK);
		assertThat(isGranted(ask("acme", 300, Duration.ZERO))).isTrue();
	}

	@Test
	void askWhenTenantAllowsItOnlyAfterTheDeadlineIsRefusedAsTenantLimit() {
		ask("acme", 300, LONG);
		Duration maxWait = BACK_TO_TENANT.minusNanos(1);
		assertThat(refusal(ask("acme", 7, maxWait))).isEqualTo(
				new Refusal(Reason.TENANT_LIMIT, "model", "acme", Dimension.TOKENS, 300, 7, BACK_TO_TENANT, maxWait));
	}

	@Test
	void askWhenTenantAllowsItAtTheDeadlineWaits() {
		ask("acme", 300, LONG);
		Waiter waiter = ask("acme", 7, BACK_TO_TENANT);
		assertThat(isWaiting(waiter)).isTrue();
		at(BACK_TO_TENANT);
		assertThat(isGranted(waiter)).isTrue();
	}

	@Test
	void askWhenPoolAllowsItOnlyAfterTheDeadlineIsNotRefusedAsTenantLimit() {
		ask(null, 1000, LONG);
		assertThat(refusal(ask("acme", 1, Duration.ofSeconds(1))).reason()).isEqualTo(Reason.WAIT_TOO_LONG);
	}

	@Test
	void askWhenLargerThanTheTenantsLimitIsRefusedAtOnceWithItsLimit() {
		Refusal refusal = refusal(ask("acme", 301, LONG));
		assertThat(refusal.reason()).isEqualTo(Reason.REQUEST_TOO_LARGE);
		assertThat(refusal.limit()).isEqualTo(300);
	}

	@Test
	void askWhenTenantWasIdleWithinItsWindowIsHeldToWhatItTook() {
		Waiter first = ask("acme", 300, LONG);
		budget().keep(first.entry);
		for (int i = 0; i < 20; i++) {
			at(Duration.ofSeconds(i));
			budget().giveBack(ask("passing " + i, 1, LONG).entry);
		}
		assertThat(isWaiting(ask("acme", 1, LONG))).isTrue();
	}

	@Test
	void endWhenGivenBackGivesBackToTheTenantToo() {
		budget().giveBack(ask("acme", 300, LONG).entry);
		assertThat(isGranted(ask("acme", 300, Duration.ZERO))).isTrue();
	}

	@Test
	void endWhenGivenBackOnTheFastPathGivesBackToTheTenantToo() {
		Entry entry = new Entry(Cost.ofTotal(300), "acme");
		budget().tryTake(entry);
		budget().giveBack(entry);
		assertThat(tryTake("acme", 300)).isTrue();
	}

	@Test
	void takeLaterWhenTheTenantWasForgottenMeanwhileHoldsTheCostForIt() {
		Entry late = new Entry(Cost.ofTotal(300), "acme");
		budget().tryTake(late);
		at(Duration.ofMinutes(3));
		for (int i = 0; i < 4; i++) {
			tryTake("passing " + i, 1);
		}
		budget().takeLater(late);
		assertThat(tryTake("acme", 1)).isFalse();
	}

	@Test
	void settleWhenTheTenantWasForgottenMeanwhileTakesNothingOfIt() {
		Entry late = new Entry(Cost.ofTotal(300), "acme");
		budget().tryTake(late);
		at(Duration.ofMinutes(3));
		for (int i = 0; i < 4; i++) {
			tryTake("passing " + i, 1);
		}
		budget().settle(late, Usage.of(600, 0));
		assertThat(tryTake("acme", 300)).isTrue();
	}

	@Test
	void endWhenKeptKeepsWhatTheTenantTook() {
		budget().keep(ask("acme", 300, LONG).entry);
		assertThat(refusal(ask("acme", 1, Duration.ZERO)).reason()).isEqualTo(Reason.TENANT_LIMIT);
	}

	@Test
	void endWhenRefusedGivesBackTheTenantsTokens() {
		budget().giveBackTokens(ask("acme", 300, LONG).entry);
		assertThat(isGranted(ask("acme", 300, Duration.ZERO))).isTrue();
	}

	@Test
	void endWhenRefusedKeepsTheTenantsRequest() {
		this.tenants = each(Limit.perMinute(Dimension.REQUESTS, 1));
		budget().giveBackTokens(ask("acme", 300, LONG).entry);
		assertThat(refusal(ask("acme", 1, Duration.ZERO)).reason()).isEqualTo(Reason.TENANT_LIMIT);
	}

	@Test
	void endWhenSettledBelowTheEstimateLetsTheTenantsNextCallStart() {
		this.booking = Booking.SETTLED;
		Waiter first = ask("acme", 300, LONG);
		Waiter next = ask("acme", 200, LONG);
		settle(first, 100);
		assertThat(startOf(next)).isZero();
	}

	@Test
	void endWhenSettledAboveTheEstimateCountsForTheTenant() {
		settle(ask("acme", 100, LONG), 250);
		assertThat(refusal(ask("acme", 51, Duration.ZERO)).reason()).isEqualTo(Reason.TENANT_LIMIT);
	}

	@Test
	void askWhenAnotherTenantMayRunOneCallIsNotHeldBack() {
		this.tenants = only("acme", concurrent(1));
		ask("acme", 1, LONG);
		ask("acme", 1, LONG);
		assertThat(isGranted(ask("other", 1, Duration.ZERO))).isTrue();
	}

	@Test
	void endWhenTenantMayRunOneCallLetsItsNextStartAtThatInstant() {
		this.tenants = only("acme", concurrent(1));
		Waiter first = ask("acme", 1, LONG);
		Waiter next = ask("acme", 1, LONG);
		at(Duration.ofSeconds(7));
		budget().keep(first.entry);
		assertThat(startOf(next)).isEqualTo(Duration.ofSeconds(7));
	}

	@Test
	void drainWhenTenantMayRunOneCallAndItGoesOnRefusesTheNextAtItsDeadline() {
		this.tenants = only("acme", concurrent(1));
		ask("acme", 1, LONG);
		Waiter next = ask("acme", 1, Duration.ofSeconds(5));
		assertThat(nextAlarm()).isEqualTo(Duration.ofSeconds(5));
		at(Duration.ofSeconds(5));
		assertThat(refusal(next).reason()).isEqualTo(Reason.TENANT_LIMIT);
		assertThat(refusal(next).dimension()).isEqualTo(Dimension.CONCURRENT);
	}

	@Test
	void askWhenTenantHasNoLimitsOfItsOwnIsHeldBackByThePoolOnly() {
		this.tenants = only("acme", Limit.perMinute(Dimension.TOKENS, 300));
		assertThat(isGranted(ask("other", 1000, Duration.ZERO))).isTrue();
	}

	@Test
	void stopWhenACallIsHeldBackTellsIt() {
		ask("acme", 300, LONG);
		Waiter waiter = ask("acme", 1, LONG);
		budget().stop();
		assertThat(waiter.answer()).isEqualTo(new Stopped());
	}

	@Test
	void exhaustedWhenACallIsHeldBackRefusesIt() {
		ask("acme", 300, LONG);
		Waiter waiter = ask("acme", 1, LONG);
		budget().exhausted(null);
		assertThat(refusal(waiter).reason()).isEqualTo(Reason.QUOTA_EXHAUSTED);
	}

	@Test
	void askWhenACallBehindAnotherIsHeldBackByItsTenantDoesNotCountIt() {
		this.queue = new QueueSettings(1000, Duration.ofSeconds(30), 1, 0, 1);
		ask("acme", 300, LONG);
		ask(null, 500, LONG);
		ask("other", 300, LONG);
		ask("acme", 1, LONG);
		assertThat(isGranted(ask("third", 200, LONG))).as("the one call that may pass").isTrue();
	}

	@Test
	void forecastWhenAnotherTenantIsHeldBackDoesNotCountItsCalls() {
		ask("acme", 300, LONG);
		ask("acme", Priority.HIGH, 300, LONG);
		ask(null, 700, LONG);
		Waiter waiter = ask("third", 1, BACK);
		at(BACK);
		assertThat(startOf(waiter)).isEqualTo(BACK);
	}

}
