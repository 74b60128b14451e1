package io.github.llmratelimit.time;

/**
 * A monotonic clock. Its origin is arbitrary and its readings overflow: only differences
 * of two readings mean something.
 */
@FunctionalInterface
public interface Ticker {

	/**
	 * Returns the current reading.
	 * @return nanoseconds since an arbitrary instant
	 */
	long nanos();

	/**
	 * The system's monotonic clock.
	 * @return the ticker
	 */
	static Ticker system() {
		return System::nanoTime;
	}

}
