package io.github.llmratelimit.engine.admission;

import java.time.Duration;
import java.util.List;

import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.LimiterStatus.State;
import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.LlmRateLimitExceededException.Refusal;
import io.github.llmratelimit.engine.admission.Pauses.Pause;
import io.github.llmratelimit.engine.admission.Waiter.Granted;
import io.github.llmratelimit.engine.admission.Waiter.Refused;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what {@link Admission} makes of a provider's refusals.
 */
class AdmissionPauseTests extends AdmissionFixture {

	private final Throwable cause = new IllegalStateException("429");

	@Test
	void askWhenPausedWaitsForTheEnd() {
		pause(Duration.ofSeconds(5));
		Waiter waiter = ask(1, LONG);
		assertThat(this.admission.drain(this.now) - START).isEqualTo(Duration.ofSeconds(5).toNanos());
		drainAt(Duration.ofSeconds(5));
		assertThat(waiter.answer()).isInstanceOf(Granted.class);
	}

	@Test
	void askWhenPausedBeyondTheDeadlineIsRefusedWithTheCause() {
		pause(Duration.ofSeconds(5));
		Waiter waiter = ask(1, Duration.ofSeconds(4));
		assertThat(refusal(waiter)).isEqualTo(new Refusal(Reason.PAUSED, "model", "tenant", null, 0, 1,
				Duration.ofSeconds(5), Duration.ofSeconds(4)));
		assertThat(((Refused) waiter.answer()).cause()).isSameAs(this.cause);
	}

	@Test
	void askWhenPausedForADayIsRefusedAsDayLimit() {
		this.admission.pause(List.of(), new Pause(START + 1000, Reason.DAY_LIMIT, this.cause));
		assertThat(refusal(ask(1, Duration.ZERO)).reason()).isEqualTo(Reason.DAY_LIMIT);
	}

	@Test
	void askWhenPausedAndBudgetIsTheLongerWaitIsRefusedAsTooLong() {
		ask(1000, LONG);
		pause(Duration.ofSeconds(5));
		Waiter waiter = ask(1, Duration.ofSeconds(30));
		assertThat(refusal(waiter).reason()).isEqualTo(Reason.WAIT_TOO_LONG);
		assertThat(refusal(waiter).retryAfter()).isEqualTo(BACK);
	}

	@Test
	void pauseWhenCallsWaitRefusesThoseThatCannotStartAfterIt() {
		ask(1000, LONG);
		Waiter patient = ask(1, LONG);
		Waiter hasty = ask(1, BACK);
		pause(BACK.plusSeconds(1));
		this.admission.drain(this.now);
		drainAt(BACK);
		assertThat(patient.answer()).isNull();
		assertThat(refusal(hasty).reason()).isEqualTo(Reason.PAUSED);
	}

	@Test
	void pauseWhenOverLetsWaitersStartInOrderAsFarAsBudgetGoes() {
		pause(Duration.ofSeconds(5));
		Waiter first = ask(600, LONG);
		Waiter second = ask(600, LONG);
		drainAt(Duration.ofSeconds(5));
		assertThat(first.answer()).isInstanceOf(Granted.class);
		assertThat(second.answer()).isNull();
		assertThat(this.admission.drain(this.now) - START).isEqualTo(BACK.plusSeconds(5).toNanos());
	}

	@Test
	void tryTakeWhenPausedTakesNothing() {
		pause(Duration.ofSeconds(5));
		assertThat(this.admission.tryTake(entry(1), this.now)).isFalse();
	}

	@Test
	void tryTakeWhenOnlyTokensArePausedAndNoneAreNeededTakes() {
		this.admission.pause(List.of(Dimension.TOKENS), new Pause(START + 1000, Reason.PAUSED, null));
		assertThat(this.admission.tryTake(new Entry(Cost.of(0, 0), null), this.now)).isTrue();
	}

	@Test
	void forecastWhenPausedIsItsEnd() {
		pause(Duration.ofSeconds(5));
		assertThat(forecast(1).waitTime()).isEqualTo(Duration.ofSeconds(5));
	}

	@Test
	void stateWhenPausedIsPausedUntilTheEnd() {
		pause(Duration.ofSeconds(5));
		assertThat(this.admission.state(this.now)).isEqualTo(State.PAUSED);
		at(Duration.ofSeconds(5));
		assertThat(this.admission.state(this.now)).isEqualTo(State.OK);
	}

