package io.github.llmratelimit.benchmarks;

/**
 * The least that a limiter of requests, tokens and a tenant's tokens can do: three
 * buckets that refill all the time, taken together under one monitor and corrected
 * afterwards. It can't wait, forecast or learn, and it lets twice the limit through
 * within a window; nothing that does more can be faster.
 */
final class ThreeBuckets {

	private static final double PER_NANO = 1e9;

	private static final double CAPACITY = 1e18;

	private double requests = CAPACITY;

	private double tokens = CAPACITY;

	private double tenantTokens = CAPACITY;

	private long lastNanos = System.nanoTime();

	synchronized boolean reserve(long cost) {
		long now = System.nanoTime();
		double back = (now - this.lastNanos) * PER_NANO;
		this.lastNanos = now;
		this.requests = Math.min(CAPACITY, this.requests + back);
		this.tokens = Math.min(CAPACITY, this.tokens + back);
		this.tenantTokens = Math.min(CAPACITY, this.tenantTokens + back);
		if (this.requests < 1 || this.tokens < cost || this.tenantTokens < cost) {
			return false;
		}
		this.requests -= 1;
		this.tokens -= cost;
		this.tenantTokens -= cost;
		return true;
	}

	synchronized void settle(long cost, long actual) {
		this.tokens += cost - actual;
		this.tenantTokens += cost - actual;
	}

}
