package io.github.llmratelimit.learning;

import java.time.Duration;

/**
 * Whether a way of predicting has proved right for so long that it may be acted upon. Not
 * thread-safe.
 */
final class Trust {

	/** How long nothing is tried again after one that was wrong. */
	static final Duration DOUBTED_FOR = Duration.ofHours(1);

	/** Predictions that must have proved right that could have been wrong. */
	private final int fewest;

	private final long shortestNanos;

	private long sinceNanos;

	private boolean doubted;

	private long doubtedUntilNanos;

	private int right;

	/**
	 * Creates trust that is still to be earned.
	 * @param fewest predictions that must have proved right that could have been wrong
	 * @param shortestNanos how long that must have taken
	 * @param nowNanos now
	 */
	Trust(int fewest, long shortestNanos, long nowNanos) {
		this.fewest = fewest;
		this.shortestNanos = shortestNanos;
		this.sinceNanos = nowNanos;
	}

	boolean isEarned(long nowNanos) {
		return !this.doubted && this.right >= this.fewest && nowNanos - this.sinceNanos >= this.shortestNanos;
	}

	/** A prediction was right that could have been wrong. */
	void right(long nowNanos) {
		if (this.doubted && nowNanos - this.doubtedUntilNanos >= 0) {
			this.doubted = false;
			this.sinceNanos = nowNanos;
		}
		this.right = this.doubted ? 0 : Math.min(this.fewest, this.right + 1);
	}

	/** A prediction was wrong. */
	void wrong(long nowNanos) {
		doubt(nowNanos + DOUBTED_FOR.toNanos());
	}

	/** Too much went wrong, for whatever reason: trust is to be earned anew. */
	void doubt(long untilNanos) {
		if (!this.doubted || untilNanos - this.doubtedUntilNanos > 0) {
			this.doubtedUntilNanos = untilNanos;
		}
		this.doubted = true;
		this.right = 0;
	}

}
