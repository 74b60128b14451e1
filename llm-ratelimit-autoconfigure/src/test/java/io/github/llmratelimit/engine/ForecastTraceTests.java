package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.Priority;
import io.github.llmratelimit.engine.admission.Waiter;
import io.github.llmratelimit.engine.settings.QueueSettings;
import io.github.llmratelimit.engine.settings.TenantPolicy;
import io.github.llmratelimit.engine.settings.TenantSettings;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Forecasts of random queues with classes, tenants and backfill: if nothing disturbs, a
 * call starts exactly when it was forecast to.
 */
class ForecastTraceTests {

	private static final Duration PATIENCE = Duration.ofDays(1);

	@Test
	void forecastWhenNothingElseComesIsTheStart() {
		int waited = 0;
		for (int seed = 0; seed < 200; seed++) {
			waited += new World(seed).run() ? 1 : 0;
		}
		// forecasts that are all immediate would prove nothing
		assertThat(waited).isGreaterThan(100);
	}

	@Test
	void askWhenOnlyAgeLetsACallStartInTimeWaits() {
		World world = new World(0);
		world.tenants = TenantSettings.FAIR;
		world.ask(null, 1000, PATIENCE);
		for (int i = 0; i < 5; i++) {
			world.ask("urgent", Priority.HIGH, 1000, PATIENCE);
		}
		// as urgent as the others after 40 s, and of a tenant that has had nothing
		Waiter old = world.ask("patient", Priority.BATCH, 1000, Duration.ofSeconds(200));
		world.at(PoolFixture.BACK.multipliedBy(2));
		assertThat(world.startOf(old)).isEqualTo(PoolFixture.BACK.multipliedBy(2));
	}

	private static final class World extends PoolFixture {

		private static final String[] TENANTS = { "a", "b", "c", null };

		private final long seed;

		private final Random random;

		World(long seed) {
			this.seed = seed;
			this.random = new Random(seed);
			this.queue = new QueueSettings(1000, Duration.ofSeconds(20), (int) (seed % 5), 0, 1);
			this.tenants = new TenantSettings(TenantPolicy.FAIR,
					Map.of("a", new TenantPolicy(2, List.of(Limit.perMinute(Dimension.TOKENS, 400)))));
		}

		/** Whether there was anything to wait for. */
		boolean run() {
			for (int i = 0; i < 25; i++) {
				askAny((this.random.nextInt(4) == 0) ? Duration.ofSeconds(this.random.nextInt(90)) : PATIENCE);
				this.time.advance(Duration.ofMillis(this.random.nextInt(4000)));
			}
			String tenant = anyTenant();
			Priority priority = anyPriority();
			Cost cost = anyCost();
			Duration forecast = budget()
				.forecast(CallRequest.of(cost).withTenant(tenant).withPriority(priority).withMaxWait(PATIENCE))
				.waitTime();
			long asked = this.time.nanos();
			Waiter waiter = ask(tenant, priority, cost, PATIENCE);
			this.time.advance(PATIENCE);
			assertThat(waiter.answer()).isInstanceOf(Waiter.Granted.class);
			Duration waited = Duration.ofNanos(((Waiter.Granted) waiter.answer()).atNanos() - asked);
			assertThat(waited).as("%s call of %s, seed %d", priority, tenant, this.seed).isEqualTo(forecast);
			return !waited.isZero();
		}

		private void askAny(Duration maxWait) {
			ask(anyTenant(), anyPriority(), anyCost(), maxWait);
		}

		private String anyTenant() {
			return TENANTS[this.random.nextInt(TENANTS.length)];
		}

		private Priority anyPriority() {
			return Priority.values()[this.random.nextInt(3)];
		}

		private Cost anyCost() {
			return Cost.ofTotal(1 + this.random.nextInt((this.random.nextInt(4) == 0) ? 400 : 100));
		}

	}

}
