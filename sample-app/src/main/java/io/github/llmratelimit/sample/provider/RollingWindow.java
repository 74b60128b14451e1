package io.github.llmratelimit.sample.provider;

import java.util.ArrayDeque;

/**
 * The strictest rule that a provider can apply: no interval of the window's length,
 * however placed, holds more than the limit. It remembers every arrival exactly, where
 * real providers approximate, so that a client that passes here passes everywhere.
 */
final class RollingWindow implements LimitWindow {

	private final long windowNanos;

	private final ArrayDeque<Taken> arrivals = new ArrayDeque<>();

	private long limit;

	private long used;

	RollingWindow(long limit, long windowNanos) {
		this.limit = limit;
		this.windowNanos = windowNanos;
	}

	@Override
	public long limit() {
		return this.limit;
	}

	@Override
	public void changeLimit(long newLimit) {
		this.limit = newLimit;
	}

	@Override
	public long used(long now) {
		Taken oldest = this.arrivals.peekFirst();
		while (oldest != null && now - oldest.at >= this.windowNanos) {
			this.used -= this.arrivals.removeFirst().amount;
			oldest = this.arrivals.peekFirst();
		}
		return this.used;
	}

	@Override
	public long nanosUntilFits(long now, long amount) {
		requireAtMostLimit(amount);
		long missing = used(now) + amount - this.limit;
		long nanos = 0;
		for (Taken arrival : this.arrivals) {
			if (missing <= 0) {
				break;
			}
			missing -= arrival.amount;
			nanos = nanosUntilGone(arrival, now);
		}
		return nanos;
	}

	@Override
	public long nanosUntilFull(long now) {
		return (used(now) > 0) ? nanosUntilGone(this.arrivals.getLast(), now) : 0;
	}

	@Override
	public Taken take(long now, long amount) {
		Taken taken = new Taken(now, amount);
		this.arrivals.addLast(taken);
		this.used += amount;
		return taken;
	}

	@Override
	public void correct(long now, Taken taken, long amount) {
		if (now - taken.at < this.windowNanos) {
			this.used += amount - taken.amount;
			taken.amount = amount;
		}
	}

	private long nanosUntilGone(Taken arrival, long now) {
		return arrival.at + this.windowNanos - now;
	}

}
