package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.List;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.Priority;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.Waiter.Asked;
import io.github.llmratelimit.engine.Waiter.Granted;
import io.github.llmratelimit.time.AlarmClock;

/**
 * A budget of the engine, driven by callbacks instead of threads.
 */
public final class EngineClient {

	private final Budget budget;

	private final AlarmClock clock;

	public EngineClient(List<Limit> limits, Booking booking, AlarmClock clock) {
		this.budget = new Budget(new BudgetKey("simulated", "pool"), limits, booking,
				new EngineSettings(Duration.ofMinutes(10), 1_000_000, null), clock);
		this.clock = clock;
	}

	public void ask(Cost cost, Runnable granted, Runnable refused, long[] takenAt) {
		Waiter[] waiter = new Waiter[1];
		waiter[0] = new Waiter(new Asked("model", cost, Priority.NORMAL, null, Duration.ofMinutes(10).toNanos()), false,
				0, this.clock.nanos() + Duration.ofMinutes(10).toNanos(), () -> {
					if (waiter[0].answer() instanceof Granted grant) {
						takenAt[0] = grant.atNanos();
						granted.run();
					}
					else {
						refused.run();
					}
				});
		this.budget.ask(waiter[0]);
	}

	public void settle(long takenAt, Cost cost, long actual) {
		this.budget.settle(takenAt, cost, Usage.of(actual, 0));
	}

	public void refused(long takenAt, Cost cost) {
		this.budget.giveBackTokens(takenAt, cost);
		this.budget.pause(List.of(), 0, Duration.ofHours(1), Reason.PAUSED, null);
	}

}
