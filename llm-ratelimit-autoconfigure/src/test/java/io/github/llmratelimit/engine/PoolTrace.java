package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.LimiterStatus;
import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.Priority;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.admission.Ending;
import io.github.llmratelimit.engine.admission.Entry;
import io.github.llmratelimit.engine.admission.Waiter;
import io.github.llmratelimit.engine.admission.Waiter.Asked;
import io.github.llmratelimit.engine.admission.Waiter.Granted;
import io.github.llmratelimit.engine.ledger.Ledger;
import io.github.llmratelimit.engine.settings.EngineSettings;
import io.github.llmratelimit.time.FakeTime;
import io.github.llmratelimit.time.Ticks;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A random life of one budget with tenants, classes, backfill and every booking, beside
 * exact logs of the pool and of each tenant. Checks what must always be true; in which
 * order calls start is checked elsewhere.
 */
final class PoolTrace {

	private static final Duration GUARD = Duration.ofMillis(60);

	private static final Duration PATIENCE = Duration.ofDays(30);

	private static final String[] TENANTS = { "a", "b", "c", "d", null };

	private final PoolMix mix;

	private final Random random;

	private final FakeTime time = new FakeTime();

	private final Budget budget;

	private final PoolLog pool;

	private final Map<String, PoolLog> tenants = new HashMap<>();

	private final List<Call> waiting = new ArrayList<>();

	private final List<Call> running = new ArrayList<>();

	private final List<Call> calls = new ArrayList<>();

	private long silentUntil = this.time.nanos();

	private int granted;

	private int waited;

	PoolTrace(PoolMix mix, long seed) {
		this.mix = mix;
		this.random = new Random(seed);
		this.pool = new PoolLog("pool", mix.limits(), mix.rule(), mix.booking(), GUARD.toNanos(), Ledger.POOL_SLOTS);
		this.budget = new Budget(new BudgetKey("test", mix.name()), mix.limits(), mix.tariff(),
				new EngineSettings(Duration.ofMinutes(1), GUARD, mix.queue(), mix.tenants()), this.time);
	}

	int granted() {
		return this.granted;
	}

	/** How many calls were granted after they had waited. */
	int waited() {
		return this.waited;
	}

	void run(int steps) {
		for (int i = 0; i < steps; i++) {
			step();
			check();
		}
		while (!this.running.isEmpty() || !this.waiting.isEmpty()) {
			List.copyOf(this.running).forEach((call) -> end(call, Ending.KEPT));
			this.time.advance(Duration.ofDays(1));
		}
		// an alarm may still be set for somebody who would have waited for long
		this.time.advance(PATIENCE);
		checkAtTheEnd(steps);
	}

	private void step() {
		switch (this.random.nextInt(16)) {
			case 0, 1, 2, 3, 4, 5 -> ask();
			case 6 -> tryTake();
			case 7, 8, 9 -> endAny();
			case 10 -> cancelAny();
			case 11 -> disturb();
			default -> passTime();
		}
	}

	private void ask() {
		long maxWait = switch (this.random.nextInt(5)) {
			case 0 -> 0;
			case 1 -> PATIENCE.toNanos();
			default -> Duration.ofSeconds(this.random.nextInt(300)).toNanos();
		};
		Call call = new Call(this.mix.cost(this.random), maxWait);
		this.calls.add(call);
		this.waiting.add(call);
		this.budget.ask(call.waiter);
		call.hasWaited = call.told == 0;
	}

	private void tryTake() {
		Call call = new Call(this.mix.cost(this.random), 0);
		if (this.budget.tryTake(call.waiter.entry)) {
			call.granted(this.time.nanos());
		}
	}

	private void endAny() {
		if (!this.running.isEmpty()) {
			Call call = this.running.get(this.random.nextInt(this.running.size()));
			Ending[] endings = { Ending.SETTLED, Ending.SETTLED, Ending.SETTLED, Ending.KEPT, Ending.GIVEN_BACK,
					Ending.REFUSED };
			end(call, endings[this.random.nextInt(endings.length)]);
		}
	}

	private void end(Call call, Ending ending) {
		Entry entry = call.waiter.entry;
		Usage usage = this.mix.usage(this.random, entry.cost());
		this.running.remove(call);
		call.booked.forEach((booked) -> booked.end(ending, usage));
		switch (ending) {
			case SETTLED -> this.budget.settle(entry, usage);
			case KEPT -> this.budget.keep(entry);
			case GIVEN_BACK -> this.budget.giveBack(entry);
			case REFUSED -> this.budget.giveBackTokens(entry);
		}
	}

	private void cancelAny() {
		List<Call> unheard = this.running.stream().filter((call) -> call.told > 0).toList();
		if (this.random.nextInt(4) == 0 && !unheard.isEmpty()) {
			Call call = unheard.get(this.random.nextInt(unheard.size()));
			this.running.remove(call);
			call.booked.forEach((booked) -> booked.end(Ending.GIVEN_BACK, null));
			this.budget.cancel(call.waiter);
		}
		else if (!this.waiting.isEmpty()) {
			Call call = this.waiting.remove(this.random.nextInt(this.waiting.size()));
			call.cancelled = true;
			this.budget.cancel(call.waiter);
		}
	}

