package io.github.llmratelimit.engine.admission;

import java.time.Duration;

import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Forecast;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.engine.admission.Waiter.Asked;
import io.github.llmratelimit.engine.admission.Waiter.Refused;
import io.github.llmratelimit.engine.ledger.Ledger;
import io.github.llmratelimit.engine.settings.QueueSettings;
import io.github.llmratelimit.time.Ticks;
import org.jspecify.annotations.Nullable;

/**
 * When calls will start, and who is refused because that is too late.
 */
final class Outlook {

	/*
	 * Three forecasts
	 *
	 * Where calls start in the order of arrival, the plan says when, in one step, and but
	 * for backfill exactly. Else (classes, tenants with several calls) the answer takes a
	 * rehearsal of the whole queue: too much for every newcomer. So whether a newcomer is
	 * refused follows from an estimate: what is ahead of it, from sums per class and
	 * tenant, comes free at the pace of the windows. Only who would be refused is
	 * rehearsed, and not more often than every 10 ms, so that a flood of calls that
	 * cannot start costs a few dozen steps each.
	 */

	/** Longest queue that is rehearsed. */
	private static final int LONGEST_REHEARSAL = 256;

	private static final long CHECK_EVERY_NANOS = 10_000_000L;

	private final Ledger ledger;

	private final Books books;

	private final FairQueue queue;

	private final Tenants tenants;

	private final Pauses pauses;

	private final QueueSettings settings;

	private final Plan plan = new Plan();

	private long checkedNanos;

	Outlook(Ledger ledger, Books books, FairQueue queue, Tenants tenants, Pauses pauses, QueueSettings settings,
			long nowNanos) {
		this.ledger = ledger;
		this.books = books;
		this.queue = queue;
		this.tenants = tenants;
		this.pauses = pauses;
		this.settings = settings;
		this.checkedNanos = nowNanos - CHECK_EVERY_NANOS;
	}

	Plan plan() {
		return this.plan;
	}

	/**
	 * When a newcomer would start: by the plan, or estimated where there is none or where
	 * making it would take long.
	 */
	long startOf(Waiter waiter, boolean planned, long now) {
		if (planned && (this.plan.isMade() || this.queue.size() <= LONGEST_REHEARSAL)) {
			return this.plan.startOf(now, waiter.cost(), this.ledger, this.queue, this.pauses);
		}
		long start = this.ledger.fitsBehind(now, this.queue.ahead(waiter, now), waiter.cost());
		return Ticks.latest(start, this.pauses.endFor(waiter.cost(), now));
	}

	/** When the first of all can start, if nothing else is taken until then. */
	long startOfHead(Waiter head, long now) {
		return Ticks.latest(this.ledger.fitsAt(now, head.cost()), this.pauses.endFor(head.cost(), now));
	}

