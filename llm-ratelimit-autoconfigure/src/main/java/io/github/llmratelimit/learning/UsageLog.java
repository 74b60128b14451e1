package io.github.llmratelimit.learning;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * What calls used of one window, by the time they were sent, and what answers told of it:
 * what {@link UsageCredit} adds up. Not thread-safe.
 */
final class UsageLog {

	/** Parts into which a window is divided at most. */
	static final int PARTS = 1024;

	/** Parts beyond two windows, for guards that have grown. */
	private static final int SPARE = 40;

	/** No answer tells anything. */
	static final long NONE = Long.MIN_VALUE;

	/*
	 * Sums are kept for parts of time, of the guard's length or 1/1024 of the window, in
	 * a ring that holds two windows: at most 100 KB. A question takes one walk through
	 * the last window's parts, some microseconds, and is only asked where our ledger has
	 * no room. All rounding is to the safe side, at most two parts of what was sent.
	 */

	private final long partNanos;

	private final long windowNanos;

	private final long originNanos;

	/** What the calls sent in a part use at most, as far as that is known. */
	private final long[] most;

	/** What those of them use at least that have ended. */
	private final long[] least;

	/** Squared estimates of those of them that are in flight. */
	private final double[] squares;

	/** The best answer to a call sent in a part: what was left before it. */
	private final long[] left;

	/** Whose answer that is. */
	private final @Nullable Object[] answered;

	/** Number of the part that is being written, counted from the origin. */
	private long current;

	/** When that part ends. */
	private long currentEndNanos;

	UsageLog(long windowNanos, long guardNanos, long nowNanos) {
		this.windowNanos = windowNanos;
		this.partNanos = Math.max(Math.max(1, guardNanos), windowNanos / PARTS);
		this.originNanos = nowNanos;
		this.currentEndNanos = nowNanos + this.partNanos;
		int size = (int) (2 * (windowNanos / this.partNanos + 2) + 2 * SPARE);
		this.most = new long[size];
		this.least = new long[size];
		this.squares = new double[size];
		this.left = new long[size];
		this.answered = new Object[size];
		Arrays.fill(this.left, NONE);
	}

	/** The number of the part in which an instant lies. */
	long part(long nanos) {
		long sinceCurrent = nanos - this.currentEndNanos + this.partNanos;
		if (sinceCurrent >= 0 && sinceCurrent < this.partNanos) {
			return this.current;
		}
		return Math.floorDiv(nanos - this.originNanos, this.partNanos);
	}

	/** How long the part lasts that is being written. */
	long partLeftNanos(long nowNanos) {
		return this.currentEndNanos - nowNanos;
	}

	/** Lets the oldest parts go. */
	void advance(long nowNanos) {
		if (nowNanos - this.currentEndNanos >= 0) {
			moveTo(nowNanos);
		}
	}

	private void moveTo(long nowNanos) {
		long part = part(nowNanos);
		long passing = Math.min(part - this.current, this.most.length);
		for (; passing > 0; passing--) {
			int index = index(part - passing + 1);
			this.most[index] = 0;
			this.least[index] = 0;
			this.squares[index] = 0;
			this.left[index] = NONE;
			this.answered[index] = null;
		}
		this.current = part;
		this.currentEndNanos = this.originNanos + (part + 1) * this.partNanos;
	}

	/** Whether a part is still known. */
	private boolean knows(long part) {
		return part >= 0 && part <= this.current && this.current - part < this.most.length;
	}

	/** A call is sent in the part that is being written. */
	void sent(long amount, double square) {
		int index = index(this.current);
		this.most[index] += amount;
		this.squares[index] += square;
	}

	/** A call has ended that was sent in a part. */
	void ended(long part, long difference, long atLeast, double square) {
		if (knows(part)) {
			int index = index(part);
			this.most[index] += difference;
			this.least[index] += atLeast;
			this.squares[index] = Math.max(0, this.squares[index] - square);
		}
	}

	/** The answer to a call that was sent in a part told what was left before it. */
	void answered(long part, long amount, Object call) {
		int index = index(part);
		if (knows(part) && amount > this.left[index]) {
			this.left[index] = amount;
			this.answered[index] = call;
		}
	}

	/** What was left before a call turns out to be different. */
	void correct(long part, long difference, Object call) {
		if (knows(part) && this.answered[index(part)] == call) {
			this.left[index(part)] += difference;
		}
	}

