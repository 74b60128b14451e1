package io.github.llmratelimit.sample.provider;

import java.time.Duration;
import java.util.Map;

/**
 * What a model's budget says to one call, and what the budget looks like afterwards.
 *
 * @param outcome whether the call was admitted
 * @param meter what refused it, or requests
 * @param requested what it would have taken there
 * @param retryAfter when it would fit, if nobody else came before; zero unless refused
 * for a while
 * @param levels true state of each limit, over the whole window
 * @param told what headers say of each limit, over the whole window
 * @param toldSlices what headers say that tell of what is enforced, e.g. a slice of the
 * window
 */
record Verdict(Outcome outcome, Meter meter, long requested, Duration retryAfter, Map<Meter, Level> levels,
		Map<Meter, Level> told, Map<Meter, Level> toldSlices) {

	/** Returns the true state of a limit. */
	Level level(Meter which) {
		return require(this.levels, which);
	}

	/** Returns what headers say of a limit. */
	Level told(Meter which) {
		return require(this.told, which);
	}

	/** Returns what headers say of a limit that tell of what is enforced. */
	Level toldSlice(Meter which) {
		return require(this.toldSlices, which);
	}

	private static Level require(Map<Meter, Level> levels, Meter which) {
		Level level = levels.get(which);
		if (level == null) {
			throw new IllegalArgumentException(
					"Invalid meter (%s): must be one of %s".formatted(which, levels.keySet()));
		}
		return level;
	}

	enum Outcome {

		/**
		 * The call fits and is charged.
		 */
		ADMITTED,

		/**
		 * The call doesn't fit now.
		 */
		REFUSED,

		/**
		 * More than the limit: it will never fit.
		 */
		TOO_LARGE

	}

	/**
	 * One limit as a response reports it.
	 *
	 * @param limit the most that a window may hold
	 * @param used what counts now
	 * @param reset when nothing will count any more, if nobody comes
	 * @param window length of the window
	 */
	record Level(long limit, long used, Duration reset, Duration window) {

		long remaining() {
			return (this.limit < 0) ? this.limit : Math.max(0, this.limit - this.used);
		}

		Level withLimit(long newLimit) {
			return new Level(newLimit, this.used, this.reset, this.window);
		}

	}

}
