package io.github.llmratelimit.learning;

import java.util.Arrays;

/**
 * How much of one limit was admitted up to an instant, now or in the past. What was given
 * back or corrected later doesn't matter here. Not thread-safe.
 */
public final class AdmissionLog {

	/*
	 * An answer speaks of the instant its request was sent, so whoever reads it needs the
	 * sum of everything admitted up to then. Sums are kept for parts of half the guard:
	 * admissions within one part are not told apart, and questions about the middle of a
	 * part are rounded to the side that the method names.
	 *
	 * Only parts in which something was admitted take a place, so 4,096 places (64 KB)
	 * reach back two minutes under the densest traffic and hours under the usual one. The
	 * arrays start small and double; after that nothing is allocated.
	 *
	 * The running sum may overflow: only differences are used.
	 */

	static final int MOST_PARTS = 4_096;

	private static final int FIRST_PARTS = 64;

	private final long partNanos;

	private final long sinceNanos;

	/** When a part began: the instant of its first admission. */
	private long[] starts = new long[FIRST_PARTS];

	/** Sum of everything admitted before a part. */
	private long[] sums = new long[FIRST_PARTS];

	private int oldest;

	private int size;

	private boolean lost;

	private long total;

	/**
	 * Create an empty log.
	 * @param guardNanos the range of one-way latencies that readers will allow for
	 * @param sinceNanos the time: what was admitted before is not known
	 */
	public AdmissionLog(long guardNanos, long sinceNanos) {
		this.partNanos = Math.max(1, guardNanos / 2);
		this.sinceNanos = sinceNanos;
	}

	/**
	 * Something was admitted.
	 * @param amount how much; below 1 is ignored
	 * @param nowNanos the time, not before that of the last call
	 */
	public void admitted(long amount, long nowNanos) {
		if (amount < 1) {
			return;
		}
		if (this.size == 0 || nowNanos - this.starts[index(this.size - 1)] >= this.partNanos) {
			append(nowNanos);
		}
		this.total += amount;
	}

	/**
	 * How long the part lasts that is being written.
	 * @param nowNanos the time
	 * @return nanoseconds from now; 0 if the next admission begins a part
	 */
	long partLeftNanos(long nowNanos) {
		return (this.size > 0) ? Math.max(0, this.starts[index(this.size - 1)] + this.partNanos - nowNanos) : 0;
	}

	/**
	 * More was admitted within the part that is being written.
	 * @param amount how much; at least 0
	 */
	void added(long amount) {
		this.total += amount;
	}

	private void append(long nowNanos) {
		if (this.size == this.starts.length && this.size < MOST_PARTS) {
			grow();
		}
		if (this.size == this.starts.length) {
			this.oldest = (this.oldest + 1) % this.starts.length;
			this.size--;
			this.lost = true;
		}
		int index = index(this.size);
		this.starts[index] = nowNanos;
		this.sums[index] = this.total;
		this.size++;
	}

	/** Before anything is lost the oldest part has index 0. */
	private void grow() {
		this.starts = Arrays.copyOf(this.starts, 2 * this.starts.length);
		this.sums = Arrays.copyOf(this.sums, 2 * this.sums.length);
	}

	private int index(int part) {
		int index = this.oldest + part;
		return (index < this.starts.length) ? index : index - this.starts.length;
	}

	/**
	 * The running sum up to now.
	 * @return a number whose difference to others of this log is an amount
	 */
	public long total() {
		return this.total;
	}

	/**
	 * Whether an instant is not too long ago.
	 * @param nanos the instant
	 * @return whether {@link #before} and {@link #through} know it
	 */
	public boolean reachesBackTo(long nanos) {
		return !this.lost || nanos - this.starts[this.oldest] >= 0;
	}

	/**
	 * Whether all is known that was admitted from an instant on. Logs are begun when the
	 * first answer comes, and calls that were sent before are not in them.
	 * @param nanos the instant
	 * @return whether it is neither before the log's beginning nor too long ago
	 */
	public boolean isCompleteFrom(long nanos) {
		return nanos - this.sinceNanos >= 0 && reachesBackTo(nanos);
	}

	/**
	 * The running sum up to an instant, rounded down: perhaps without some of what was
	 * admitted just before.
	 * @param nanos the instant
	 * @return the running sum
	 */
	public long before(long nanos) {
		int part = partOf(nanos);
		if (part < 0) {
			return (this.size > 0) ? this.sums[this.oldest] : this.total;
		}
		return (nanos - this.starts[index(part)] < this.partNanos) ? this.sums[index(part)] : sumAfter(part);
	}

	/**
	 * The running sum up to an instant, rounded up: perhaps with some of what was
	 * admitted just after.
	 * @param nanos the instant
	 * @return the running sum
	 */
	public long through(long nanos) {
		int part = partOf(nanos);
		if (part < 0) {
			return (this.size > 0) ? this.sums[this.oldest] : this.total;
		}
		return sumAfter(part);
	}

	/**
	 * What was admitted at most within the guard after a call: it may have reached the
	 * provider before that call did.
	 * @param admittedNanos when the call was admitted
	 * @param cost what was admitted for it
	 * @param guardNanos the range of one-way latencies
	 * @return the amount, without the call itself; at least 0
	 */
	public long soonAfter(long admittedNanos, long cost, long guardNanos) {
		return Math.max(0, through(admittedNanos + guardNanos) - before(admittedNanos) - Math.max(0, cost));
	}

	private long sumAfter(int part) {
		return (part + 1 < this.size) ? this.sums[index(part + 1)] : this.total;
	}

	/** The last part that began at an instant or before, or -1. */
	private int partOf(long nanos) {
		int low = 0;
		int high = this.size - 1;
		while (low <= high) {
			int middle = (low + high) >>> 1;
			if (nanos - this.starts[index(middle)] >= 0) {
				low = middle + 1;
			}
			else {
				high = middle - 1;
			}
		}
		return high;
	}

}
