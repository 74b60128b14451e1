package io.github.llmratelimit.learning;

import java.time.Duration;

/**
 * Caps a limit at what the provider's remaining amounts admit to: less than ours means
 * that the limit is wrong or that somebody else uses the same key. Not thread-safe.
 */
public final class RemainingCap {

	/*
	 * What to do when the provider has less left than we think
	 *
	 * Simple scheme: book the difference as if we had used it, until it returns. It fails
	 * with a limit configured twice too high: the difference is charged as one lump,
	 * expires as one lump a window later, and is then spent as a burst (measured in
	 * simulation: 474 to 1,600 refusals per 1,000 calls, hardly fewer than with nothing).
	 *
	 * Chosen: an answer k states a limit. At the instant k was counted, what was left and
	 * what we had used together were at most the limit that is left to us:
	 *
	 * remaining_k + our use when k was sent + what we sent within the guard after k
	 *
	 * The last term is there because those may have arrived first. The smallest of the
	 * last 30 to 60 seconds caps the limit. With twice the true limit configured, 0 to 22
	 * refusals per 1,000 remain; with another service taking 30 %, 9 to 19; with the
	 * right limit it never acted. Our use errs upwards (rolling windows, guard,
	 * estimates), so the right limit is never capped but for rounding; therefore
	 * differences within 2 % of the limit, or within the provider's rounding, are
	 * ignored.
	 *
	 * Two halves of 30 seconds with a minimum each forget in time without keeping a list.
	 * A cap that no answer confirms ends within a minute, so a cap below the cost of a
	 * waiting call delays it and never blocks it for good. The cap is for deciding when a
	 * call starts; whether it can ever start is decided by the limit itself.
	 */

	/** How long an answer counts at least; at most twice that. */
	public static final Duration HALF = Duration.ofSeconds(30);

	private static final long HALF_NANOS = HALF.toNanos();

	private static final long NONE = Long.MAX_VALUE;

	private final long roundedTo;

	private long halfStartNanos;

	private boolean started;

	private long smallestNow = NONE;

	private long smallestBefore = NONE;

	/**
	 * Create a cap that doesn't act yet.
	 * @param roundedTo to which multiples the provider rounds what remains, such as 1,000
	 * for Anthropic's tokens; at least 1
	 */
	public RemainingCap(long roundedTo) {
		this.roundedTo = Math.max(1, roundedTo);
	}

	/**
	 * An answer told what remains. Negative amounts are ignored.
	 * @param remaining what the provider said is left
	 * @param takenWhenSent what our ledger had taken of this window right after the
	 * call's own cost was taken; for a call that the provider refused and didn't count,
	 * right before
	 * @param sentSoonAfter {@link AdmissionLog#soonAfter what was admitted soon after}; 0
	 * for a call that the provider refused
	 * @param nowNanos the time
	 */
	public void answered(long remaining, long takenWhenSent, long sentSoonAfter, long nowNanos) {
		if (remaining < 0) {
			return;
		}
		if (!this.started) {
			this.started = true;
			this.halfStartNanos = nowNanos;
		}
		moveTo(nowNanos);
		double sum = (double) remaining + Math.max(0, takenWhenSent) + Math.max(0, sentSoonAfter);
		this.smallestNow = Math.min(this.smallestNow, (sum < NONE) ? (long) sum : NONE);
	}

	/**
	 * The amount up to which calls may be admitted.
	 * @param limit the limit that is thought to hold
	 * @param nowNanos the time
	 * @return the limit, or less; at least 0
	 */
	public long amount(long limit, long nowNanos) {
		moveTo(nowNanos);
		long smallest = Math.min(this.smallestNow, this.smallestBefore);
		return (smallest < limit - Math.max(limit / 50, this.roundedTo)) ? smallest : limit;
	}

	/**
	 * Whether less is left to us than the limit grants. Someone else uses the key, or the
	 * limit is wrong.
	 * @param limit the limit that is thought to hold
	 * @param nowNanos the time
	 * @return whether {@link #amount} is below the limit
	 */
	public boolean isActive(long limit, long nowNanos) {
		return amount(limit, nowNanos) < limit;
	}

	/** Forgets all answers. */
	public void reset() {
		this.smallestNow = NONE;
		this.smallestBefore = NONE;
	}

	private void moveTo(long nowNanos) {
		if (!this.started) {
			return; // the first answer begins it, not whoever asks first
		}
		long passed = nowNanos - this.halfStartNanos;
		if (passed >= HALF_NANOS) {
			this.smallestBefore = (passed < 2 * HALF_NANOS) ? this.smallestNow : NONE;
			this.smallestNow = NONE;
			this.halfStartNanos += passed - passed % HALF_NANOS;
		}
	}

	@Override
	public String toString() {
		long smallest = Math.min(this.smallestNow, this.smallestBefore);
		return (smallest == NONE) ? "no answer yet" : "answers left room for %d".formatted(smallest);
	}

}
