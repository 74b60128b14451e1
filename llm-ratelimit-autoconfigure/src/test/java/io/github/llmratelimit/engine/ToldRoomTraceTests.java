package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.CostRule;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.engine.admission.Entry;
import io.github.llmratelimit.engine.ledger.LearningPolicy;
import io.github.llmratelimit.engine.ledger.Tariff;
import io.github.llmratelimit.engine.settings.LearningSettings;
import io.github.llmratelimit.engine.settings.QueueSettings;
import io.github.llmratelimit.engine.settings.TenantPolicy;
import io.github.llmratelimit.engine.settings.TenantSettings;
import io.github.llmratelimit.learning.LimitChange;
import io.github.llmratelimit.provider.Caution;
import io.github.llmratelimit.provider.DialectTraits;
import io.github.llmratelimit.provider.ProviderSignal;
import io.github.llmratelimit.provider.Quota;
import io.github.llmratelimit.provider.SignalKind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The same as {@link SlotRoomTraceTests} where answers of all kinds tell of the windows:
 * a budget whose calls are added up hears and decides as one that writes down every call
 * by itself.
 */
class ToldRoomTraceTests {

	private static final int SEEDS = 30;

	private static final int STEPS = 4000;

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private static final Duration SLICE = Duration.ofSeconds(10);

	/** Of which there is none, so that to change it changes nothing. */
	private static final Limit NO_LIMIT = new Limit(Dimension.CONCURRENT, 1, null, LimitOrigin.RUNTIME);

	static List<Mix> mixes() {
		QueueSettings usual = new QueueSettings(12, Duration.ofSeconds(20), 4, 0, 1);
		TenantSettings tenants = new TenantSettings(
				new TenantPolicy(1, List.of(limit(Dimension.TOKENS, 60_000, Duration.ofSeconds(20)))),
				Map.of("b", new TenantPolicy(5, List.of())));
		List<Limit> configured = List.of(Limit.perMinute(Dimension.REQUESTS, 300),
				Limit.perMinute(Dimension.TOKENS, 200_000));
		List<Limit> ofTier = configured.stream()
			.map((limit) -> limit.withAmount(limit.amount(), LimitOrigin.TIER))
			.toList();
		PoolMix plain = new PoolMix("exact", Booking.ESTIMATE, CostRule.PLAIN, usual, configured, tenants, 10_000);
		PoolMix sliced = new PoolMix("rounded, of a tier, with slices", Booking.ESTIMATE, CostRule.PLAIN, usual, ofTier,
				tenants, 10_000);
		PoolMix spread = new PoolMix("exact, the rest is spread", Booking.ESTIMATE, CostRule.PLAIN,
				new QueueSettings(12, Duration.ofSeconds(20), 4, 0.3, 1), configured, TenantSettings.FAIR, 10_000);
		PoolMix apart = new PoolMix("input and output apart", Booking.ESTIMATE, CostRule.PLAIN, usual, List
			.of(Limit.perMinute(Dimension.INPUT_TOKENS, 120_000), Limit.perMinute(Dimension.OUTPUT_TOKENS, 100_000)),
				tenants, 10_000);
		PoolMix actual = new PoolMix("actual", Booking.ACTUAL, CostRule.PLAIN, usual, configured, TenantSettings.FAIR,
				10_000);
		DialectTraits exact = DialectTraits.CAUTIOUS.withExactRemaining();
		return List.of(new Mix(plain, exact), new Mix(sliced, DialectTraits.CAUTIOUS.withTokensRoundedTo(1000)),
				new Mix(sliced, DialectTraits.CAUTIOUS.withSlices()), new Mix(spread, exact), new Mix(apart, exact),
				new Mix(actual, exact));
	}

	private static Limit limit(Dimension dimension, long amount, Duration per) {
		return new Limit(dimension, amount, per, LimitOrigin.CONFIGURED);
	}

	@ParameterizedTest
	@MethodSource("mixes")
	void traceWhenAnswersTellDecidesAsIfEveryCallWasWrittenDown(Mix mix) {
		int granted = 0;
		int refused = 0;
		int changes = 0;
		for (int seed = 0; seed < SEEDS; seed++) {
			ToldTrace trace = new ToldTrace(mix, seed);
			try {
				trace.run(STEPS);
			}
			catch (AssertionError | RuntimeException ex) {
				throw new AssertionError("%s, seed %d: %s".formatted(mix, seed, ex.getMessage()), ex);
			}
			granted += trace.granted();
			refused += trace.refused();
			changes += trace.changes;
		}
		assertThat(granted).isGreaterThan(SEEDS * STEPS / 10);
		assertThat(refused).isGreaterThan(SEEDS * STEPS / 100);
		assertThat(changes).isGreaterThan(SEEDS);
	}

