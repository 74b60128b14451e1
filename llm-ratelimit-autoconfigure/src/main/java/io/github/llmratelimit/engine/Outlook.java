package io.github.llmratelimit.engine;

import java.time.Duration;

import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Forecast;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.engine.Waiter.Refused;
import org.jspecify.annotations.Nullable;

/**
 * When calls will start, and who is refused because that is too late.
 */
final class Outlook {

	private final Ledger ledger;

	private final Books books;

	private final FairQueue queue;

	private final Tenants tenants;

	private final Pauses pauses;

	private final Plan plan = new Plan();

	Outlook(Ledger ledger, Books books, FairQueue queue, Tenants tenants, Pauses pauses) {
		this.ledger = ledger;
		this.books = books;
		this.queue = queue;
		this.tenants = tenants;
		this.pauses = pauses;
	}

	Plan plan() {
		return this.plan;
	}

	/** When a newcomer would start: by the plan, or estimated where there is none. */
	long startOf(Waiter waiter, boolean planned, long now) {
		if (planned) {
			return this.plan.startOf(now, waiter.cost(), this.ledger, this.queue, this.pauses);
		}
		long start = this.ledger.fitsBehind(now, this.queue.ahead(waiter, now), waiter.cost());
		return Ticks.latest(start, this.pauses.endFor(waiter.cost(), now));
	}

	/** When the first of all can start, if nothing else is taken until then. */
	long startOfHead(Waiter head, long now) {
		return Ticks.latest(this.ledger.fitsAt(now, head.cost()), this.pauses.endFor(head.cost(), now));
	}

	/**
	 * Whether a start is too late for a waiter, also if calls in flight give back what
	 * they are known to.
	 */
	boolean isTooLate(long start, Waiter waiter, long now) {
		return now + (long) ((start - now) * this.ledger.tariff().usedPart()) - waiter.deadlineNanos > 0;
	}

	Refused tooLong(Waiter waiter, long start, long now) {
		return Refusals.tooLong(waiter, start - now, binding(now, waiter.cost()),
				this.pauses.longestFor(waiter.cost(), now));
	}

	/** The refusal of a newcomer whose tenant's own limits allow it too late. */
	@Nullable Refused refusedByTenant(Waiter waiter, long now) {
		Ledger own = this.books.ownOf(waiter.asked.tenant(), now);
		if (own == null) {
			return null;
		}
		long start = own.fitsBehind(now, aheadOfTenant(waiter), waiter.cost());
		if (!isTooLate(start, waiter, now)) {
			return null;
		}
		Limit binding = own.binding(now, waiter.cost());
		return Refusals.tenantLimit(waiter, start - now, (binding != null) ? binding : own.limits().get(0));
	}

	private long[] aheadOfTenant(Waiter waiter) {
		Tenant tenant = this.tenants.known(waiter.asked.tenant());
		Line line = (tenant != null) ? tenant.lines[waiter.asked.priority().ordinal()] : null;
		return (line != null) ? line.amounts : new long[Dimension.values().length];
	}

	/**
	 * It has waited its longest. When it would have started is estimated: many expire.
	 */
	Refused expired(Waiter waiter, long now) {
		Ledger own = this.books.ownOf(waiter, now);
		if (own != null && waiter.line != null && waiter.line.blocked) {
			return Refusals.tenantLimit(waiter, own.fitsAt(now, waiter.cost()) - now, own.binding(now, waiter.cost()));
		}
		return tooLong(waiter, startOf(waiter, false, now), now);
	}

	/** When a call would start if it asked now. */
	Forecast forecast(Waiter waiter, long now) {
		long start = startOf(waiter, this.queue.isInArrivalOrderFor(waiter), now);
		Limit binding = (start - now > 0) ? binding(now, waiter.cost()) : null;
		return new Forecast(Duration.ofNanos(start - now), (binding != null) ? binding.dimension() : null,
				this.queue.size());
	}

	/** The limit that makes a cost wait: its own, or that of the call in front of all. */
	private @Nullable Limit binding(long now, Cost cost) {
		Limit own = this.ledger.binding(now, cost);
		Waiter head = this.queue.head(now);
		return (own == null && head != null) ? this.ledger.binding(now, head.cost()) : own;
	}

}
