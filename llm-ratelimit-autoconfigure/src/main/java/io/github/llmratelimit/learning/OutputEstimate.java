package io.github.llmratelimit.learning;

import java.util.concurrent.locks.ReentrantLock;

/**
 * What to expect of the answers to one method's calls of one model, when no maximum is
 * stated. Thread-safe; reading takes no lock.
 */
public final class OutputEstimate {

	private final ReentrantLock lock = new ReentrantLock();

	private final String model;

	private final String method;

	private final long defaultTokens;

	private OutputQuantile quantile; // guarded by lock

	private volatile long tokens;

	private volatile long calls;

	OutputEstimate(String model, String method, long defaultTokens) {
		this.model = model;
		this.method = method;
		this.defaultTokens = defaultTokens;
		this.quantile = new OutputQuantile(defaultTokens);
		this.tokens = this.quantile.tokens();
	}

	/**
	 * Output tokens that 95 % of the answers stay below.
	 * @param wholeLimit amount of the smallest limit that output counts for; an estimate
	 * above it could never be admitted
	 * @return the estimate, between 1 and the whole limit
	 */
	public long tokens(long wholeLimit) {
		return Math.max(1, Math.min(this.tokens, wholeLimit));
	}

	/**
	 * An answer was complete. Answers that were cut off by the caller, and failures,
	 * don't belong here.
	 * @param outputTokens tokens of the answer; negative is ignored
	 */
	public void observe(long outputTokens) {
		this.lock.lock();
		try {
			this.quantile.observe(outputTokens);
			publish();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Forgets what was learned: back to the default. */
	public void reset() {
		this.lock.lock();
		try {
			this.quantile = new OutputQuantile(this.defaultTokens);
			publish();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void publish() {
		this.tokens = this.quantile.tokens();
		this.calls = this.quantile.calls();
	}

	/**
	 * The model that is called.
	 * @return its name
	 */
	public String model() {
		return this.model;
	}

	/**
	 * The method that calls it.
	 * @return its name
	 */
	public String method() {
		return this.method;
	}

	/**
	 * How many answers were seen.
	 * @return their number; below 20 the default still counts
	 */
	public long calls() {
		return this.calls;
	}

	@Override
	public String toString() {
		return "%s, %s: %d output tokens, learned from %d calls".formatted(this.model, this.method, this.tokens,
				this.calls);
	}

}