	/** When one of the next can start, if the first lets it pass. */
	long startOfNext(Waiter waiter, long now) {
		Ledger own = this.books.ownOf(waiter, now);
		long start = startOfHead(waiter, now);
		return (own != null) ? Ticks.latest(start, own.fitsAt(now, waiter.cost())) : start;
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

	/**
	 * The refusal of a newcomer whose tenant's own limits allow it too late, or hold it
	 * back behind too many others of the tenant.
	 */
	@Nullable Refused refusedByTenant(Waiter waiter, long now) {
		Ledger own = this.books.ownOf(waiter.asked.tenant(), now);
		if (own == null) {
			return null;
		}
		long start = startOfTenant(waiter, own, now);
		if (isTooLate(start, waiter, now)) {
			return Refusals.tenantLimit(waiter, start - now, bindingOfTenant(waiter, own, now));
		}
		boolean heldBack = start - now > 0 || !own.held().fitsBehind(aheadOfTenant(waiter), waiter.cost());
		return heldBack ? refusedByRoom(waiter) : null;
	}

	/**
	 * A tenant over its own limits may fill half of what others leave of the queue:
	 * however many such tenants there are, some is left for those who are not.
	 */
	private @Nullable Refused refusedByRoom(Waiter waiter) {
		Tenant tenant = this.tenants.known(waiter.asked.tenant());
		int queued = (tenant != null) ? tenant.queued : 0;
		int capacity = this.settings.capacity();
		int most = (capacity > 1) ? (capacity - this.queue.size() + queued) / 2 : 1;
		return (queued >= most) ? Refusals.queueFull(waiter, most) : null;
	}

	/** When the tenant's own limits allow a newcomer, behind its other calls. */
	private long startOfTenant(Waiter waiter, @Nullable Ledger own, long now) {
		return (own != null) ? own.fitsBehind(now, aheadOfTenant(waiter), waiter.cost()) : now;
	}

	private static Limit bindingOfTenant(Waiter waiter, Ledger own, long now) {
		Limit binding = own.binding(now, waiter.cost());
		return (binding != null) ? binding : own.limits().get(0);
	}

	/**
	 * The refusal of a newcomer that could start only after its deadline.
	 * @param planned whether it is the last in the order of arrival
	 * @param start when it would start by the plan, or by an estimate
	 */
	@Nullable Refused refusedByOthers(Waiter waiter, boolean planned, long start, long now) {
		if (!isTooLate(start, waiter, now)) {
			return null;
		}
		long exact = start;
		if (!planned && this.queue.size() <= LONGEST_REHEARSAL && now - this.checkedNanos >= CHECK_EVERY_NANOS) {
			this.checkedNanos = now;
			exact = rehearse(patient(waiter), now).startNanos();
		}
		return isTooLate(exact, waiter, now) ? tooLong(waiter, exact, now) : null;
	}

	/** The same call, as old as it is, with a longer wait before it. */
	private static Waiter patient(Waiter waiter) {
		Asked asked = new Asked(waiter.asked.model(), waiter.cost(), waiter.asked.priority(), waiter.asked.tenant(),
				Ticks.FOREVER_NANOS);
		return new Waiter(asked, waiter.repeated, Long.MAX_VALUE, waiter.sinceNanos() + Ticks.FOREVER_NANOS, () -> {
		});
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
		waiter.arrival = Long.MAX_VALUE;
		Ledger own = this.books.ownOf(waiter.asked.tenant(), now);
		int ahead = this.queue.size();
		long start;
		if (this.queue.size() <= LONGEST_REHEARSAL) {
			Rehearsal rehearsal = rehearse(waiter, now);
			start = rehearsal.startNanos();
			ahead = rehearsal.startedBefore();
		}
		else {
			boolean planned = this.queue.isInArrivalOrderFor(waiter);
			start = Ticks.latest(startOf(waiter, planned, now), startOfTenant(waiter, own, now));
		}
		return forecast(waiter, start, ahead, own, now);
	}

	private Forecast forecast(Waiter waiter, long start, int ahead, @Nullable Ledger own, long now) {
		boolean tenantLimit = own != null && start - now > 0 && startOfTenant(waiter, own, now) - start >= 0;
		Limit binding = (start - now <= 0) ? null
				: (own != null && tenantLimit) ? bindingOfTenant(waiter, own, now) : binding(now, waiter.cost());
		return new Forecast(Duration.ofNanos(start - now), (binding != null) ? binding.dimension() : null, ahead,
				tenantLimit);
	}

	private Rehearsal rehearse(Waiter waiter, long now) {
		return new Rehearsal(this.ledger, this.queue, this.tenants, this.pauses, this.settings, now).run(waiter, now);
	}

	/** The limit that makes a cost wait: its own, or that of the call in front of all. */
	private @Nullable Limit binding(long now, Cost cost) {
		Limit own = this.ledger.binding(now, cost);
		Waiter head = this.queue.head(now);
		return (own == null && head != null) ? this.ledger.binding(now, head.cost()) : own;
	}

}
