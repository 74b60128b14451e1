package io.github.llmratelimit.learning;

/**
 * How many tokens answers have, as a quantile that nearly all of them stay below. Not
 * thread-safe.
 */
final class OutputQuantile {

	/*
	 * What to expect of an answer whose length nobody knows
	 *
	 * Problem. Without a maximum the length of an answer can only be guessed from those
	 * before it, and lengths spread over orders of magnitude.
	 *
	 * Simple schemes. The mean is exceeded by every third call. Keeping the last n
	 * lengths needs a sort per call; stepping a single number up and down takes hundreds
	 * of calls to arrive.
	 *
	 * Chosen: the 95 % quantile of a histogram. An answer beyond it, one of twenty, is
	 * booked with what it really used when it ends. 99 % would reserve twice as much
	 * where lengths are lognormal, and need five times as many calls to be known.
	 *
	 * Buckets are an eighth of an octave wide (9 %), and the answer is the mean of the
	 * lengths in the bucket where the quantile lies, so that answers of one length are
	 * told exactly. 64 buckets span a factor of 256 and move along with what they see:
	 * what lies lower goes into the lowest bucket, since the quantile is near the top.
	 *
	 * Each call weighs 0.995 of the next one, as if 400 calls were remembered: the
	 * quantile of a lognormal length strays by some 10 %, it follows longer answers
	 * within about 10 calls and shorter ones within 600. Instead of decaying all buckets
	 * the weight of new calls grows, and all are scaled down before it overflows.
	 *
	 * The first 20 calls blend from the default into what was seen: the 95 % quantile of
	 * fewer is no more than their largest.
	 */

	static final double QUANTILE = 0.95;

	static final int BUCKETS = 64;

	/** Calls until the default no longer counts. */
	static final int CALLS_TO_LEARN = 20;

	/** Longest answer that is believed; longer ones count as this. */
	static final long LONGEST = 100_000_000;

	private static final int BUCKETS_PER_OCTAVE = 8;

	private static final double GROWTH = 1 / 0.995;

	private static final double LARGEST_WEIGHT = 1e100;

	/** Share of the whole below which the highest bucket is given up for lower ones. */
	private static final double FORGOTTEN = 0.001;

	private final long defaultTokens;

	private final double[] weights = new double[BUCKETS];

	private final double[] sums = new double[BUCKETS];

	/** Number of the lowest bucket. */
	private int lowest;

	private double total;

	private double nextWeight = 1;

	private long calls;

	private double learned;

	OutputQuantile(long defaultTokens) {
		this.defaultTokens = Math.max(1, Math.min(defaultTokens, LONGEST));
		// room for eight times the default before anything has to move
		this.lowest = bucketOf(this.defaultTokens) - BUCKETS + 3 * BUCKETS_PER_OCTAVE;
	}

	private static int bucketOf(double tokens) {
		return (int) Math.floor(BUCKETS_PER_OCTAVE * Math.log(tokens) / Math.log(2));
	}

	/** An answer had so many tokens; an empty one counts as one token. */
	void observe(long tokens) {
		if (tokens < 0) {
			return;
		}
		double length = Math.max(1, Math.min(tokens, LONGEST));
		int bucket = bucketOf(length);
		if (bucket - this.lowest >= BUCKETS) {
			moveUp(bucket - this.lowest - BUCKETS + 1);
		}
		while (bucket < this.lowest && this.weights[BUCKETS - 1] <= FORGOTTEN * this.total) {
			moveDown();
		}
		int index = Math.max(0, bucket - this.lowest);
		this.weights[index] += this.nextWeight;
		this.sums[index] += this.nextWeight * length;
		this.total += this.nextWeight;
		this.nextWeight *= GROWTH;
		this.calls++;
		if (this.nextWeight > LARGEST_WEIGHT) {
			scaleDown();
		}
		this.learned = quantile();
	}

	private void moveUp(int by) {
		int lost = Math.min(by, BUCKETS);
		double weight = 0;
		double sum = 0;
		for (int i = 0; i < lost; i++) {
			weight += this.weights[i];
			sum += this.sums[i];
		}
		for (int i = 0; i < BUCKETS; i++) {
			this.weights[i] = (i + lost < BUCKETS) ? this.weights[i + lost] : 0;
			this.sums[i] = (i + lost < BUCKETS) ? this.sums[i + lost] : 0;
		}
		this.weights[0] += weight;
		this.sums[0] += sum;
		this.lowest += by;
	}

	/** What was higher than all buckets then counts for the highest of them. */
	private void moveDown() {
		double given = this.weights[BUCKETS - 1];
		System.arraycopy(this.weights, 0, this.weights, 1, BUCKETS - 1);
		System.arraycopy(this.sums, 0, this.sums, 1, BUCKETS - 1);
		this.weights[0] = 0;
		this.sums[0] = 0;
		this.lowest--;
		int highest = BUCKETS - 1;
		double length = (this.weights[highest] > 0) ? this.sums[highest] / this.weights[highest]
				: Math.pow(2, (this.lowest + highest) / (double) BUCKETS_PER_OCTAVE);
		this.weights[highest] += given;
		this.sums[highest] += given * length;
	}

	private void scaleDown() {
		this.total = 0;
		for (int i = 0; i < BUCKETS; i++) {
			this.weights[i] /= this.nextWeight;
			this.sums[i] /= this.nextWeight;
			this.total += this.weights[i];
		}
		this.nextWeight = 1;
	}

	private double quantile() {
		double above = (1 - QUANTILE) * this.total;
		int index = BUCKETS - 1;
		double seen = this.weights[index];
		while (index > 0 && (seen <= above || this.weights[index] == 0)) {
			index--;
			seen += this.weights[index];
		}
		return this.sums[index] / this.weights[index];
	}

	/** What to expect of the next answer. */
	long tokens() {
		if (this.calls == 0) {
			return this.defaultTokens;
		}
		double known = Math.min(1, this.calls / (double) CALLS_TO_LEARN);
		return Math.max(1, (long) Math.ceil(known * this.learned + (1 - known) * this.defaultTokens - 1e-6));
	}

	long calls() {
		return this.calls;
	}

}