	/**
	 * A kind of budget.
	 *
	 * @param pool its limits and calls
	 * @param traits what answers are worth
	 */
	private record Mix(PoolMix pool, DialectTraits traits) {

		Tariff tariff() {
			return new Tariff(this.pool.rule(), this.pool.booking(),
					new LearningPolicy(LearningSettings.ALL, 1, this.traits, this.pool.booking(), false));
		}

	}

	/** A trace in which calls are answered, most of them as they should be. */
	private static final class ToldTrace extends RoomTrace {

		/** What was granted, as far as the answers below go. */
		private final Deque<Cost> recent = new ArrayDeque<>();

		private final Deque<Long> recentNanos = new ArrayDeque<>();

		private int changes;

		ToldTrace(Mix mix, long seed) {
			super(mix.pool(), mix::tariff, seed);
		}

		/**
		 * Ends what is added up, and asks no window: when they are asked first decides
		 * when they forget what answers told.
		 */
		@Override
		void look() {
			if (this.waiting.isEmpty()) {
				this.looked.changeLimit(NO_LIMIT);
			}
		}

		@Override
		void taken(Call call) {
			this.recent.add(call.cost);
			this.recentNanos.add(this.time.nanos());
		}

		@Override
		void step() {
			switch (this.random.nextInt(8)) {
				case 0, 1 -> answer();
				case 2 -> this.time.advance(Duration.ofNanos(this.random.nextInt(20_000_000)));
				default -> super.step();
			}
		}

		private void answer() {
			if (this.running.isEmpty()) {
				return;
			}
			Call call = this.running.get(this.random.nextInt(this.running.size()));
			ProviderSignal signal = signal();
			List<LimitChange> changed = new ArrayList<>(hear(this.budget, call.entries.get(0), signal));
			assertThat(changed).isEqualTo(hear(this.looked, call.entries.get(1), signal));
			this.changes += changed.size();
			if (this.random.nextInt(200) == 0) {
				react(this.budget, call.entries.get(0), signal);
				react(this.looked, call.entries.get(1), signal);
			}
		}

		private static List<LimitChange> hear(Budget budget, Entry entry, ProviderSignal signal) {
			return budget.hear(entry, signal);
		}

		private static void react(Budget budget, Entry entry, ProviderSignal signal) {
			Duration longest = Duration.ofHours(1);
			switch (signal.kind()) {
				case RATE_LIMIT_TOKENS -> budget.cameTooEarly(entry, List.of(Dimension.TOKENS), longest);
				case RATE_LIMIT_UNKNOWN -> budget.restart(List.of(), longest, 1_000_000);
				case SERVER_ERROR -> budget.heed(Caution.GROWTH);
				default -> budget.sentOutside(new Entry(entry.cost(), null));
			}
		}

		private ProviderSignal signal() {
			SignalKind kind = switch (this.random.nextInt(30)) {
				case 0 -> SignalKind.RATE_LIMIT_TOKENS;
				case 1 -> SignalKind.RATE_LIMIT_UNKNOWN;
				case 2, 3 -> SignalKind.SERVER_ERROR;
				default -> SignalKind.OK;
			};
			return new ProviderSignal(kind, false, null, quota(Dimension.REQUESTS), quota(Dimension.TOKENS),
					quota(Dimension.INPUT_TOKENS), quota(Dimension.OUTPUT_TOKENS));
		}

		private Quota quota(Dimension dimension) {
			Limit known = limit(dimension);
			if (known == null || this.random.nextInt(10) == 0) {
				return (this.random.nextInt(300) == 0) ? new Quota(100_000L, null, null, SLICE) : Quota.UNKNOWN;
			}
			long limit = known.amount();
			return switch (this.random.nextInt(100)) {
				case 0 -> new Quota((long) (limit * (0.7 + 0.6 * this.random.nextDouble())), null, null, MINUTE);
				case 1 -> new Quota(limit, this.random.nextLong(limit), null, MINUTE);
				default -> {
					// a little more than we think, as providers that count less have
					long more = (long) (0.2 * this.random.nextDouble() * limit);
					yield new Quota(limit, Math.max(0, Math.min(limit, limit - taken(dimension) + more)), null, MINUTE);
				}
			};
		}

		private @Nullable Limit limit(Dimension dimension) {
			return this.budget.limits()
				.stream()
				.filter((limit) -> limit.dimension() == dimension && MINUTE.equals(limit.per()))
				.findFirst()
				.orElse(null);
		}

		private long taken(Dimension dimension) {
			while (!this.recent.isEmpty() && this.time.nanos() - this.recentNanos.getFirst() > MINUTE.toNanos()) {
				this.recent.remove();
				this.recentNanos.remove();
			}
			return this.recent.stream().mapToLong((cost) -> cost.amount(dimension)).sum();
		}

	}

}
