package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.CostRule;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.admission.Entry;
import io.github.llmratelimit.engine.admission.Waiter;
import io.github.llmratelimit.engine.admission.Waiter.Asked;
import io.github.llmratelimit.engine.admission.Waiter.Granted;
import io.github.llmratelimit.engine.ledger.LearningPolicy;
import io.github.llmratelimit.engine.ledger.Tariff;
import io.github.llmratelimit.engine.settings.EngineSettings;
import io.github.llmratelimit.engine.settings.LearningSettings;
import io.github.llmratelimit.provider.DialectTraits;
import io.github.llmratelimit.provider.ProviderSignal;
import io.github.llmratelimit.time.AlarmClock;
import org.jspecify.annotations.Nullable;

/**
 * A budget of the engine, driven by callbacks instead of threads.
 */
public final class EngineClient {

	private static final Duration PATIENCE = Duration.ofMinutes(10);

	private static final Duration LONGEST = Duration.ofHours(1);

	private final Duration patience;

	private final Budget budget;

	private final AlarmClock clock;

	public EngineClient(List<Limit> limits, Booking booking, AlarmClock clock) {
		this(limits, booking, clock, PATIENCE, null, false);
	}

	/**
	 * Creates a budget.
	 * @param limits its windows
	 * @param booking how the provider books a call
	 * @param clock the time
	 * @param patience how long a call waits that doesn't say it
	 * @param traits what answers are worth, {@code null} if nobody listens to them
	 * @param strict whether no refusal is acceptable
	 */
	public EngineClient(List<Limit> limits, Booking booking, AlarmClock clock, Duration patience,
			@Nullable DialectTraits traits, boolean strict) {
		this.patience = patience;
		this.budget = new Budget(new BudgetKey("simulated", "pool"), limits, tariff(booking, traits, strict),
				new EngineSettings(patience, 1_000_000, null), clock);
		this.clock = clock;
	}

	private static Tariff tariff(Booking booking, @Nullable DialectTraits traits, boolean strict) {
		return (traits == null) ? new Tariff(CostRule.PLAIN, booking) : new Tariff(CostRule.PLAIN, booking,
				new LearningPolicy(LearningSettings.ALL, 1, traits, booking, strict));
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
		this.budget.works(((Waiter) call).entry);
	}

	/** Ends a call that the provider turned away for lack of capacity. */
	public void turnedAway(Object call) {
		this.budget.overloaded(((Waiter) call).entry, 0, null);
		this.budget.keep(((Waiter) call).entry);
	}

	/** The same where nobody else hears of it. */
	public void failed(Object call) {
		this.budget.keep(((Waiter) call).entry);
	}

	/** An answer, or a refusal, told about limits. */
	public void hear(Object call, ProviderSignal signal) {
		this.budget.hear(((Waiter) call).entry, signal);
	}

	/** Ends a call that the provider refused. */
	public void refused(Object call, Dimension dimension) {
		Entry entry = ((Waiter) call).entry;
		List<Dimension> meant = List.of(dimension);
		this.budget.cameTooEarly(entry, meant, LONGEST);
		long waitNanos = this.budget.pause(meant, 0, LONGEST, Reason.PAUSED, null);
		this.budget.restart(meant, LONGEST, waitNanos);
		this.budget.giveBackTokens(entry);
	}

}
