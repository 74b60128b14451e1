package io.github.llmratelimit.learning;

/**
 * What refusals admit of a limit about which the answers are silent, or lie. Not
 * thread-safe.
 */
public final class RefusalCap {

	/*
	 * A limit that only shows when it is hit
	 *
	 * Problem. The configured limit is twice the true one, and no header says so; or
	 * headers say what is configured. Every pause ends in the same way: calls start at
	 * the pace of the wrong limit and are refused, for ever (47 refusals per 1,000 calls
	 * in simulation).
	 *
	 * Simple scheme: multiply the limit by 0.9 at each refusal, and add something later.
	 * It punishes refusals that have other reasons, ends up far below the limit when a
	 * burst of calls is refused, and finds it again and again.
	 *
	 * Chosen. What we had admitted within the window when a call was refused, its own
	 * cost included, is more than the provider allows us, whatever the reason: its window
	 * is no longer than ours, so it had counted no more. The limit lies between that and
	 * what was admitted without the call; the middle is taken. Calls of a burst are
	 * refused together and given back one by one, so the least of them shows what was
	 * served.
	 *
	 * One burst may be chance: others used the key, or a window had a bad moment. So the
	 * cap is set by the second in a row, sent after the first was heard of, and to the
	 * larger of the two. It stays for two windows and then rises by 5 % of the limit a
	 * window, until it is back. A burst on the way there says that the limit is still as
	 * low: then it stays for twice as long, at most for 64 windows. The cap is for calls
	 * together: one that is alone may always try. As long as it acts, what answers say is
	 * left is not believed, or credit leads to the bursts that the cap prevents (up to 14
	 * refusals in a minute of 40 calls, instead of two).
	 */

	private static final double GROWTH = 0.05;

	private static final int SHORTEST_HOLD = 2;

	private static final int LONGEST_HOLD = 64;

	/** Windows after which a burst is not in a row with another. */
	private static final int IN_A_ROW = 5;

	/** Part of the limit below which a refusal rather shows that others use the key. */
	private static final double LEAST_SHOWN = 0.25;

	private final long windowNanos;

	private boolean active;

	private double cap;

	private long sinceNanos;

	private int hold = SHORTEST_HOLD;

	/** Whether a burst was heard of, and what it showed. */
	private boolean heard;

	private double shown;

	private long heardNanos;

	/** What the burst before it showed, if that is in a row with it. */
	private double before = -1;

	/**
	 * Creates a cap that does not act.
	 * @param windowNanos length of the window
	 */
	public RefusalCap(long windowNanos) {
		this.windowNanos = windowNanos;
	}

	/**
	 * A call was refused for this window.
	 * @param taken what was admitted within the window by then, the call included
	 * @param cost what was admitted for the call
	 * @param limit the limit that we believe in
	 * @param sentNanos when the call was sent
	 * @param nowNanos the time
	 */
	public void refused(long taken, long cost, long limit, long sentNanos, long nowNanos) {
		double shows = shown(taken, cost);
		if (shows < LEAST_SHOWN * limit) {
			return;
		}
		boolean another = !this.heard || sentNanos - this.heardNanos > 0;
		if (another) {
			boolean inARow = this.heard && nowNanos - this.heardNanos <= IN_A_ROW * this.windowNanos;
			this.before = inARow ? this.shown : -1;
			this.shown = shows;
			this.heard = true;
			this.heardNanos = nowNanos;
		}
		else {
			this.shown = Math.min(this.shown, shows);
		}
		act(another, limit, nowNanos);
	}

	private void act(boolean another, long limit, long nowNanos) {
		boolean rising = this.active && isRising(nowNanos);
		double old = this.active ? amount(limit, nowNanos) : limit;
		double found = (this.before >= 0) ? Math.max(this.before, this.shown) : this.active ? this.shown : limit;
		if (found >= old && !this.active) {
			return; // more was admitted than we believe in: nothing new
		}
		if (rising && another) {
			this.hold = Math.min(2 * this.hold, LONGEST_HOLD);
		}
		this.cap = Math.min(found, old);
		this.sinceNanos = nowNanos;
		this.active = true;
	}

	/** One that was alone is too large; one that was not may fit alone. */
	private static double shown(long taken, long cost) {
		return (taken > cost) ? Math.max(cost, taken - cost / 2.0) : Math.max(1, cost - 1);
	}

	private boolean isRising(long nowNanos) {
		return nowNanos - this.sinceNanos > this.hold * this.windowNanos;
	}

	/**
	 * Whether refusals have shown that the limit is lower. What answers say of it, or of
	 * what remains, is then wrong.
	 * @return whether {@link #amount} was below the limit when asked last
	 */
	public boolean isActive() {
		return this.active;
	}

	/**
	 * The amount that may be admitted in a window.
	 * @param limit the limit
	 * @param nowNanos the time
	 * @return the limit, or less; at least 1 if the limit is
	 */
	public long amount(long limit, long nowNanos) {
		if (!this.active) {
			return limit;
		}
		double risen = isRising(nowNanos) ? (double) (nowNanos - this.sinceNanos) / this.windowNanos - this.hold : 0;
		double allowed = this.cap + GROWTH * risen * limit;
		if (allowed >= limit) {
			this.active = false;
			this.hold = SHORTEST_HOLD;
			return limit;
		}
		return (long) allowed;
	}

}
