package io.github.llmratelimit.sample.provider;

/**
 * A sixth of the limit in each sixth of the window, counted anew each time, while most
 * dialects tell of the whole window only.
 */
final class SlicedWindow implements LimitWindow {

	static final int SLICES = 6;

	private final FixedWindow slice;

	private final RollingWindow told;

	SlicedWindow(long limit, long windowNanos, long startNanos) {
		this.slice = new FixedWindow(part(limit), windowNanos / SLICES, startNanos);
		this.told = new RollingWindow(limit, windowNanos);
	}

	private static long part(long limit) {
		return Math.max(1, limit / SLICES);
	}

	@Override
	public LimitWindow told() {
		return this.told;
	}

	@Override
	public long limit() {
		return this.slice.limit();
	}

	@Override
	public void changeLimit(long newLimit) {
		this.slice.changeLimit(part(newLimit));
		this.told.changeLimit(newLimit);
	}

	@Override
	public long used(long now) {
		return this.slice.used(now);
	}

	@Override
	public long nanosUntilFits(long now, long amount) {
		return this.slice.nanosUntilFits(now, amount);
	}

	@Override
	public long nanosUntilFull(long now) {
		return this.slice.nanosUntilFull(now);
	}

	@Override
	public Taken take(long now, long amount) {
		this.slice.take(now, amount);
		return this.told.take(now, amount);
	}

	@Override
	public void correct(long now, Taken taken, long amount) {
		this.slice.correct(now, new Taken(taken.at, taken.amount), amount);
		this.told.correct(now, taken, amount);
	}

}
