package io.github.llmratelimit.learning;

/**
 * What a provider's own answers say can still be sent, beside our ledger. For one window
 * whose remaining amount the provider tells exactly. Not thread-safe.
 */
public final class Credit {

	/*
	 * Sending what the provider says is free
	 *
	 * Problem. Our ledger books upper bounds: rolling windows where the provider's
	 * minutes are fixed or refill evenly, the sum where it takes the larger of input and
	 * output, estimates until a call ends. Where the provider is milder than the ledger,
	 * part of the limit lies idle (6 to 26 % measured in simulation).
	 *
	 * Simple scheme: believe the remaining amount of the latest answer. It fails, since
	 * the answer is as old as its request, and everything sent since then isn't in it.
	 *
	 * Chosen: the remaining amount as an advertised window, as in TCP. With A(t) the sum
	 * of everything admitted up to t, cost_k what was admitted for call k, and J the
	 * range of one-way latencies,
	 *
	 * key_k = remaining_k + cost_k + A(sent_k - J)
	 *
	 * credit now = the largest key_k of all answers - A(now)
	 *
	 * Proof. When k was counted the provider had counted k and all that was sent J before
	 * it or earlier. What may come on top is everything admitted after sent_k - J, less k
	 * itself. Its costs here are upper bounds of what the provider counts, and what
	 * remains grows by itself, as windows move on and estimates are settled. So sending
	 * up to remaining_k + cost_k after sent_k - J is safe, whichever k is taken, hence
	 * the best. J = 0 costs 0.1 to 4.6 refusals per 1,000 calls, the latest answer
	 * instead of the best 4 % of goodput.
	 *
	 * Providers that count real tokens as they are produced had not counted k, nor all of
	 * what was in flight when k was sent; then the key is
	 *
	 * remaining_k - everything else in flight when k was sent + A(sent_k - J)
	 *
	 * The proof needs that nobody else uses the key, that all is known that was sent
	 * since sent_k - J, that k succeeded (refused calls give no key), that the limit
	 * doesn't fall, and that no call leaves later than it was admitted by more than the
	 * guard (one that does must be admitted anew).
	 *
	 * Keys older than the window and guard say nothing that our ledger doesn't say: by
	 * then what they allow is the limit less everything admitted since, and the ledger
	 * allows at least that. So keys are kept for one to two windows, in two halves with a
	 * maximum each, and a mistake doesn't live longer.
	 *
	 * An answer that tells a limit above ours gives no key: what remains is then not ours
	 * to use.
	 */

	private final AdmissionLog log;

	private final long windowNanos;

	private long guardNanos;

	private boolean started;

	private long halfStartNanos;

	private boolean hasNow;

	private long bestNow;

	private boolean hasBefore;

	private long bestBefore;

	private boolean suspended;

	private long suspendedUntilNanos;

	/**
	 * Create a credit of which nothing is known.
	 * @param log what is admitted to the window, in upper bounds of what the provider
	 * counts
	 * @param windowNanos length of the window
	 * @param guardNanos the range of one-way latencies
	 */
	public Credit(AdmissionLog log, long windowNanos, long guardNanos) {
		this.log = log;
		this.windowNanos = windowNanos;
		this.guardNanos = guardNanos;
	}

	/**
	 * A call succeeded, and its answer told what remains of the window. An answer that
	 * can't be right, that is too old or that tells a limit above ours is ignored.
	 * @param remaining what the provider said is left
	 * @param toldLimit the limit that the same answer told; 0 if it didn't
	 * @param limit the limit that holds
	 * @param cost what was admitted to the log for this call
	 * @param admittedNanos when it was admitted to the log
	 * @param nowNanos the time
	 */
	public void answered(long remaining, long toldLimit, long limit, long cost, long admittedNanos, long nowNanos) {
		if (cost >= 0 && cost <= limit) {
			keep(remaining, toldLimit, limit, admittedNanos, nowNanos, cost);
		}
	}

