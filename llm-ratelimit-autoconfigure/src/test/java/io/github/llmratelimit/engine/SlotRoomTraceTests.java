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
			RoomTrace trace = new RoomTrace(mix, mix::tariff, seed);
			try {
				trace.run(STEPS);
			}
			catch (AssertionError | RuntimeException ex) {
				throw new AssertionError("%s, seed %d: %s".formatted(mix, seed, ex.getMessage()), ex);
			}
			granted += trace.granted();
			refused += trace.refused();
		}
		// a trace that refuses everything, or nothing, would prove nothing
		assertThat(granted).isGreaterThan(SEEDS * STEPS / 10);
		assertThat(refused).isGreaterThan(SEEDS * STEPS / 50);
	}

}
