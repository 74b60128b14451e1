package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.CostRule;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.Priority;
import io.github.llmratelimit.engine.admission.Entry;
import io.github.llmratelimit.engine.admission.Waiter;
import io.github.llmratelimit.engine.admission.Waiter.Asked;
import io.github.llmratelimit.engine.admission.Waiter.Granted;
import io.github.llmratelimit.engine.ledger.LearningPolicy;
import io.github.llmratelimit.engine.ledger.Tariff;
import io.github.llmratelimit.engine.settings.EngineSettings;
import io.github.llmratelimit.engine.settings.LearningSettings;
import io.github.llmratelimit.provider.DialectTraits;
import io.github.llmratelimit.provider.ProviderSignal;
import io.github.llmratelimit.provider.Quota;
import io.github.llmratelimit.provider.SignalKind;
import io.github.llmratelimit.time.FakeTime;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a careful start: 6,000 tokens a minute are stated.
 */
class CarefulStartTests {

	private static final Duration SLICE = Duration.ofSeconds(10);

	private static final Duration MINUTE = Duration.ofMinutes(1);

	/** Ten seconds, the guard, and as long as one slot is. */
	private static final Duration SLICE_AND_MORE = Duration.ofMillis(10_160);

	private final FakeTime time = new FakeTime();

	private final List<Limit> limits = new ArrayList<>(
			List.of(new Limit(Dimension.TOKENS, 6000, MINUTE, LimitOrigin.CONFIGURED)));

	private DialectTraits traits = DialectTraits.CAUTIOUS.withSlices();

	private LearningSettings settings = LearningSettings.ALL;

	private Budget budget;

	@Test
	void startWhenNothingIsToldTakesASixth() {
		assertThat(take(600)).isTrue();
		assertThat(take(400)).isTrue();
		assertThat(take(1)).isFalse();
	}

	@Test
	void startWhenNothingIsToldTakesASixthInAnyTenSeconds() {
		assertThat(take(600)).isTrue();
		this.time.advance(Duration.ofSeconds(9));
		assertThat(take(400)).isTrue();
		this.time.advance(Duration.ofMillis(1_160));
		assertThat(take(601)).isFalse();
		assertThat(take(600)).isTrue();
	}

	@Test
	void startWhenACallIsLargerThanASixthLetsItGoAlone() {
		assertThat(take(5000)).isTrue();
		assertThat(take(1)).isFalse();
	}

	@Test
	void startWhenTheMinuteIsToldIsOver() {
		hear(entry(1000), 5000, MINUTE);
		assertThat(take(5000)).isTrue();
	}

	@Test
	void startWhenSlicesAreToldKeepsToThem() {
		Entry first = entry(1000);
		this.time.advance(Duration.ofSeconds(5));
		hear(first, 0, SLICE);
		assertThat(take(1)).isFalse();
		this.time.advance(SLICE_AND_MORE.minusSeconds(5));
		assertThat(take(1000)).isTrue();
		assertThat(take(1)).isFalse();
	}

	@Test
	void startWhenNothingIsEverToldIsOverInAMinute() {
		assertThat(take(1)).isTrue();
		this.time.advance(MINUTE.plusSeconds(1));
		assertThat(take(6000)).isTrue();
	}

	@Test
	void startWhenIdleForLongIsCarefulAllTheSame() {
		budget();
		this.time.advance(Duration.ofHours(1));
		assertThat(take(1000)).isTrue();
		assertThat(take(1)).isFalse();
	}

	@Test
	void askWhenThePartIsSpentStartsWhenItIsBack() {
		assertThat(take(1000)).isTrue();
		Waiter waiter = ask(500);
		assertThat(waiter.answer()).isNull();
		this.time.advance(SLICE_AND_MORE);
		assertThat(waiter.answer()).isInstanceOf(Granted.class);
	}

	@Test
	void askWhenThePartIsSpentStartsWithTheFirstAnswer() {
		Entry first = entry(1000);
		Waiter waiter = ask(500);
		hear(first, 5000, MINUTE);
		assertThat(waiter.answer()).isInstanceOf(Granted.class);
	}

	@Test
	void startWhenAShorterWindowIsStatedNeedsNoCare() {
		this.limits.add(new Limit(Dimension.TOKENS, 3000, SLICE, LimitOrigin.CONFIGURED));
		assertThat(take(3000)).isTrue();
	}

	@Test
	void startWhenADayIsStatedNeedsNoCare() {
		this.limits.set(0, new Limit(Dimension.TOKENS, 6000, Duration.ofDays(1), LimitOrigin.CONFIGURED));
		assertThat(take(6000)).isTrue();
	}

	@Test
	void startWhenTheProviderIsKnownNotToDivideNeedsNoCare() {
		this.traits = DialectTraits.CAUTIOUS;
		assertThat(take(6000)).isTrue();
	}

	@Test
	void startWhenLimitsAreNotToBeLearnedNeedsNoCare() {
		this.settings = new LearningSettings(false, true, true, true);
		assertThat(take(6000)).isTrue();
	}

	private Budget budget() {
		if (this.budget == null) {
			LearningPolicy policy = new LearningPolicy(this.settings, 1, this.traits, Booking.ESTIMATE, false);
			this.budget = new Budget(new BudgetKey("azure", "pool"), this.limits,
					new Tariff(CostRule.PLAIN, Booking.ESTIMATE, policy), EngineSettings.DEFAULTS, this.time);
		}
		return this.budget;
	}

	private boolean take(long tokens) {
		return budget().tryTake(new Entry(Cost.ofTotal(tokens), null));
	}

	private Entry entry(long tokens) {
		Entry entry = new Entry(Cost.ofTotal(tokens), null);
		assertThat(budget().tryTake(entry)).isTrue();
		return entry;
	}

	private Waiter ask(long tokens) {
		long waitNanos = MINUTE.toNanos();
		Waiter waiter = new Waiter(new Asked("m", Cost.ofTotal(tokens), Priority.NORMAL, null, waitNanos), false, 0,
				this.time.nanos() + waitNanos, () -> {
				});
		budget().ask(waiter);
		return waiter;
	}

	private void hear(Entry entry, long remaining, Duration window) {
		Quota tokens = new Quota(6000 * window.toSeconds() / 60, remaining, null, window);
		budget().hear(entry,
				new ProviderSignal(SignalKind.OK, false, null, Quota.UNKNOWN, tokens, Quota.UNKNOWN, Quota.UNKNOWN));
	}

}
