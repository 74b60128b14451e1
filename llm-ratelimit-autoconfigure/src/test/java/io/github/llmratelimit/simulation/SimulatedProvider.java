package io.github.llmratelimit.simulation;

import java.util.ArrayDeque;
import java.util.Deque;

import io.github.llmratelimit.Booking;

/**
 * A provider's limiter, exact: one limit on requests and one on tokens, enforced over a
 * window in one of the ways that providers are known to use.
 */
final class SimulatedProvider {

	private final Enforcement enforcement;

	private final Booking booking;

	private final Window requests;

	private final Window tokens;

	SimulatedProvider(Enforcement enforcement, Booking booking, long rpm, long tpm) {
		this.enforcement = enforcement;
		this.booking = booking;
		this.requests = new Window(enforcement, rpm);
		this.tokens = new Window(enforcement, tpm);
	}

	/** A request arrives: takes its charge, or refuses. */
	boolean arrive(SimulatedCall call, long now) {
		this.requests.advance(now);
		this.tokens.advance(now);
		if (this.requests.fits(1) && this.tokens.fits(charge(call))) {
			this.requests.take(now, 1, call);
			this.tokens.take(now, charge(call), call);
			return true;
		}
		if (this.enforcement == Enforcement.ROLLING_REFUSALS_COUNT && this.requests.fits(1)) {
			this.requests.take(now, 1, call);
		}
		return false;
	}

	/** A response is complete. */
	void complete(SimulatedCall call, long now) {
		if (this.booking == Booking.SETTLED) {
			this.tokens.advance(now);
			this.tokens.correct(call, call.actualTokens - call.estimatedTokens);
		}
	}

	/** Whether a request would be admitted, for a client that knows everything. */
	boolean wouldFit(SimulatedCall call, long now) {
		this.requests.advance(now);
		this.tokens.advance(now);
		return this.requests.fits(1) && this.tokens.fits(charge(call));
	}

	/** What a call finally counts, for goodput. */
	long counted(SimulatedCall call) {
		return (this.booking == Booking.ESTIMATE) ? call.estimatedTokens : call.actualTokens;
	}

	private long charge(SimulatedCall call) {
		return (this.booking == Booking.ACTUAL) ? call.actualTokens : call.estimatedTokens;
	}

	/** How a limit is enforced. */
	enum Enforcement {

		ROLLING(60), FIXED_MINUTES(60), BUCKET(60), SLICES(10), ROLLING_REFUSALS_COUNT(60);

		final long windowNanos;

		Enforcement(long seconds) {
			this.windowNanos = seconds * 1_000_000_000L;
		}

	}

	/** One limit. */
	private static final class Window {

		private final Enforcement enforcement;

		private final double limit;

		private final Deque<Entry> entries = new ArrayDeque<>();

		private double taken;

		private long lastNanos;

		private long fixedWindow;

		Window(Enforcement enforcement, long perMinute) {
			this.enforcement = enforcement;
			this.limit = (double) perMinute * enforcement.windowNanos / 60_000_000_000L;
		}

		void advance(long now) {
			switch (this.enforcement) {
				case ROLLING, ROLLING_REFUSALS_COUNT -> {
					while (!this.entries.isEmpty()
							&& now - this.entries.peek().atNanos >= this.enforcement.windowNanos) {
						this.taken -= this.entries.remove().amount;
					}
				}
				case FIXED_MINUTES, SLICES -> {
					if (now / this.enforcement.windowNanos != this.fixedWindow) {
						this.fixedWindow = now / this.enforcement.windowNanos;
						this.taken = 0;
						this.entries.clear();
					}
				}
				case BUCKET -> {
					double back = this.limit * (now - this.lastNanos) / this.enforcement.windowNanos;
					this.taken = Math.max(0, this.taken - back);
					while (!this.entries.isEmpty() && now - this.entries.peek().atNanos >= 120_000_000_000L) {
						this.entries.remove();
					}
				}
			}
			this.lastNanos = now;
		}

		boolean fits(double amount) {
			return this.taken + amount <= this.limit + 1e-6;
		}

		void take(long now, double amount, SimulatedCall call) {
			this.taken += amount;
			this.entries.add(new Entry(now, amount, call));
		}

		void correct(SimulatedCall call, double difference) {
			for (Entry entry : this.entries) {
				if (entry.call == call) {
					entry.amount += difference;
					this.taken = Math.max(0, this.taken + difference);
					return;
				}
			}
		}

	}

	private static final class Entry {

		private final long atNanos;

		private double amount;

		private final SimulatedCall call;

		Entry(long atNanos, double amount, SimulatedCall call) {
			this.atNanos = atNanos;
			this.amount = amount;
			this.call = call;
		}

	}

}