	private void pause(Duration duration) {
		this.admission.pause(List.of(), new Pause(START + duration.toNanos(), Reason.PAUSED, this.cause));
	}

	@Test
	void exhaustedRefusesAllThatWaitWithTheCause() {
		ask(1000, LONG);
		Waiter waiter = ask(1, LONG);
		Throwable cause = new IllegalStateException("insufficient_quota");
		this.admission.trouble().exhaustion().begin(cause, this.now);
		this.admission.drain(this.now);
		assertThat(refusal(waiter)).isEqualTo(
				new Refusal(Reason.QUOTA_EXHAUSTED, "model", "tenant", null, 0, 1, Exhaustion.PROBE_INTERVAL, LONG));
		assertThat(((Refused) waiter.answer()).cause()).isSameAs(cause);
	}

	@Test
	void askWhenExhaustedIsRefusedUntilTheNextProbe() {
		this.admission.trouble().exhaustion().begin(null, this.now);
		at(Duration.ofSeconds(59));
		assertThat(this.admission.tryTake(entry(1), this.now)).isFalse();
		assertThat(refusal(ask(1, LONG)).retryAfter()).isEqualTo(Duration.ofSeconds(1));
	}

	@Test
	void askWhenProbeIsDueGrantsOneCall() {
		this.admission.trouble().exhaustion().begin(null, this.now);
		at(Exhaustion.PROBE_INTERVAL);
		assertThat(ask(1, LONG).answer()).isInstanceOf(Granted.class);
		assertThat(refusal(ask(1, LONG)).reason()).isEqualTo(Reason.QUOTA_EXHAUSTED);
	}

	@Test
	void askWhenProbeMustWaitLetsItWait() {
		this.admission.trouble().exhaustion().begin(null, this.now);
		at(Duration.ofSeconds(30));
		this.admission.take(entry(1000), this.now);
		at(Exhaustion.PROBE_INTERVAL);
		Waiter probe = ask(1, LONG);
		this.admission.drain(this.now);
		assertThat(probe.answer()).isNull();
		drainAt(BACK.plusSeconds(30));
		assertThat(probe.answer()).isInstanceOf(Granted.class);
	}

	@Test
	void askWhenProbeIsRefusedLeavesTheProbeToTheNext() {
		this.admission.trouble().exhaustion().begin(null, this.now);
		at(Exhaustion.PROBE_INTERVAL);
		assertThat(refusal(ask(1001, LONG)).reason()).isEqualTo(Reason.REQUEST_TOO_LARGE);
		assertThat(ask(1, LONG).answer()).isInstanceOf(Granted.class);
	}

	@Test
	void worksWhenTheAnsweredCallIsAProbeLetsAllPass() {
		this.admission.trouble().exhaustion().begin(null, this.now);
		at(Exhaustion.PROBE_INTERVAL);
		this.admission.trouble().exhaustion().works(this.now);
		assertThat(ask(1, LONG).answer()).isInstanceOf(Granted.class);
		assertThat(ask(1, LONG).answer()).isInstanceOf(Granted.class);
		assertThat(this.admission.state(this.now)).isEqualTo(State.OK);
	}

	@Test
	void worksWhenTheAnsweredCallBeganBeforeChangesNothing() {
		this.admission.trouble().exhaustion().begin(null, this.now);
		assertThat(this.admission.trouble().exhaustion().works(START)).isTrue();
		assertThat(this.admission.state(this.now)).isEqualTo(State.QUOTA_EXHAUSTED);
	}

	@Test
	void explainWhenExhaustedWithoutCauseIsTheCauseOfRefusals() {
		Throwable failure = new IllegalStateException();
		this.admission.trouble().exhaustion().begin(null, this.now);
		this.admission.trouble().explain(failure);
		assertThat(((Refused) ask(1, LONG).answer()).cause()).isSameAs(failure);
	}

	@Test
	void explainWhenNotExhaustedIsForgotten() {
		this.admission.trouble().explain(new IllegalStateException("of something else"));
		this.admission.trouble().exhaustion().begin(null, this.now);
		assertThat(((Refused) ask(1, LONG).answer()).cause()).isNull();
	}

}
