package io.github.llmratelimit.time;

import java.time.InstantSource;

/**
 * The time of day, for what providers say in dates. Never measure durations by it.
 */
public final class WallClock {

	private WallClock() {
	}

	/**
	 * The system's time of day.
	 * @return the clock
	 */
	public static InstantSource system() {
		return InstantSource.system();
	}

}
