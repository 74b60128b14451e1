package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.CostRule;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.LimiterStatus;
import io.github.llmratelimit.LlmRateLimitExceededException.Refusal;
import io.github.llmratelimit.Priority;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.admission.Entry;
import io.github.llmratelimit.engine.admission.Waiter;
import io.github.llmratelimit.engine.admission.Waiter.Asked;
import io.github.llmratelimit.engine.admission.Waiter.Granted;
import io.github.llmratelimit.engine.admission.Waiter.Refused;
import io.github.llmratelimit.engine.ledger.Tariff;
import io.github.llmratelimit.engine.settings.EngineSettings;
import io.github.llmratelimit.engine.settings.QueueSettings;
import io.github.llmratelimit.engine.settings.TenantPolicy;
import io.github.llmratelimit.engine.settings.TenantSettings;
import io.github.llmratelimit.time.FakeTime;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A {@link Budget} of any kind on fake time, made when it is first asked: 10 requests and
 * 1,000 tokens per minute, in strict order and without guard, where a test says nothing
 * else. What is taken at the start comes back at {@link #BACK}.
 */
abstract class PoolFixture {

	/** A minute and a slot. */
	static final Duration BACK = Duration.ofMillis(60_050);

	/** The same in the window of a tenant, whose slots are larger. */
	static final Duration BACK_TO_TENANT = Duration.ofNanos(60_937_500_000L);

	static final Duration LONG = Duration.ofMinutes(10);

	static final Limit TOKENS = Limit.perMinute(Dimension.TOKENS, 1000);

	List<Limit> limits = List.of(Limit.perMinute(Dimension.REQUESTS, 10), TOKENS);

	Booking booking = Booking.ESTIMATE;

	CostRule rule = CostRule.PLAIN;

	QueueSettings queue = strict();

	TenantSettings tenants = TenantSettings.FAIR;

	final FakeTime time = new FakeTime();

	private final long start = this.time.nanos();

	private Budget budget;

	static QueueSettings strict() {
		return new QueueSettings(1000, Duration.ofSeconds(30), 0, 0, 1);
	}

	static Limit concurrent(long amount) {
		return new Limit(Dimension.CONCURRENT, amount, null, LimitOrigin.CONFIGURED);
	}

	static TenantSettings each(Limit... limits) {
		return new TenantSettings(new TenantPolicy(1, List.of(limits)), Map.of());
	}

	static TenantSettings only(String tenant, Limit... limits) {
		return new TenantSettings(TenantPolicy.FAIR, Map.of(tenant, new TenantPolicy(1, List.of(limits))));
	}

	Budget budget() {
		if (this.budget == null) {
			this.budget = new Budget(new BudgetKey("openai", "pool"), this.limits, new Tariff(this.rule, this.booking),
					new EngineSettings(LONG, Duration.ZERO, this.queue, this.tenants), this.time);
		}
		return this.budget;
	}

	Waiter ask(String tenant, long tokens, Duration maxWait) {
		return ask(tenant, Priority.NORMAL, tokens, maxWait);
	}

	Waiter ask(String tenant, Priority priority, long tokens, Duration maxWait) {
		return ask(tenant, priority, Cost.ofTotal(tokens), maxWait);
	}

	Waiter ask(String tenant, Priority priority, Cost cost, Duration maxWait) {
		Waiter waiter = new Waiter(new Asked("model", cost, priority, tenant, maxWait.toNanos()), false, 0,
				this.time.nanos() + maxWait.toNanos(), () -> {
				});
		budget().ask(waiter);
		return waiter;
	}

	boolean tryTake(String tenant, long tokens) {
		return budget().tryTake(new Entry(Cost.ofTotal(tokens), tenant));
	}

	void settle(Waiter waiter, long tokens) {
		budget().settle(waiter.entry, Usage.of(tokens, 0));
	}

	void at(Duration sinceStart) {
		this.time.advance(sinceStart.minusNanos(this.time.nanos() - this.start));
	}

	/** When something will happen next if nobody does anything, from the start. */
	Duration nextAlarm() {
		Duration distance = this.time.nextAlarm();
		return (distance != null) ? distance.plusNanos(this.time.nanos() - this.start) : null;
	}

	long remaining(Dimension dimension) {
		return budget().status()
			.windows()
			.stream()
			.filter((window) -> window.limit().dimension() == dimension)
			.mapToLong(LimiterStatus.Window::remaining)
			.findFirst()
			.orElseThrow();
	}

	static boolean isGranted(Waiter waiter) {
		return waiter.answer() instanceof Granted;
	}

	static boolean isWaiting(Waiter waiter) {
		return waiter.answer() == null;
	}

	/** When a waiter started, from the start of time. */
	Duration startOf(Waiter waiter) {
		assertThat(waiter.answer()).isInstanceOf(Granted.class);
		return Duration.ofNanos(((Granted) waiter.answer()).atNanos() - this.start);
	}

	static Refusal refusal(Waiter waiter) {
		assertThat(waiter.answer()).isInstanceOf(Refused.class);
		return ((Refused) waiter.answer()).refusal();
	}

}
