package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.CostRule;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.Waiter.Asked;
import io.github.llmratelimit.engine.Waiter.Granted;
import io.github.llmratelimit.time.AlarmClock;

/**
 * A budget of the engine, driven by callbacks instead of threads.
 */
public final class EngineClient {

	/** What the engine can't do yet: whoever teaches it takes it out of here. */
	public static final Set<Ability> NOT_YET = EnumSet.of(Ability.LEARNING);

	private static final Duration PATIENCE = Duration.ofMinutes(10);

	private final Duration patience;

	private final Budget budget;

	private final AlarmClock clock;

	public EngineClient(List<Limit> limits, Booking booking, AlarmClock clock) {
		this(limits, booking, clock, PATIENCE);
	}

	/**
	 * Creates a budget.
	 * @param limits its windows
	 * @param booking how the provider books a call
	 * @param clock the time
	 * @param patience how long a call waits that doesn't say it
	 */
	public EngineClient(List<Limit> limits, Booking booking, AlarmClock clock, Duration patience) {
		this.patience = patience;
		this.budget = new Budget(new BudgetKey("simulated", "pool"), limits, new Tariff(CostRule.PLAIN, booking),
				new EngineSettings(patience, 1_000_000, null), clock);
		this.clock = clock;
	}

	/**
	 * Asks for admission.
	 * @param request what the call needs
	 * @param granted called once it may go
	 * @param refused called if it never will
	 * @return what ends the call in the other methods
	 */
	public Object ask(CallRequest request, Runnable granted, Runnable refused) {
		Waiter[] waiter = new Waiter[1];
		long waitNanos = Objects.requireNonNullElse(request.maxWait(), this.patience).toNanos();
		Asked asked = new Asked("model", request.cost(), request.priority(), request.tenant(), waitNanos);
		waiter[0] = new Waiter(asked, false, 0, this.clock.nanos() + waitNanos, () -> {
			if (waiter[0].answer() instanceof Granted) {
				granted.run();
			}
			else {
				refused.run();
			}
		});
		this.budget.ask(waiter[0]);
		return waiter[0];
	}

	/** Ends a call that was answered. */
	public void settle(Object call, long actual) {
		this.budget.settle(((Waiter) call).entry, Usage.of(actual, 0));
	}

	/** Ends a call that the provider refused. */
	public void refused(Object call) {
		this.budget.giveBackTokens(((Waiter) call).entry);
		this.budget.pause(List.of(), 0, Duration.ofHours(1), Reason.PAUSED, null);
	}

	/** What an engine may be able to do. */
	public enum Ability {

		/** Books as {@link Booking#ACTUAL} does. */
		ACTUAL,

		/** Lets urgent calls go first. */
		PRIORITIES,

		/** Shares fairly between tenants. */
		TENANTS,

		/** Learns from what the headers of answers say. */
		LEARNING

	}

}
