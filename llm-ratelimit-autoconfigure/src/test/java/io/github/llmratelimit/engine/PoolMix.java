package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.CostRule;
import io.github.llmratelimit.CostRule.Formula;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.ledger.Tariff;
import io.github.llmratelimit.engine.settings.QueueSettings;
import io.github.llmratelimit.engine.settings.TenantPolicy;
import io.github.llmratelimit.engine.settings.TenantSettings;

/**
 * What kind of budget a {@link PoolTrace} lives on.
 *
 * @param name for messages
 * @param booking how the provider books
 * @param rule by which formula
 * @param queue in which order calls wait
 * @param limits the pool's limits
 * @param tenants limits of tenants
 * @param tokens what sizes of calls are measured by
 */
record PoolMix(String name, Booking booking, CostRule rule, QueueSettings queue, List<Limit> limits,
		TenantSettings tenants, long tokens) {

	private static final Duration AGEING = Duration.ofSeconds(20);

	private static final QueueSettings USUAL = new QueueSettings(12, AGEING, 4, 0, 1);

	static List<PoolMix> all() {
		return List.of(
				new PoolMix("tenants with limits", Booking.ESTIMATE, CostRule.PLAIN, USUAL,
						List.of(limit(Dimension.REQUESTS, 12), limit(Dimension.TOKENS, 1000)),
						tenants(List.of(limit(Dimension.TOKENS, 400)),
								List.of(limit(Dimension.REQUESTS, 2), limit(Dimension.TOKENS, 600))),
						1000),
				new PoolMix("calls in progress, settled", Booking.SETTLED, new CostRule(Formula.MAX, 1, 1), USUAL,
						List.of(limit(Dimension.TOKENS, 1000), held(Dimension.CONCURRENT, 4)),
						tenants(List.of(held(Dimension.CONCURRENT, 2)), List.of(limit(Dimension.TOKENS, 300))), 1000),
				new PoolMix("actual", Booking.ACTUAL, CostRule.PLAIN, USUAL,
						List.of(limit(Dimension.INPUT_TOKENS, 100_000), limit(Dimension.OUTPUT_TOKENS, 80_000),
								held(Dimension.CONCURRENT, 9)),
						tenants(List.of(limit(Dimension.TOKENS, 90_000)), List.of(limit(Dimension.REQUESTS, 3))),
						100_000),
				new PoolMix("throttled", Booking.ESTIMATE, CostRule.PLAIN, new QueueSettings(12, AGEING, 4, 0.5, 0.8),
						List.of(limit(Dimension.REQUESTS, 12), limit(Dimension.TOKENS, 1000)),
						tenants(List.of(), List.of(limit(Dimension.TOKENS, 600))), 1000),
				new PoolMix("burndown and batch jobs", Booking.SETTLED, new CostRule(Formula.SUM, 5, 0), USUAL,
						List.of(limit(Dimension.TOKENS, 6000), held(Dimension.ENQUEUED_TOKENS, 2500),
								new Limit(Dimension.REQUESTS, 3, Duration.ofSeconds(5), LimitOrigin.CONFIGURED)),
						tenants(List.of(limit(Dimension.TOKENS, 4000)), List.of(held(Dimension.ENQUEUED_TOKENS, 1500))),
						1000),
				new PoolMix("input counts, throttled and actual", Booking.ACTUAL, new CostRule(Formula.INPUT, 1, 0.1),
						new QueueSettings(12, Duration.ZERO, 8, 0.2, 1), List.of(limit(Dimension.TOKENS, 200_000)),
						TenantSettings.FAIR, 200_000));
	}

	private static Limit limit(Dimension dimension, long amount) {
		return Limit.perMinute(dimension, amount);
	}

	private static Limit held(Dimension dimension, long amount) {
		return new Limit(dimension, amount, null, LimitOrigin.CONFIGURED);
	}

	/** Tenant {@code a} has limits of its own kind, {@code b} has none and weight 5. */
	private static TenantSettings tenants(List<Limit> standard, List<Limit> ofA) {
		return new TenantSettings(new TenantPolicy(1, standard),
				Map.of("a", new TenantPolicy(2, ofA), "b", new TenantPolicy(5, List.of())));
	}

	Tariff tariff() {
		return new Tariff(this.rule, this.booking);
	}

	Cost cost(Random random) {
		long input = tokens(random);
		return (random.nextInt(4) == 0) ? Cost.ofTotal(input) : Cost.of(input, tokens(random));
	}

	private long tokens(Random random) {
		double part = switch (random.nextInt(10)) {
			case 0 -> 0;
			case 1 -> 0.4;
			default -> 0.12;
		};
		return (long) Math.ceil(this.tokens * part * random.nextDouble());
	}

	/** What a call used: where actual usage is expected, no more than the estimate. */
	Usage usage(Random random, Cost cost) {
		long input = cost.amount(Dimension.INPUT_TOKENS);
		long output = cost.amount(Dimension.OUTPUT_TOKENS);
		if (this.booking != Booking.ACTUAL && random.nextInt(4) == 0) {
			return (random.nextInt(3) == 0) ? Usage.of(-1, 3 * output) : Usage.of(2 * input + 1, output);
		}
		long used = (long) (input * random.nextDouble());
		return new Usage(used, (long) (output * random.nextDouble()), (long) (used * random.nextDouble()));
	}

	@Override
	public String toString() {
		return this.name;
	}

}
