package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.Priority;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.admission.Entry;
import io.github.llmratelimit.engine.admission.Waiter;
import io.github.llmratelimit.engine.admission.Waiter.Asked;
import io.github.llmratelimit.engine.admission.Waiter.Granted;
import io.github.llmratelimit.engine.ledger.Tariff;
import io.github.llmratelimit.engine.settings.EngineSettings;
import io.github.llmratelimit.time.FakeTime;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A random life of two budgets to which the same happens, and which must decide alike:
 * one as it is, and one that never adds up calls.
 */
class RoomTrace {

	private static final String[] TENANTS = { "a", "b", "c", null };

	final PoolMix mix;

	final Random random;

	final FakeTime time = new FakeTime();

	final Budget budget;

	/** The same, but that it looks at its windows for every call. */
	final Budget looked;

	final List<Call> running = new ArrayList<>();

	final List<Call> waiting = new ArrayList<>();

	private int granted;

	private int refused;

	RoomTrace(PoolMix mix, Supplier<Tariff> tariff, long seed) {
		this.mix = mix;
		this.random = new Random(seed);
		this.budget = newBudget(tariff.get());
		this.looked = newBudget(tariff.get());
	}

	private Budget newBudget(Tariff tariff) {
		EngineSettings settings = new EngineSettings(Duration.ofMinutes(1), null, this.mix.queue(), this.mix.tenants());
		return new Budget(new BudgetKey("test", "room"), this.mix.limits(), tariff, settings, this.time);
	}

	int granted() {
		return this.granted;
	}

	int refused() {
		return this.refused;
	}

	void run(int steps) {
		for (int i = 0; i < steps; i++) {
			look();
			step();
			moveGranted();
			if (this.random.nextInt(50) == 0) {
				assertThat(this.budget.status()).isEqualTo(this.looked.status());
			}
		}
		assertThat(this.budget.status()).isEqualTo(this.looked.status());
	}

	/** Lets the other budget look at its windows, so that it adds up nothing. */
	void look() {
		this.looked.status();
	}

	void step() {
		switch (this.random.nextInt(20)) {
			case 0, 1, 2 -> end();
			case 3 -> disturb();
			case 4, 5 -> this.time.advance(Duration.ofMillis(this.random.nextInt(2000)));
			case 6, 7, 8, 9 -> this.time.advance(Duration.ofMillis(this.random.nextInt(40)));
			default -> tryTake();
		}
	}

	private void tryTake() {
		Call call = new Call();
		boolean taken = this.budget.tryTake(call.entries.get(0));
		assertThat(taken).isEqualTo(this.looked.tryTake(call.entries.get(1)));
		if (taken) {
			this.granted++;
			taken(call);
			this.running.add(call);
		}
		else {
			this.refused++;
		}
	}

	/** A call has been granted at once. */
	void taken(Call call) {
	}

	private void end() {
		if (!this.running.isEmpty()) {
			Call call = this.running.remove(this.random.nextInt(this.running.size()));
			Usage usage = this.mix.usage(this.random, call.cost);
			int ending = this.random.nextInt(8);
			end(this.budget, call.entries.get(0), ending, usage);
			end(this.looked, call.entries.get(1), ending, usage);
		}
	}

	private static void end(Budget budget, Entry entry, int ending, Usage usage) {
		switch (ending) {
			case 0 -> budget.giveBack(entry);
			case 1 -> budget.giveBackTokens(entry);
			case 2 -> budget.keep(entry);
			case 3 -> {
				budget.takeLater(entry);
				budget.settle(entry, usage);
			}
			default -> budget.settle(entry, usage);
		}
	}

	private void disturb() {
		int kind = this.random.nextInt(6);
		Limit limit = this.mix.limits().get(this.random.nextInt(this.mix.limits().size()));
		Limit changed = limit.withAmount((long) (limit.amount() * (0.6 + 0.8 * this.random.nextDouble())),
				LimitOrigin.RUNTIME);
		long hint = 1 + this.random.nextLong(Duration.ofSeconds(2).toNanos());
		Call call = new Call();
		disturb(this.budget, kind, changed, hint, call.waiters.get(0));
		disturb(this.looked, kind, changed, hint, call.waiters.get(1));
		if (kind > 2) {
			this.waiting.add(call);
		}
	}

	private static void disturb(Budget budget, int kind, Limit limit, long hint, Waiter waiter) {
		switch (kind) {
			case 0 -> budget.changeLimit(limit);
			case 1 -> budget.pause(List.of(limit.dimension()), hint, Duration.ofHours(1), Reason.PAUSED, null);
			case 2 -> budget.takeAnyway(waiter.entry);
			default -> budget.ask(waiter);
		}
	}

	private void moveGranted() {
		for (Call call : List.copyOf(this.waiting)) {
			Waiter.Answer answer = call.waiters.get(0).answer();
			Waiter.Answer expected = call.waiters.get(1).answer();
			if (answer instanceof Granted || expected instanceof Granted) {
				assertThat(answer).isEqualTo(expected);
				this.running.add(call);
			}
			if (answer != null) {
				this.waiting.remove(call);
			}
		}
	}

	/** One call on both budgets. */
	final class Call {

		final Cost cost = RoomTrace.this.mix.cost(RoomTrace.this.random);

		private final List<Waiter> waiters;

		final List<Entry> entries;

		Call() {
			String tenant = TENANTS[RoomTrace.this.random.nextInt(TENANTS.length)];
			Asked asked = new Asked("model", this.cost, Priority.NORMAL, tenant, Duration.ofSeconds(5).toNanos());
			this.waiters = List.of(waiter(asked), waiter(asked));
			this.entries = this.waiters.stream().map((waiter) -> waiter.entry).toList();
		}

		private Waiter waiter(Asked asked) {
			return new Waiter(asked, false, 0, RoomTrace.this.time.nanos() + asked.maxWaitNanos(), () -> {
			});
		}

	}

}
