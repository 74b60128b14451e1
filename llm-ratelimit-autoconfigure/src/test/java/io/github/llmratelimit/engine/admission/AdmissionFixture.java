package io.github.llmratelimit.engine.admission;

import java.time.Duration;
import java.util.List;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.CostRule;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Forecast;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.LlmRateLimitExceededException.Refusal;
import io.github.llmratelimit.Priority;
import io.github.llmratelimit.engine.admission.Waiter.Asked;
import io.github.llmratelimit.engine.admission.Waiter.Refused;
import io.github.llmratelimit.engine.ledger.Ledger;
import io.github.llmratelimit.engine.ledger.Tariff;
import io.github.llmratelimit.engine.settings.EngineSettings;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An {@link Admission} and the time at which it is asked. 10 requests and 1,000 tokens
 * per minute, room for 3 to wait. What is taken at 0 comes back at 60.15 s: the window,
 * the guard of 60 ms, rounded up to slots of 50 ms, and the slot in which it was taken.
 */
abstract class AdmissionFixture {

	static final long START = Long.MAX_VALUE - Duration.ofSeconds(30).toNanos();

	/** When comes back what was taken at the start. */
	static final Duration BACK = Duration.ofMillis(60_150);

	static final Duration LONG = Duration.ofMinutes(10);

	static final Limit REQUESTS = Limit.perMinute(Dimension.REQUESTS, 10);

	static final Limit TOKENS = Limit.perMinute(Dimension.TOKENS, 1000);

	final InFlight inFlight = new InFlight();

	final Admission admission = admission(List.of(REQUESTS, TOKENS));

	long now = START;

	Admission admission(List<Limit> limits) {
		EngineSettings settings = new EngineSettings(Duration.ofSeconds(90), 3, null);
		Ledger ledger = new Ledger(limits, new Tariff(CostRule.PLAIN, Booking.ESTIMATE), null, settings.queue(), START);
		return new Admission(ledger, settings, this.inFlight, START);
	}

	Waiter ask(long tokens, Duration maxWait) {
		Waiter waiter = waiter(tokens, maxWait);
		this.admission.ask(waiter, this.now);
		return waiter;
	}

	Waiter waiter(long tokens, Duration maxWait) {
		return waiter(tokens, false, 0, maxWait);
	}

	Waiter waiter(long tokens, boolean repeated, long arrival, Duration maxWait) {
		Asked asked = new Asked("model", cost(tokens), Priority.NORMAL, "tenant", maxWait.toNanos());
		return new Waiter(asked, repeated, arrival, this.now + maxWait.toNanos(), () -> {
		});
	}

	void at(Duration sinceStart) {
		this.now = START + sinceStart.toNanos();
	}

	void drainAt(Duration sinceStart) {
		at(sinceStart);
		this.admission.drain(this.now);
	}

	void changeLimit(long amount) {
		assertThat(this.admission.changeLimit(TOKENS.withAmount(amount, LimitOrigin.RUNTIME), this.now)).isTrue();
	}

	long remaining(Limit limit) {
		return this.admission.ledger()
			.windows()
			.stream()
			.filter((window) -> window.limit().equals(limit))
			.findAny()
			.orElseThrow()
			.remaining();
	}

	Forecast forecast(long tokens) {
		return this.admission.forecast(waiter(tokens, LONG), this.now);
	}

	static Entry entry(long tokens) {
		return new Entry(cost(tokens), "tenant");
	}

	static Cost cost(long tokens) {
		return Cost.ofTotal(tokens);
	}

	static Refusal refusal(Waiter waiter) {
		assertThat(waiter.answer()).isInstanceOf(Refused.class);
		return ((Refused) waiter.answer()).refusal();
	}

}