	/**
	 * As {@link #answered} for providers that count real tokens as they are produced: the
	 * call itself and others in flight were not in what remained.
	 * @param remaining what the provider said is left
	 * @param toldLimit the limit that the same answer told; 0 if it didn't
	 * @param limit the limit that holds
	 * @param othersInFlight what was admitted to the log for all other calls that were in
	 * flight when this one was sent; at least 0
	 * @param admittedNanos when it was admitted to the log
	 * @param nowNanos the time
	 */
	public void answeredUncounted(long remaining, long toldLimit, long limit, long othersInFlight, long admittedNanos,
			long nowNanos) {
		if (othersInFlight >= 0) {
			keep(remaining, toldLimit, limit, admittedNanos, nowNanos, -othersInFlight);
		}
	}

	private void keep(long remaining, long toldLimit, long limit, long admittedNanos, long nowNanos, long correction) {
		long from = admittedNanos - this.guardNanos;
		boolean plausible = remaining >= 0 && remaining <= limit && toldLimit <= limit;
		boolean recent = nowNanos - admittedNanos >= 0 && nowNanos - admittedNanos <= 2 * this.windowNanos
				&& this.log.isCompleteFrom(from);
		if (!plausible || !recent || isSuspended(nowNanos)) {
			return;
		}
		if (!this.started) {
			this.started = true;
			this.halfStartNanos = nowNanos;
		}
		moveTo(nowNanos);
		long key = remaining + correction + this.log.before(from);
		if (!this.hasNow || key - this.bestNow > 0) {
			this.hasNow = true;
			this.bestNow = key;
		}
	}

	/**
	 * How much may be admitted now whatever our ledger says about this window.
	 * @param nowNanos the time
	 * @return the amount; 0 if nothing is known or nothing is left
	 */
	public long available(long nowNanos) {
		if (isSuspended(nowNanos)) {
			return 0;
		}
		moveTo(nowNanos);
		long available = 0;
		if (this.hasNow) {
			available = Math.max(available, this.bestNow - this.log.total());
		}
		if (this.hasBefore) {
			available = Math.max(available, this.bestBefore - this.log.total());
		}
		return available;
	}

	/**
	 * Whether any answer counts, also if nothing is left of what it allowed.
	 * @param nowNanos the time
	 * @return whether there is, or was lately, credit
	 */
	public boolean isKnown(long nowNanos) {
		if (isSuspended(nowNanos)) {
			return false;
		}
		moveTo(nowNanos);
		return this.hasNow || this.hasBefore;
	}

	/**
	 * Forgets all answers and ignores those that come until an instant: somebody else
	 * uses the key, or a call was refused that should have fitted.
	 * @param untilNanos the instant; an earlier one than was stated before changes
	 * nothing
	 */
	public void suspend(long untilNanos) {
		reset();
		if (!this.suspended || untilNanos - this.suspendedUntilNanos > 0) {
			this.suspended = true;
			this.suspendedUntilNanos = untilNanos;
		}
	}

	/**
	 * Changes the range of one-way latencies; what was known is forgotten if it grows.
	 * @param newGuardNanos the range
	 */
	public void guard(long newGuardNanos) {
		if (newGuardNanos > this.guardNanos) {
			reset();
		}
		this.guardNanos = newGuardNanos;
	}

	/** Forgets all answers, such as when the limit falls. */
	public void reset() {
		this.hasNow = false;
		this.hasBefore = false;
	}

	private boolean isSuspended(long nowNanos) {
		if (this.suspended && nowNanos - this.suspendedUntilNanos >= 0) {
			this.suspended = false;
		}
		return this.suspended;
	}

	private void moveTo(long nowNanos) {
		if (!this.started) {
			return; // the first answer begins it, not whoever asks first
		}
		long passed = nowNanos - this.halfStartNanos;
		if (passed >= this.windowNanos) {
			this.hasBefore = this.hasNow && passed < 2 * this.windowNanos;
			this.bestBefore = this.bestNow;
			this.hasNow = false;
			this.halfStartNanos += passed - passed % this.windowNanos;
		}
	}

}
