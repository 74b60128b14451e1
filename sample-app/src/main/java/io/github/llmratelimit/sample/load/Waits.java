package io.github.llmratelimit.sample.load;

import java.util.Arrays;

/**
 * Collects waits and tells their percentiles, exactly.
 */
final class Waits {

	private long[] nanos = new long[1024];

	private int size;

	synchronized void add(long wait) {
		if (this.size == this.nanos.length) {
			this.nanos = Arrays.copyOf(this.nanos, this.size * 2);
		}
		this.nanos[this.size++] = wait;
	}

	/**
	 * Summarises what was collected.
	 * @return the summary, all zero if nothing was
	 */
	synchronized Summary summary() {
		if (this.size == 0) {
			return new Summary(0, 0, 0);
		}
		long[] sorted = Arrays.copyOf(this.nanos, this.size);
		Arrays.sort(sorted);
		return new Summary(percentile(sorted, 50), percentile(sorted, 99), percentile(sorted, 100));
	}

	/**
	 * The smallest value that at least so many percent don't exceed.
	 */
	private static double percentile(long[] sorted, int percent) {
		int rank = (int) (((long) sorted.length * percent + 99) / 100);
		return Math.round(sorted[rank - 1] / 1e6) / 1e3;
	}

	/**
	 * Waits in seconds, to the millisecond.
	 *
	 * @param p50 half of the calls waited no longer
	 * @param p99 99 % of the calls waited no longer
	 * @param max the longest wait
	 */
	record Summary(double p50, double p99, double max) {
	}

}
