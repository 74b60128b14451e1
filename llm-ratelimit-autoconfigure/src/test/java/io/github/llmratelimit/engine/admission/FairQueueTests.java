package io.github.llmratelimit.engine.admission;

import java.time.Duration;
import java.util.Map;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.CostRule;
import io.github.llmratelimit.Priority;
import io.github.llmratelimit.engine.admission.Waiter.Asked;
import io.github.llmratelimit.engine.ledger.Tariff;
import io.github.llmratelimit.engine.settings.TenantSettings;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

/**
 * Tests for the order of {@link FairQueue}.
 */
class FairQueueTests {

	private final Tariff tariff = new Tariff(CostRule.PLAIN, Booking.ESTIMATE);

	private final FairQueue queue = new FairQueue(new Tenants(TenantSettings.FAIR, this.tariff), this.tariff,
			Duration.ofSeconds(30));

	@Test
	void sizeByPriorityWhenCallsWaitCountsEachOnce() {
		this.queue.add(waiter(Priority.BATCH), 0);
		this.queue.add(waiter(Priority.HIGH), 0);
		this.queue.add(waiter(Priority.BATCH), 0);
		assertThat(this.queue.sizeByPriority())
			.isEqualTo(Map.of(Priority.HIGH, 1, Priority.NORMAL, 0, Priority.BATCH, 2));
	}

	@Test
	void sizeByPriorityWhenCallLeavesTwiceForgetsItOnce() {
		Waiter leaving = waiter(Priority.NORMAL);
		this.queue.add(leaving, 0);
		this.queue.add(waiter(Priority.NORMAL), 0);
		this.queue.remove(leaving, 0);
		this.queue.remove(leaving, 0);
		assertThat(this.queue.sizeByPriority()).containsEntry(Priority.NORMAL, 1);
	}

	@Test
	void traceWhenRandomIsInTheOrderOfTheOracle() {
		int reordered = 0;
		for (int seed = 0; seed < 60; seed++) {
			FairQueueTrace trace = new FairQueueTrace(seed);
			assertThatCode(() -> trace.run(400)).as("seed %d", seed).doesNotThrowAnyException();
			reordered += trace.reordered;
		}
		// a trace in the order of arrival would prove nothing
		assertThat(reordered).isGreaterThan(500);
	}

	private static Waiter waiter(Priority priority) {
		return new Waiter(new Asked("gpt-4o", Cost.of(1, 1), priority, null, 0), false, 0, 0, () -> {
		});
	}

}
