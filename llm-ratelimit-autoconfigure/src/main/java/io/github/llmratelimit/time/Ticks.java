package io.github.llmratelimit.time;

import java.time.Duration;

/**
 * Arithmetic on readings of a clock that overflows.
 */
public final class Ticks {

	/** Longer than anything that is waited for, short enough to be added to a reading. */
	public static final long FOREVER_NANOS = Duration.ofDays(366 * 100L).toNanos();

	private Ticks() {
	}

	public static long latest(long one, long other) {
		return (one - other >= 0) ? one : other;
	}

	public static long earliest(long one, long other) {
		return (one - other <= 0) ? one : other;
	}

	/** A duration in nanoseconds, cut off where it would overflow. */
	public static long nanos(Duration duration) {
		return (duration.compareTo(Duration.ofNanos(FOREVER_NANOS)) >= 0) ? FOREVER_NANOS : duration.toNanos();
	}

}
