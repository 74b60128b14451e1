package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.admission.Entry;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every admission with its exact instant: what the ledger must not be more generous than,
 * nor more than two slots and a guard stingier. Slow and obviously right.
 */
final class ExactLog {

	private final List<Entry> entries = new ArrayList<>();

	private final List<Window> windows = new ArrayList<>();

	ExactLog(List<Limit> limits, Duration guard, long nowNanos) {
		limits.forEach((limit) -> this.windows.add(new Window(limit, guard, nowNanos)));
	}

	/** Checks that an admission was allowed, and writes it down. */
	Entry admit(long atNanos, Cost cost) {
		Entry entry = new Entry(atNanos, cost);
		this.entries.add(entry);
		for (int i = 0; i < this.windows.size(); i++) {
			Window window = this.windows.get(i);
			assertThat(held(i, atNanos, window.heldNanos)).as("admitted within %s", window)
				.isLessThanOrEqualTo(window.amount());
		}
		return entry;
	}

	/**
	 * Whether a cost fits even if everything is held for two slots longer than it must.
	 */
	boolean fitsForSure(long nowNanos, Cost cost) {
		for (int i = 0; i < this.windows.size(); i++) {
			Window window = this.windows.get(i);
			long held = held(i, nowNanos, window.heldNanos + window.roundingNanos);
			if (held + cost.amount(window.dimension) > window.amount()) {
				return false;
			}
		}
		return true;
	}

	private long held(int window, long nowNanos, long spanNanos) {
		long held = 0;
		for (int i = this.entries.size() - 1; i >= 0; i--) {
			Entry entry = this.entries.get(i);
			if (nowNanos - entry.atNanos >= spanNanos) {
				break;
			}
			held += entry.taken[window];
		}
		return held;
	}

	/**
	 * Checks every interval of every window's length: what was admitted in it is at most
	 * the largest limit in force in it.
	 */
	void checkEveryInterval() {
		for (int i = 0; i < this.windows.size(); i++) {
			Window window = this.windows.get(i);
			for (int first = 0; first < this.entries.size(); first++) {
				long from = this.entries.get(first).atNanos;
				long admitted = 0;
				for (int last = first; last < this.entries.size(); last++) {
					Entry entry = this.entries.get(last);
					if (entry.atNanos - from >= window.windowNanos) {
						break;
					}
					admitted += entry.admitted[i];
					assertThat(admitted).as("admitted within an interval of %s", window)
						.isLessThanOrEqualTo(window.largestAmount(from, entry.atNanos));
				}
			}
		}
	}

	void changeLimit(int window, long amount, long nowNanos) {
		this.windows.get(window).changes.add(new Change(nowNanos, amount));
	}

	/** Whether a cost exceeds a limit as a whole. */
	boolean isTooLarge(Cost cost) {
		return this.windows.stream().anyMatch((window) -> cost.amount(window.dimension) > window.amount());
	}

	final class Entry {

		private final long atNanos;

		/** What counts against later admissions. */
		private final long[] taken;

		/** What was taken at admission, less what was given back. */
		private final long[] admitted;

		Entry(long atNanos, Cost cost) {
			this.atNanos = atNanos;
			this.taken = ExactLog.this.windows.stream().mapToLong((window) -> cost.amount(window.dimension)).toArray();
			this.admitted = this.taken.clone();
		}

		void neverSent() {
			for (int i = 0; i < this.taken.length; i++) {
				correct(i, -this.taken[i]);
			}
		}

		void refused() {
			for (int i = 0; i < this.taken.length; i++) {
				if (ExactLog.this.windows.get(i).dimension != Dimension.REQUESTS) {
					correct(i, -this.taken[i]);
				}
			}
		}

		void answered(Usage usage, Booking booking) {
			for (int i = 0; i < this.taken.length; i++) {
				Dimension dimension = ExactLog.this.windows.get(i).dimension;
				long difference = usage.amount(dimension) - this.taken[i];
				if (dimension != Dimension.REQUESTS && (difference > 0 || booking != Booking.ESTIMATE)) {
					correct(i, difference);
				}
			}
		}

		private void correct(int window, long difference) {
			this.taken[window] += difference;
			this.admitted[window] += Math.min(0, difference);
		}

	}

	private static final class Window {

		private final Dimension dimension;

		private final long windowNanos;

		private final long heldNanos;

		/** Two slots: what rounding to slots may cost. */
		private final long roundingNanos;

		private final List<Change> changes = new ArrayList<>();

		Window(Limit limit, Duration guard, long nowNanos) {
			this.dimension = limit.dimension();
			this.windowNanos = limit.per().toNanos();
			this.heldNanos = this.windowNanos + guard.toNanos();
			this.roundingNanos = this.windowNanos / 600;
			this.changes.add(new Change(nowNanos, limit.amount()));
		}

		long amount() {
			return this.changes.get(this.changes.size() - 1).amount();
		}

		long largestAmount(long fromNanos, long toNanos) {
			long largest = 0;
			for (int i = 0; i < this.changes.size(); i++) {
				boolean begun = this.changes.get(i).atNanos() - toNanos <= 0;
				boolean over = i + 1 < this.changes.size() && this.changes.get(i + 1).atNanos() - fromNanos < 0;
				if (begun && !over) {
					largest = Math.max(largest, this.changes.get(i).amount());
				}
			}
			return largest;
		}

		@Override
		public String toString() {
			return "%s of %s".formatted(this.dimension, Duration.ofNanos(this.windowNanos));
		}

	}

	private record Change(long atNanos, long amount) {
	}

}
