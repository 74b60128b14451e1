package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.CostRule;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.Priority;
import io.github.llmratelimit.engine.admission.Waiter;
import io.github.llmratelimit.engine.admission.Waiter.Asked;
import io.github.llmratelimit.engine.admission.Waiter.Granted;
import io.github.llmratelimit.engine.ledger.Ledger;
import io.github.llmratelimit.engine.ledger.Tariff;
import io.github.llmratelimit.engine.settings.EngineSettings;
import io.github.llmratelimit.engine.settings.QueueSettings;
import io.github.llmratelimit.engine.settings.TenantSettings;
import io.github.llmratelimit.time.FakeTime;
import io.github.llmratelimit.time.Ticks;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A random life of a budget whose calls nothing disturbs, beside a list of all that was
 * taken: what starts is the first, exactly when it was promised, or one of the next few
 * that cannot delay it.
 */
final class BackfillTrace {

	private static final List<Limit> LIMITS = List.of(Limit.perMinute(Dimension.REQUESTS, 8),
			Limit.perMinute(Dimension.TOKENS, 1000),
			new Limit(Dimension.TOKENS, 600, Duration.ofSeconds(20), LimitOrigin.CONFIGURED));

	private final FakeTime time = new FakeTime();

	private final long origin = this.time.nanos();

	private final Random random;

	private final int depth;

	private final Budget budget;

	private final List<Taken> taken = new ArrayList<>();

	/** In the order of arrival. */
	private final List<Waiter> waiting = new ArrayList<>();

	/** When the first was to start when it became the first. */
	private long promised;

	private int passed;

	BackfillTrace(long seed) {
		this.random = new Random(seed);
		this.depth = (int) (seed % (1 + QueueSettings.DEEPEST_BACKFILL));
		this.budget = new Budget(new BudgetKey("test", "backfill"), LIMITS,
				new Tariff(CostRule.PLAIN, Booking.ESTIMATE),
				new EngineSettings(Duration.ofDays(1), Duration.ZERO,
						new QueueSettings(1000, Duration.ofSeconds(30), this.depth, 0, 1), TenantSettings.FAIR),
				this.time);
	}

	int passed() {
		return this.passed;
	}

	void run(int calls) {
		for (int i = 0; i < calls; i++) {
			ask();
			checkNobodyElseCouldPass();
			if (this.random.nextInt(3) == 0) {
				this.time.advance(Duration.ofMillis(this.random.nextInt(8000)));
				checkNobodyElseCouldPass();
			}
		}
		this.time.advance(Duration.ofDays(1));
		assertThat(this.waiting).isEmpty();
	}

	private void ask() {
		long tokens = this.random.nextInt((this.random.nextInt(3) == 0) ? 600 : 100);
		Waiter[] waiter = new Waiter[1];
		long maxWait = Duration.ofDays(1).toNanos();
		waiter[0] = new Waiter(new Asked("model", Cost.ofTotal(tokens), Priority.NORMAL, null, maxWait), false, 0,
				this.time.nanos() + maxWait, () -> started(waiter[0]));
		this.waiting.add(waiter[0]);
		if (this.waiting.size() == 1) {
			this.promised = fitsAt(waiter[0].cost(), this.time.nanos(), this.taken);
		}
		this.budget.ask(waiter[0]);
	}

	private void started(Waiter waiter) {
		long now = ((Granted) waiter.answer()).atNanos();
		int place = this.waiting.indexOf(waiter);
		assertThat(fitsAt(waiter.cost(), now, this.taken)).as("start").isEqualTo(now);
		if (place == 0) {
			assertThat(now - this.promised).as("delay of the first").isZero();
		}
		else {
			this.passed++;
			assertThat(place).as("place of a call that passes").isLessThanOrEqualTo(this.depth);
		}
		this.taken.add(new Taken(backAt(now), waiter.cost()));
		this.waiting.remove(waiter);
		if (place == 0 && !this.waiting.isEmpty()) {
			this.promised = fitsAt(this.waiting.get(0).cost(), now, this.taken);
		}
	}

	private void checkNobodyElseCouldPass() {
		long now = this.time.nanos();
		for (int i = 1; i <= Math.min(this.depth, this.waiting.size() - 1); i++) {
			Cost cost = this.waiting.get(i).cost();
			List<Taken> after = new ArrayList<>(this.taken);
			after.add(new Taken(backAt(now), cost));
			boolean fits = fitsAt(cost, now, this.taken) == now;
			boolean delays = fitsAt(this.waiting.get(0).cost(), now, after) - this.promised > 0;
			assertThat(fits && !delays).as("call %d waits although it could pass", i).isFalse();
		}
	}

	/** When a cost first fits, if nothing else is taken. */
	private long fitsAt(Cost cost, long now, List<Taken> all) {
		List<Long> instants = new ArrayList<>(List.of(now));
		all.forEach((each) -> each.backAt.forEach(instants::add));
		return instants.stream()
			.filter((instant) -> instant - now >= 0 && fits(cost, instant, all))
			.reduce(Ticks::earliest)
			.orElseThrow();
	}

	private static boolean fits(Cost cost, long instant, List<Taken> all) {
		for (int i = 0; i < LIMITS.size(); i++) {
			Dimension dimension = LIMITS.get(i).dimension();
			long sum = cost.amount(dimension);
			for (Taken each : all) {
				sum += (each.backAt.get(i) - instant > 0) ? each.cost.amount(dimension) : 0;
			}
			if (sum > LIMITS.get(i).amount()) {
				return false;
			}
		}
		return true;
	}

	/**
	 * When comes back what is taken now: a window after its slot, on the grid of slots.
	 */
	private List<Long> backAt(long now) {
		return LIMITS.stream().map((limit) -> {
			long window = limit.per().toNanos();
			long slot = window / Ledger.POOL_SLOTS;
			long slots = (window + slot - 1) / slot + 1;
			return this.origin + ((now - this.origin) / slot + slots) * slot;
		}).toList();
	}

	private record Taken(List<Long> backAt, Cost cost) {
	}

}