	/** Forgets the answers to calls that were sent before a part. */
	void forgetBefore(long part) {
		for (long old = Math.max(0, this.current - this.left.length + 1); old < Math.min(part, this.current); old++) {
			this.left[index(old)] = NONE;
			this.answered[index(old)] = null;
		}
	}

	/** Forgets all answers. */
	void forget() {
		Arrays.fill(this.left, NONE);
		Arrays.fill(this.answered, null);
	}

	/**
	 * The most that is left according to any answer of the last window.
	 * @param guardNanos the range of one-way latencies
	 * @param rolls whether what was sent a window ago has come back since the answer
	 * @param deviation standard deviation of what calls in flight use, per estimate
	 * @param square squared estimate of a call that is to be sent
	 * @return the amount; may be negative
	 */
	long left(long guardNanos, boolean rolls, double deviation, double square) {
		long guard = (guardNanos + this.partNanos - 1) / this.partNanos;
		long window = this.windowNanos / this.partNanos;
		long back = this.current - (this.windowNanos + this.partNanos - 1) / this.partNanos - guard - 1;
		long best = NONE;
		long sent = 0;
		double uncertain = square;
		long returned = 0;
		long from = this.current + 1;
		long returnedFrom = back + 1;
		for (long part = this.current; part >= 0 && this.current - part <= window; part--) {
			for (; from > Math.max(0, part - guard); from--) {
				sent += this.most[index(from - 1)];
				uncertain += this.squares[index(from - 1)];
			}
			for (long least = part + 1 + guard - window; rolls && returnedFrom > Math.max(0, least); returnedFrom--) {
				returned += this.least[index(returnedFrom - 1)];
			}
			long told = this.left[index(part)];
			if (told != NONE) {
				best = Math.max(best, told + returned - sent - (long) Math.ceil(deviation * Math.sqrt(uncertain)));
			}
		}
		return best;
	}

	/**
	 * What is left according to the answer of the last window that leaves least unsure,
	 * where what was sent a window ago has come back since. That is about the latest one;
	 * to take the largest amount of many would be to take the luckiest.
	 * @param guardNanos the range of one-way latencies
	 * @param deviation standard deviation of what calls in flight use, per estimate
	 * @param square squared estimate of a call that is to be sent
	 * @param unsure how much must be less than this, or there is nothing to tell
	 * @return the amount, which may be negative, or {@link #NONE}
	 */
	long surest(long guardNanos, double deviation, double square, double unsure) {
		long guard = (guardNanos + this.partNanos - 1) / this.partNanos;
		long window = this.windowNanos / this.partNanos;
		long returnedFrom = this.current - (this.windowNanos + this.partNanos - 1) / this.partNanos - guard;
		long from = this.current + 1;
		long surest = NONE;
		double least = unsure;
		long sent = 0;
		double uncertain = square;
		long returned = 0;
		for (long part = this.current; part >= 0 && this.current - part <= window; part--) {
			for (; from > Math.max(0, part - guard); from--) {
				sent += this.most[index(from - 1)];
				uncertain += this.squares[index(from - 1)];
			}
			for (long last = part + 1 + guard - window; returnedFrom > Math.max(0, last); returnedFrom--) {
				returned += this.least[index(returnedFrom - 1)];
			}
			double spread = deviation * Math.sqrt(uncertain);
			if (spread >= least) {
				break; // the more was sent since, the less is sure
			}
			long told = this.left[index(part)];
			double margin = (told != NONE) ? spread + sent(part - guard, part) : least;
			if (margin < least) {
				least = margin;
				surest = told + returned - sent - (long) Math.ceil(spread);
			}
		}
		return surest;
	}

	/** What was sent so close to a call that it may have been counted before it. */
	private long sent(long first, long last) {
		long sum = 0;
		for (long part = Math.max(0, first); part <= last; part++) {
			sum += this.most[index(part)];
		}
		return sum;
	}

	/**
	 * What calls have used, as far as that is known, that a window which rolls still
	 * counted when a call arrived that was sent in a part.
	 * @param part the part
	 * @param guardNanos the range of one-way latencies
	 * @return the amount, or less
	 */
	long usedBefore(long part, long guardNanos) {
		long guard = (guardNanos + this.partNanos - 1) / this.partNanos;
		long oldest = Math.max(0, this.current - this.least.length + 1);
		long first = Math.max(oldest, part - this.windowNanos / this.partNanos + guard + 1);
		long used = 0;
		for (long before = first; before < part - guard; before++) {
			used += this.least[index(before)];
		}
		return used;
	}

	private int index(long part) {
		return (int) (part % this.most.length);
	}

}