	private void disturb() {
		switch (this.random.nextInt(6)) {
			case 0, 1 -> changeLimit();
			case 2, 3 -> leaveLate();
			case 4 -> {
				long hint = this.random.nextLong(Duration.ofSeconds(30).toNanos());
				this.silentUntil = Ticks.latest(this.silentUntil, this.time.nanos() + 1 + hint);
				this.budget.pause(List.of(), 1 + hint, Duration.ofHours(1), Reason.PAUSED, null);
			}
			default -> {
				// mostly nothing
			}
		}
	}

	private void changeLimit() {
		int index = this.random.nextInt(this.mix.limits().size());
		Limit limit = this.mix.limits().get(index);
		long amount = Math.max(1, (long) (limit.amount() * (0.4 + 1.2 * this.random.nextDouble())));
		this.pool.changeLimit(index, amount);
		this.budget.changeLimit(limit.withAmount(amount, LimitOrigin.RUNTIME));
	}

	private void leaveLate() {
		if (!this.running.isEmpty()) {
			Call call = this.running.get(this.random.nextInt(this.running.size()));
			call.booked.forEach((booked) -> booked.leftAt(this.time.nanos()));
			this.budget.takeLater(call.waiter.entry);
		}
	}

	private void passTime() {
		switch (this.random.nextInt(6)) {
			case 0, 1 -> this.time.advanceToNextAlarm();
			case 2 -> this.time.advance(Duration.ofNanos(this.random.nextInt(100_000_000)));
			case 3, 4 -> this.time.advance(Duration.ofMillis(this.random.nextInt(10_000)));
			default -> this.time.advance(Duration.ofMillis(this.random.nextInt(90_000)));
		}
		int before = this.granted;
		// gives everybody another chance, which nobody must need
		this.budget.cancel(new Call(Cost.of(0, 0), 0).waiter);
		if (!this.mix.queue().isThrottled()) {
			assertThat(this.granted).as("starts that no alarm was set for").isEqualTo(before);
		}
	}

	private void check() {
		long now = this.time.nanos();
		LimiterStatus status = this.budget.status();
		assertThat(status.queued()).as("queued").isEqualTo(this.waiting.size());
		assertThat(status.inFlight()).as("in flight").isEqualTo(this.running.size());
		this.pool.check(status.windows(), now);
		for (Call call : this.waiting) {
			assertThat(call.waiter.deadlineNanos - now).as("time left of a waiting call").isPositive();
		}
		boolean free = this.silentUntil - now <= 0 && !this.mix.queue().isThrottled();
		if (free && !this.waiting.isEmpty() && this.mix.booking() != Booking.ACTUAL) {
			assertThat(this.waiting.stream().allMatch((call) -> call.fitsForSure(now)))
				.as("all wait although any of them could start")
				.isFalse();
		}
	}

	private void checkAtTheEnd(int steps) {
		check();
		assertThat(this.time.nextAlarm()).as("an alarm for nobody").isNull();
		assertThat(this.time.wentOff()).as("alarms").isLessThan(4 * steps);
		for (Call call : this.calls) {
			assertThat(call.told).as("answers to a call").isEqualTo(call.cancelled ? 0 : 1);
		}
		assertThat(this.budget.status().windows()).allMatch((window) -> window.remaining() == window.limit().amount());
		this.pool.checkEveryInterval();
		this.tenants.values().forEach(PoolLog::checkEveryInterval);
	}

	private PoolLog logOf(String tenant) {
		return this.tenants.computeIfAbsent(tenant, (name) -> new PoolLog(name,
				this.mix.tenants().policy(name).limits(), this.mix.rule(), this.mix.booking(), 0, Ledger.TENANT_SLOTS));
	}

	private final class Call {

		private final String tenant = TENANTS[PoolTrace.this.random.nextInt(TENANTS.length)];

		private final Waiter waiter;

		private final List<PoolLog.Booked> booked = new ArrayList<>();

		private boolean cancelled;

		private boolean hasWaited;

		private int told;

		Call(Cost cost, long maxWaitNanos) {
			Priority priority = Priority.values()[PoolTrace.this.random.nextInt(3)];
			this.waiter = new Waiter(new Asked("model", cost, priority, this.tenant, maxWaitNanos), false, 0,
					PoolTrace.this.time.nanos() + maxWaitNanos, this::told);
		}

		private void told() {
			this.told++;
			PoolTrace.this.waiting.remove(this);
			if (this.waiter.answer() instanceof Granted grant) {
				PoolTrace.this.waited += this.hasWaited ? 1 : 0;
				assertThat(this.waiter.deadlineNanos - grant.atNanos()).as("time left at a start").isNotNegative();
				granted(grant.atNanos());
			}
		}

		private void granted(long atNanos) {
			PoolTrace.this.granted++;
			assertThat(PoolTrace.this.silentUntil - atNanos).as("pause left at a start").isNotPositive();
			PoolTrace.this.running.add(this);
			this.booked.add(PoolTrace.this.pool.admit(this.waiter.entry, atNanos));
			if (this.tenant != null) {
				this.booked.add(logOf(this.tenant).admit(this.waiter.entry, atNanos));
			}
		}

		private boolean fitsForSure(long now) {
			return PoolTrace.this.pool.fitsForSure(this.waiter.entry, now)
					&& (this.tenant == null || logOf(this.tenant).fitsForSure(this.waiter.entry, now));
		}

	}

}
