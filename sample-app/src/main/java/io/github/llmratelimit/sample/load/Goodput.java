package io.github.llmratelimit.sample.load;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * How much of its limit the provider was used for.
 *
 * @param percent admitted tokens, in percent of what the limit allows in the span
 * @param tokens admitted tokens in the span
 * @param fromSeconds when the span begins, since the start of the load
 * @param toSeconds when it ends
 */
record Goodput(double percent, long tokens, double fromSeconds, double toSeconds) {

	/*
	 * Which span is measured.
	 *
	 * A rolling limit admits a whole window's tokens at the very start, and bursts recur
	 * once a window until they have blurred. A span that isn't a whole number of windows
	 * may catch one burst more or less than its share: over 90 s a perfect client shows
	 * 67 % or 133 %. So the span is the longest whole number of windows that ends with
	 * the load and leaves the first window out; a load of less than two windows is
	 * measured over its last one.
	 */

	/**
	 * Chooses the span and measures it.
	 * @param load how long the load began calls
	 * @param window the limit's window
	 * @param limit tokens per window
	 * @param log tells what the provider admitted
	 * @return the goodput, or {@code null} if the load is no longer than one window
	 */
	static @Nullable Goodput measure(Duration load, Duration window, long limit, AdmittedTokens log) {
		if (load.compareTo(window) <= 0) {
			return null;
		}
		long windows = Math.max(1, load.dividedBy(window) - 1);
		Duration from = load.minus(window.multipliedBy(windows));
		long tokens = log.between(from, load);
		double percent = Math.round(1000.0 * tokens / (limit * windows)) / 10.0;
		return new Goodput(percent, tokens, seconds(from), seconds(load));
	}

	private static double seconds(Duration duration) {
		return duration.toMillis() / 1e3;
	}

	/**
	 * Tells what the provider admitted in an interval.
	 */
	@FunctionalInterface
	interface AdmittedTokens {

		long between(Duration from, Duration to);

	}

}
