package io.github.llmratelimit.sample.provider;

/**
 * A bucket that holds one window's amount and refills all the time. After a pause it lets
 * almost twice the limit through within one window.
 */
final class BucketWindow implements LimitWindow {

	private final long windowNanos;

	private double limit;

	private double used;

	private long lastNanos;

	BucketWindow(long limit, long windowNanos, long startNanos) {
		this.limit = limit;
		this.windowNanos = windowNanos;
		this.lastNanos = startNanos;
	}

	@Override
	public long limit() {
		return (long) this.limit;
	}

	@Override
	public void changeLimit(long newLimit) {
		this.limit = newLimit;
	}

	@Override
	public long used(long now) {
		this.used = Math.max(0, this.used - this.limit * (now - this.lastNanos) / this.windowNanos);
		this.lastNanos = now;
		return (long) Math.ceil(this.used - 1e-6);
	}

	@Override
	public long nanosUntilFits(long now, long amount) {
		requireAtMostLimit(amount);
		used(now);
		return nanosUntilRefilled(this.used + amount - this.limit);
	}

	@Override
	public long nanosUntilFull(long now) {
		used(now);
		return nanosUntilRefilled(this.used);
	}

	@Override
	public Taken take(long now, long amount) {
		used(now);
		this.used += amount;
		return new Taken(now, amount);
	}

	@Override
	public void correct(long now, Taken taken, long amount) {
		used(now);
		this.used = Math.max(0, this.used + amount - taken.amount);
		taken.amount = amount;
	}

	private long nanosUntilRefilled(double missing) {
		return (missing > 1e-6) ? (long) Math.ceil(missing / this.limit * this.windowNanos) : 0;
	}

}
