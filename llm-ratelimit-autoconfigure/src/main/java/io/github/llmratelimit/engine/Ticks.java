package io.github.llmratelimit.engine;

import java.time.Duration;

/**
 * Arithmetic on readings of a clock that overflows.
 */
final class Ticks {

	/** Longer than anything that is waited for, short enough to be added to a reading. */
	static final long FOREVER_NANOS = Duration.ofDays(366 * 100L).toNanos();

	private Ticks() {
	}

	static long latest(long one, long other) {
		return (one - other >= 0) ? one : other;
	}

	static long earliest(long one, long other) {
		return (one - other <= 0) ? one : other;
	}

	/** A duration in nanoseconds, cut off where it would overflow. */
	static long nanos(Duration duration) {
		return (duration.compareTo(Duration.ofNanos(FOREVER_NANOS)) >= 0) ? FOREVER_NANOS : duration.toNanos();
	}

}
