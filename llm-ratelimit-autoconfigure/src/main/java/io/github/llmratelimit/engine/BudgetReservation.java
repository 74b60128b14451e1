package io.github.llmratelimit.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Reservation;
import io.github.llmratelimit.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What one call took of a budget, ended once by whoever comes first.
 */
final class BudgetReservation implements Reservation {

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

	private final ModelLimiter limiter;

	private final Cost cost;

	private long takenAtNanos;

	@SuppressWarnings("unused") // through ENDED
	private volatile boolean ended;

	BudgetReservation(ModelLimiter limiter, Cost cost, long takenAtNanos) {
		this.limiter = limiter;
		this.cost = cost;
		this.takenAtNanos = takenAtNanos;
	}

	@Override
	public Cost cost() {
		return this.cost;
	}

	@Override
	public void settle(Usage usage) {
		if (end()) {
			this.limiter.budget().settle(this.takenAtNanos, this.cost, usage);
			ended(usage);
		}
	}

	@Override
	public void release() {
		if (end()) {
			this.limiter.budget().giveBack(this.takenAtNanos, this.cost);
			ended(null);
		}
	}

	@Override
	public void close() {
		if (end()) {
			this.limiter.budget().keep();
			ended(null);
		}
	}

	/**
	 * The call leaves now. Whatever went on since it was admitted (a cold JVM, a pause of
	 * the garbage collector, work of the method itself), the provider counts from its
	 * arrival on.
	 */
	void sending() {
		boolean open = !(boolean) ENDED.getVolatile(this);
		if (open && this.limiter.clock().nanos() - this.takenAtNanos > LATE_NANOS) {
			this.takenAtNanos = this.limiter.budget().takeLater(this.takenAtNanos, this.cost);
		}
	}

	long takenAtNanos() {
		return this.takenAtNanos;
	}

	/** The provider refused the call: it counts the request, not the tokens. */
	void refused() {
		if (end()) {
			this.limiter.budget().giveBackTokens(this.takenAtNanos, this.cost);
			ended(null);
		}
	}

	private boolean end() {
		return ENDED.compareAndSet(this, false, true);
	}

	private void ended(@Nullable Usage usage) {
		this.limiter.listeners().onEnd(this.limiter, this.cost, usage);
	}

}
