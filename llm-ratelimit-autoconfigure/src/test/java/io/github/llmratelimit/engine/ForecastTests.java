package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.CostRule;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Forecast;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.Priority;
import io.github.llmratelimit.engine.admission.Waiter;
import io.github.llmratelimit.engine.admission.Waiter.Asked;
import io.github.llmratelimit.engine.admission.Waiter.Granted;
import io.github.llmratelimit.engine.ledger.Tariff;
import io.github.llmratelimit.engine.settings.EngineSettings;
import io.github.llmratelimit.engine.settings.QueueSettings;
import io.github.llmratelimit.engine.settings.TenantPolicy;
import io.github.llmratelimit.engine.settings.TenantSettings;
import io.github.llmratelimit.time.FakeTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Forecasts against what then happens, on random queues of all classes and tenants.
 */
class ForecastTests {

	private static final Duration PATIENCE = Duration.ofHours(10);

	private static final TenantSettings TENANTS = new TenantSettings(
			new TenantPolicy(1, List.of(Limit.perMinute(Dimension.TOKENS, 700))),
			Map.of("heavy", new TenantPolicy(4, List.of()), "small",
					new TenantPolicy(1, List.of(Limit.perMinute(Dimension.REQUESTS, 2)))));

	private static final List<String> NAMES = List.of("heavy", "small", "a", "b", "c");

	private final FakeTime time = new FakeTime();

	private Budget budget;

	@ParameterizedTest
	@ValueSource(doubles = { 0, 0.3 })
	void forecastWhenNobodyComesAfterIsWhenTheCallStarts(double lowWatermark) {
		for (int seed = 0; seed < 300; seed++) {
			Random random = new Random(seed);
			fill(random, 1 + random.nextInt(40), lowWatermark);
			CallRequest request = request(random);
			Forecast forecast = this.budget.forecast(request);
			long expected = this.time.nanos() + forecast.waitTime().toNanos();
			Waiter waiter = ask(request);
			for (int alarms = 0; waiter.answer() == null && alarms < 10_000; alarms++) {
				this.time.advanceToNextAlarm();
			}
			assertThat(waiter.answer()).as("seed %d", seed).isEqualTo(new Granted(expected));
		}
	}

	@Test
	void forecastTakesNothing() {
		fill(new Random(1), 20, 0);
		List<?> before = this.budget.status().windows();
		this.budget.forecast(request(new Random(2)));
		assertThat(this.budget.status().windows()).isEqualTo(before);
	}

	@Test
	void forecastWhenItsTenantIsAtItsLimitSaysSo() {
		newBudget(0);
		CallRequest request = CallRequest.of(Cost.ofTotal(400)).withTenant("a");
		ask(request);
		Forecast forecast = this.budget.forecast(request);
		assertThat(forecast.tenantLimit()).isTrue();
		assertThat(forecast.dimension()).isEqualTo(Dimension.TOKENS);
		assertThat(forecast.ahead()).isZero();
	}

	@Test
	void forecastWhenUrgentCountsOnlyThoseWhoStartBefore() {
		newBudget(0);
		ask(CallRequest.of(Cost.ofTotal(1000)));
		ask(CallRequest.of(Cost.ofTotal(1000)).withPriority(Priority.BATCH));
		CallRequest request = CallRequest.of(Cost.ofTotal(1000));
		assertThat(this.budget.forecast(request.withPriority(Priority.HIGH)).ahead()).isZero();
		assertThat(this.budget.forecast(request.withPriority(Priority.BATCH)).ahead()).isEqualTo(1);
	}

	private void newBudget(double lowWatermark) {
		QueueSettings order = new QueueSettings(1000, Duration.ofSeconds(45), 4, lowWatermark, 1);
		this.budget = new Budget(new BudgetKey("test", "pool"),
				List.of(Limit.perMinute(Dimension.REQUESTS, 10), Limit.perMinute(Dimension.TOKENS, 1000)),
				new Tariff(CostRule.PLAIN, Booking.ESTIMATE), new EngineSettings(PATIENCE, null, order, TENANTS),
				this.time);
	}

	private void fill(Random random, int calls, double lowWatermark) {
		newBudget(lowWatermark);
		for (int i = 0; i < calls; i++) {
			this.time.advance(Duration.ofMillis(random.nextInt(3000)));
			ask(request(random));
		}
	}

	private static CallRequest request(Random random) {
		String tenant = (random.nextInt(6) == 0) ? null : NAMES.get(random.nextInt(NAMES.size()));
		Priority priority = Priority.values()[random.nextInt(3)];
		return CallRequest.of(Cost.ofTotal(1 + random.nextInt(random.nextInt(5) == 0 ? 700 : 150)))
			.withTenant(tenant)
			.withPriority(priority);
	}

	private Waiter ask(CallRequest request) {
		Asked asked = new Asked("model", request.cost(), request.priority(), request.tenant(), PATIENCE.toNanos());
		Waiter waiter = new Waiter(asked, false, 0, this.time.nanos() + PATIENCE.toNanos(), () -> {
		});
		this.budget.ask(waiter);
		return waiter;
	}

}
