package io.github.llmratelimit.sample.provider;

/**
 * A counter that goes back to zero once a window. Twice the limit passes around that
 * instant, and a client can't see when it is.
 */
final class FixedWindow implements LimitWindow {

	private final long windowNanos;

	private long limit;

	private long startNanos;

	private long used;

	FixedWindow(long limit, long windowNanos, long startNanos) {
		this.limit = limit;
		this.windowNanos = windowNanos;
		this.startNanos = startNanos;
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
		long windows = (now - this.startNanos) / this.windowNanos;
		if (windows > 0) {
			this.startNanos += windows * this.windowNanos;
			this.used = 0;
		}
		return this.used;
	}

	@Override
	public long nanosUntilFits(long now, long amount) {
		requireAtMostLimit(amount);
		return (used(now) + amount > this.limit) ? nanosUntilNext(now) : 0;
	}

	@Override
	public long nanosUntilFull(long now) {
		return (used(now) > 0) ? nanosUntilNext(now) : 0;
	}

	@Override
	public Taken take(long now, long amount) {
		this.used = used(now) + amount;
		return new Taken(now, amount);
	}

	@Override
	public void correct(long now, Taken taken, long amount) {
		used(now);
		if (taken.at - this.startNanos >= 0) {
			this.used += amount - taken.amount;
			taken.amount = amount;
		}
	}

	private long nanosUntilNext(long now) {
		return this.startNanos + this.windowNanos - now;
	}

}
