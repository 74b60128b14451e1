package io.github.llmratelimit.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.CostRule;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.LimiterStatus;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.admission.Ending;
import io.github.llmratelimit.engine.admission.Entry;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every call of one pool, or of one tenant, with its exact instant: no limit may be
 * exceeded in any interval, and what a ledger says must follow from it, but for the
 * rounding to slots. Knows all bookings and cost rules. Slow and obviously right.
 */
final class PoolLog {

	private final String name;

	private final CostRule rule;

	private final Booking booking;

	private final long guardNanos;

	/** How much longer than window and guard something may be held by rounding. */
	private final int slotsPerWindow;

	private final List<Limit> limits;

	/** The largest amount of each limit so far. */
	private final long[] largest;

	private final List<Booked> all = new ArrayList<>();

	PoolLog(String name, List<Limit> limits, CostRule rule, Booking booking, long guardNanos, int slotsPerWindow) {
		this.name = name;
		this.limits = new ArrayList<>(limits);
		this.largest = limits.stream().mapToLong(Limit::amount).toArray();
		this.rule = rule;
		this.booking = booking;
		this.guardNanos = guardNanos;
		this.slotsPerWindow = slotsPerWindow;
	}

	List<Limit> limits() {
		return this.limits;
	}

	void changeLimit(int index, long amount) {
		this.limits.set(index, this.limits.get(index).withAmount(amount, LimitOrigin.RUNTIME));
		this.largest[index] = Math.max(this.largest[index], amount);
	}

	/** Writes down an admission, and checks that it was allowed. */
	Booked admit(Entry entry, long nowNanos) {
		Booked booked = new Booked(entry, nowNanos);
		this.all.add(booked);
		for (int i = 0; i < this.limits.size(); i++) {
			Limit limit = this.limits.get(i);
			assertThat(held(i, nowNanos, this.guardNanos)).as("admitted of %s of %s", limit, this.name)
				.isLessThanOrEqualTo(limit.amount());
		}
		return booked;
	}

	/** Whether a cost fits even if all is held for as long as rounding can hold it. */
	boolean fitsForSure(Entry entry, long nowNanos) {
		for (int i = 0; i < this.limits.size(); i++) {
			long amount = this.rule.amount(entry.cost(), this.limits.get(i).dimension());
			if (held(i, nowNanos, longest(this.limits.get(i))) + amount > this.limits.get(i).amount()) {
				return false;
			}
		}
		return true;
	}

	/** Checks what a ledger says is left. */
	void check(List<LimiterStatus.Window> windows, long nowNanos) {
		for (int i = 0; i < this.limits.size(); i++) {
			Limit limit = this.limits.get(i);
			long remaining = windows.stream()
				.filter((window) -> window.limit().equals(limit))
				.mapToLong(LimiterStatus.Window::remaining)
				.findFirst()
				.orElseThrow();
			assertThat(remaining).as("left of %s of %s", limit, this.name)
				.isBetween(Math.max(0, limit.amount() - held(i, nowNanos, longest(limit))),
						Math.max(0, limit.amount() - held(i, nowNanos, this.guardNanos)));
		}
	}

	private long longest(Limit limit) {
		return (limit.per() != null) ? this.guardNanos + 2 * (limit.per().toNanos() / this.slotsPerWindow) + 1 : 0;
	}

	private long held(int index, long nowNanos, long beyondWindowNanos) {
		Limit limit = this.limits.get(index);
		long held = 0;
		for (Booked booked : this.all) {
			boolean counts = (limit.per() != null)
					? nowNanos - booked.atNanos < limit.per().toNanos() + beyondWindowNanos : !booked.ended;
			held += counts ? booked.amounts[index] : 0;
		}
		return held;
	}

	/** Checks every interval of every window's length. */
	void checkEveryInterval() {
		for (int i = 0; i < this.limits.size(); i++) {
			Limit limit = this.limits.get(i);
			if (limit.per() == null) {
				continue;
			}
			for (Booked first : this.all) {
				long admitted = 0;
				for (Booked each : this.all) {
					long since = each.atNanos - first.atNanos;
					admitted += (since >= 0 && since < limit.per().toNanos()) ? each.least[i] : 0;
				}
				assertThat(admitted).as("admitted within an interval of %s of %s", limit, this.name)
					.isLessThanOrEqualTo(this.largest[i]);
			}
		}
	}

	/** A call in the log. */
	final class Booked {

		private final Entry entry;

		private long atNanos;

		/** What it takes of each limit. */
		private final long[] amounts;

		/** The least that it has taken of each, at any time. */
		private final long[] least;

		private boolean ended;

		Booked(Entry entry, long atNanos) {
			this.entry = entry;
			this.atNanos = atNanos;
			this.amounts = PoolLog.this.limits.stream().mapToLong((limit) -> taken(limit.dimension())).toArray();
			this.least = this.amounts.clone();
		}

		private long taken(Dimension dimension) {
			long estimate = PoolLog.this.rule.amount(this.entry.cost(), dimension);
			float[] ratios = this.entry.ratios();
			return (ratios == null || dimension.isHeld() || dimension == Dimension.REQUESTS) ? estimate
					: (long) Math.ceil((double) ratios[dimension.ordinal()] * estimate);
		}

		/** The call left only at an instant. */
		void leftAt(long nowNanos) {
			this.atNanos = nowNanos;
			// it was admitted at another instant
			Arrays.fill(this.least, 0);
		}

		void end(Ending ending, Usage usage) {
			this.ended = true;
			for (int i = 0; i < this.amounts.length; i++) {
				Dimension dimension = PoolLog.this.limits.get(i).dimension();
				if (!dimension.isHeld()) {
					this.amounts[i] = end(ending, usage, dimension, this.amounts[i]);
					this.least[i] = Math.min(this.least[i], this.amounts[i]);
				}
			}
		}

		private long end(Ending ending, Usage usage, Dimension dimension, long taken) {
			boolean request = dimension == Dimension.REQUESTS;
			return switch (ending) {
				case GIVEN_BACK -> 0;
				case REFUSED -> request ? taken : 0;
				case KEPT -> Math.max(taken, PoolLog.this.rule.amount(this.entry.cost(), dimension));
				case SETTLED -> {
					long used = PoolLog.this.rule.amount(usage, dimension);
					yield request ? taken : (PoolLog.this.booking == Booking.ESTIMATE) ? Math.max(taken, used) : used;
				}
			};
		}

	}

}
