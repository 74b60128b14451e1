package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.CostRule;
import io.github.llmratelimit.CostRule.Formula;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.Priority;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.admission.Entry;
import io.github.llmratelimit.engine.admission.Waiter;
import io.github.llmratelimit.engine.admission.Waiter.Asked;
import io.github.llmratelimit.engine.admission.Waiter.Granted;
import io.github.llmratelimit.engine.settings.EngineSettings;
import io.github.llmratelimit.engine.settings.QueueSettings;
import io.github.llmratelimit.engine.settings.TenantPolicy;
import io.github.llmratelimit.engine.settings.TenantSettings;
import io.github.llmratelimit.time.FakeTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A budget whose calls are added up decides as one whose windows are looked at before
 * every call, which the other traces check against exact logs.
 */
class SlotRoomTraceTests {

	private static final int SEEDS = 60;

	private static final int STEPS = 1500;

	private static final String[] TENANTS = { "a", "b", "c", null };

	static List<PoolMix> mixes() {
		QueueSettings usual = new QueueSettings(12, Duration.ofSeconds(20), 4, 0, 1);
		TenantSettings tenants = new TenantSettings(
				new TenantPolicy(1, List.of(limit(Dimension.TOKENS, 40_000, Duration.ofSeconds(20)))),
				Map.of("b", new TenantPolicy(5, List.of()), "c", new TenantPolicy(1, List
					.of(Limit.perMinute(Dimension.REQUESTS, 100), Limit.perMinute(Dimension.OUTPUT_TOKENS, 70_000)))));
		return List.of(
				new PoolMix("requests and tokens", Booking.ESTIMATE, CostRule.PLAIN, usual,
						List.of(Limit.perMinute(Dimension.REQUESTS, 300), Limit.perMinute(Dimension.TOKENS, 200_000),
								limit(Dimension.TOKENS, 50_000, Duration.ofSeconds(10))),
						tenants, 10_000),
				new PoolMix("input and output apart, weighted", Booking.ESTIMATE, new CostRule(Formula.SUM, 5, 0.1),
						usual,
						List.of(Limit.perMinute(Dimension.INPUT_TOKENS, 90_000),
								Limit.perMinute(Dimension.OUTPUT_TOKENS, 80_000),
								Limit.perMinute(Dimension.TOKENS, 500_000)),
						tenants, 10_000),
				new PoolMix("the rest is spread", Booking.ESTIMATE, CostRule.PLAIN,
						new QueueSettings(12, Duration.ofSeconds(20), 4, 0.4, 1),
						List.of(Limit.perMinute(Dimension.REQUESTS, 300), Limit.perMinute(Dimension.TOKENS, 200_000)),
						tenants, 10_000));
	}

	private static Limit limit(Dimension dimension, long amount, Duration per) {
		return new Limit(dimension, amount, per, LimitOrigin.CONFIGURED);
	}

	@ParameterizedTest
	@MethodSource("mixes")
	void traceWhenRandomDecidesAsIfEveryWindowWasLookedAt(PoolMix mix) {
		int granted = 0;
		int refused = 0;
		for (int seed = 0; seed < SEEDS; seed++) {
			Trace trace = new Trace(mix, seed);
			try {
				trace.run();
			}
			catch (AssertionError | RuntimeException ex) {
				throw new AssertionError("%s, seed %d: %s".formatted(mix, seed, ex.getMessage()), ex);
			}
			granted += trace.granted;
			refused += trace.refused;
		}
		// a trace that refuses everything, or nothing, would prove nothing
		assertThat(granted).isGreaterThan(SEEDS * STEPS / 10);
		assertThat(refused).isGreaterThan(SEEDS * STEPS / 50);
	}

	private static final class Trace {

		private final PoolMix mix;

		private final Random random;

		private final FakeTime time = new FakeTime();

		private final Budget budget;

		/** The same, but that its windows are looked at before every step. */
		private final Budget looked;

		private final List<Call> running = new ArrayList<>();

		private final List<Call> waiting = new ArrayList<>();

		private int granted;

		private int refused;

		Trace(PoolMix mix, long seed) {
			this.mix = mix;
			this.random = new Random(seed);
			this.budget = newBudget();
			this.looked = newBudget();
		}

		private Budget newBudget() {
			EngineSettings settings = new EngineSettings(Duration.ofMinutes(1), null, this.mix.queue(),
					this.mix.tenants());
			return new Budget(new BudgetKey("test", "room"), this.mix.limits(), this.mix.tariff(), settings, this.time);
		}

		void run() {
			for (int i = 0; i < STEPS; i++) {
				this.looked.status();
				step();
				moveGranted();
				if (this.random.nextInt(50) == 0) {
					assertThat(this.budget.status()).isEqualTo(this.looked.status());
				}
			}
			assertThat(this.budget.status()).isEqualTo(this.looked.status());
		}

		private void step() {
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
				this.running.add(call);
			}
			else {
				this.refused++;
			}
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
		private final class Call {

			private final Cost cost = Trace.this.mix.cost(Trace.this.random);

			private final List<Waiter> waiters;

			private final List<Entry> entries;

			Call() {
				String tenant = TENANTS[Trace.this.random.nextInt(TENANTS.length)];
				Asked asked = new Asked("model", this.cost, Priority.NORMAL, tenant, Duration.ofSeconds(5).toNanos());
				this.waiters = List.of(waiter(asked), waiter(asked));
				this.entries = this.waiters.stream().map((waiter) -> waiter.entry).toList();
			}

			private Waiter waiter(Asked asked) {
				return new Waiter(asked, false, 0, Trace.this.time.nanos() + asked.maxWaitNanos(), () -> {
				});
			}

		}

	}

}
