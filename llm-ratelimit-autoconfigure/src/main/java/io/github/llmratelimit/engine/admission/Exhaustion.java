package io.github.llmratelimit.engine.admission;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Whether the account's money or quota is used up. Then nobody is admitted, but for one
 * call at a time, now and again, that finds out whether it still is.
 */
public final class Exhaustion {

	/** How long an exhausted account is left alone before one call tries it again. */
	public static final Duration PROBE_INTERVAL = Duration.ofMinutes(1);

	private boolean exhausted;

	/** What the provider said. */
	private @Nullable Throwable cause;

	private long sinceNanos;

	private long nextProbeNanos;

	boolean isExhausted() {
		return this.exhausted;
	}

	@Nullable Throwable cause() {
		return this.cause;
	}

	void begin(@Nullable Throwable newCause, long nowNanos) {
		this.exhausted = true;
		this.cause = newCause;
		this.sinceNanos = nowNanos;
		this.nextProbeNanos = nowNanos + PROBE_INTERVAL.toNanos();
	}

	/** Says what led to a refusal that was heard of before. */
	void explain(Throwable failure) {
		if (this.exhausted && this.cause == null) {
			this.cause = failure;
		}
	}

	/** How long until a call may try the account; zero or less if it may now. */
	long closedNanos(Waiter waiter, long nowNanos) {
		return (this.exhausted && !waiter.probe) ? this.nextProbeNanos - nowNanos : 0;
	}

	/** A waiter is let through or queued: if the account is exhausted, to try it. */
	void probe(Waiter waiter, long nowNanos) {
		if (this.exhausted) {
			waiter.probe = true;
			this.nextProbeNanos = nowNanos + PROBE_INTERVAL.toNanos();
		}
	}

	/**
	 * A call was answered. That the account works again is shown only by a call that was
	 * admitted after it was found exhausted.
	 * @return whether the account is still exhausted
	 */
	boolean works(long takenAtNanos) {
		if (this.exhausted && takenAtNanos - this.sinceNanos > 0) {
			this.exhausted = false;
			this.cause = null;
		}
		return this.exhausted;
	}

}
