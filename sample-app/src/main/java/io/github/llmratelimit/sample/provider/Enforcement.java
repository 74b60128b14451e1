package io.github.llmratelimit.sample.provider;

/**
 * How a provider enforces its limits.
 */
public enum Enforcement {

	/** No interval of the window's length holds more than the limit. */
	ROLLING,

	/** Counters go back to zero once a window. */
	FIXED,

	/** A bucket of one window's amount refills all the time. */
	BUCKET,

	/** Counters for a sixth of the limit go back to zero each sixth of the window. */
	SLICES,

	/** As {@link #ROLLING}, and a refused call takes a request where one is left. */
	ROLLING_REFUSALS_COUNT;

	LimitWindow window(long limit, long windowNanos, long now) {
		return switch (this) {
			case ROLLING, ROLLING_REFUSALS_COUNT -> new RollingWindow(limit, windowNanos);
			case FIXED -> new FixedWindow(limit, windowNanos, now);
			case BUCKET -> new BucketWindow(limit, windowNanos, now);
			case SLICES -> new SlicedWindow(limit, windowNanos, now);
		};
	}

}
