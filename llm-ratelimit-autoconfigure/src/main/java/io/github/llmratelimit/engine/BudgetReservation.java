package io.github.llmratelimit.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Reservation;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.UsageListener;
import io.github.llmratelimit.engine.admission.Entry;
import org.jspecify.annotations.Nullable;

/**
 * What one call took of a budget, ended once by whoever comes first.
 */
final class BudgetReservation extends Entry implements Reservation {

	private static final VarHandle ENDED;

	static {
		try {
			ENDED = MethodHandles.lookup().findVarHandle(BudgetReservation.class, "ended", boolean.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	/**
	 * How late a call may leave before it is booked anew; the guard covers the rest.
	 */
	private static final long LATE_NANOS = 20_000_000L;

	/** What a further request takes at once: its tokens are known when the call ends. */
	private static final Cost FURTHER = new Cost(1, 0, 0, false);

	private final ModelLimiter limiter;

	private final @Nullable UsageListener usageListener;

	@SuppressWarnings("unused") // through ENDED
	private volatile boolean ended;

	BudgetReservation(ModelLimiter limiter, CallRequest request) {
		super(request.cost(), request.tenant());
		this.limiter = limiter;
		this.usageListener = request.usageListener();
	}

	@Override
	public void settle(Usage usage) {
		if (settleFailed(usage) && this.usageListener != null) {
			this.limiter.listeners().tell(this.usageListener, this.limiter.model(), usage);
		}
	}

	/**
	 * The call took so much and failed all the same: its usage is booked, but says
	 * nothing of whole answers.
	 * @return whether this ended the call
	 */
	boolean settleFailed(Usage usage) {
		if (!end()) {
			return false;
		}
		this.limiter.budget().settle(this, usage);
		ended(usage);
		return true;
	}

	@Override
	public void release() {
		if (end()) {
			this.limiter.budget().giveBack(this);
			ended(null);
		}
	}

	@Override
	public void close() {
		if (end()) {
			this.limiter.budget().keep(this);
			ended(null);
		}
	}

	/**
	 * The call leaves now. Whatever went on since it was admitted (a cold JVM, a pause of
	 * the garbage collector, work of the method itself), the provider counts from its
	 * arrival on. With a further request the whole call is held from then on, which is
	 * longer than needed and never too short.
	 * @param isFirst whether no other request of the call has left
	 */
	void sending(boolean isFirst) {
		if (!isOpen()) {
			return;
		}
		Budget budget = this.limiter.budget();
		if (this.limiter.clock().nanos() - takenAtNanos() > LATE_NANOS) {
			budget.takeLater(this);
		}
		if (!isFirst) {
			Entry further = new Entry(FURTHER, tenant());
			budget.takeAnyway(further);
			// what is held while calls run, one call holds once
			budget.keep(further);
		}
	}

	/** Whether the call has not ended. */
	boolean isOpen() {
		return !(boolean) ENDED.getVolatile(this);
	}

	/** The provider refused the call: it counts the request, not the tokens. */
	void refused() {
		if (end()) {
			this.limiter.budget().giveBackTokens(this);
			ended(null);
		}
	}

	private boolean end() {
		return ENDED.compareAndSet(this, false, true);
	}

	private void ended(@Nullable Usage usage) {
		this.limiter.listeners().onEnd(this.limiter, cost(), tenant(), usage);
	}

}
