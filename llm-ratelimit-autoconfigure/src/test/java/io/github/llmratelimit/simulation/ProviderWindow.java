package io.github.llmratelimit.simulation;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * One limit of a provider, exact.
 */
final class ProviderWindow {

	private final Enforcement enforcement;

	private final double limit;

	/** What counts in a rolling window, oldest first; unused by the other kinds. */
	private final Deque<Entry> entries = new ArrayDeque<>();

	private double taken;

	private long lastNanos;

	private long fixedWindow;

	ProviderWindow(Enforcement enforcement, long perMinute) {
		this.enforcement = enforcement;
		this.limit = (double) perMinute * enforcement.windowNanos / 60_000_000_000L;
	}

	void advance(long now) {
		switch (this.enforcement) {
			case ROLLING, ROLLING_REFUSALS_COUNT -> {
				while (!this.entries.isEmpty() && now - this.entries.peek().atNanos >= this.enforcement.windowNanos) {
					Entry entry = this.entries.remove();
					this.taken -= entry.amount;
					entry.amount = 0;
				}
			}
			case FIXED_MINUTES, SLICES -> {
				if (now / this.enforcement.windowNanos != this.fixedWindow) {
					this.fixedWindow = now / this.enforcement.windowNanos;
					this.taken = 0;
				}
			}
			case BUCKET -> this.taken = Math.max(0,
					this.taken - this.limit * (now - this.lastNanos) / this.enforcement.windowNanos);
		}
		this.lastNanos = now;
	}

	boolean fits(double amount) {
		return this.taken + amount <= this.limit + 1e-6;
	}

	/** Takes an amount, whether it fits or not. */
	Entry take(double amount) {
		Entry entry = new Entry(this.lastNanos, amount);
		this.taken += amount;
		if (isRolling()) {
			this.entries.add(entry);
		}
		return entry;
	}

	/** Changes what was taken before; what no longer counts stays as it is. */
	void correct(Entry entry, double amount) {
		if (counts(entry)) {
			this.taken = Math.max(0, this.taken + amount - entry.amount);
			entry.amount = amount;
		}
	}

	private boolean counts(Entry entry) {
		return switch (this.enforcement) {
			case ROLLING, ROLLING_REFUSALS_COUNT -> this.lastNanos - entry.atNanos < this.enforcement.windowNanos;
			case FIXED_MINUTES, SLICES -> entry.atNanos / this.enforcement.windowNanos == this.fixedWindow;
			case BUCKET -> true;
		};
	}

	private boolean isRolling() {
		return this.enforcement == Enforcement.ROLLING || this.enforcement == Enforcement.ROLLING_REFUSALS_COUNT;
	}

	long limit() {
		return (long) this.limit;
	}

	long remaining() {
		return (long) Math.max(0, Math.floor(this.limit - this.taken + 1e-6));
	}

	/** What one call took. */
	static final class Entry {

		private final long atNanos;

		private double amount;

		private Entry(long atNanos, double amount) {
			this.atNanos = atNanos;
			this.amount = amount;
		}

	}

}
