package io.github.llmratelimit.learning;

import java.time.Duration;

/**
 * Lets traffic grow no faster than a provider bears, after it said that traffic grew too
 * fast. Not thread-safe.
 */
public final class RampLimit {

	/*
	 * OpenAI refuses growth inside the limits (429 "slow_down"): its guide asks to grow
	 * by at most 50 % per 15 minutes above 1 million tokens per minute, and to go back to
	 * the pace before the growth. Anthropic calls it acceleration and gives no numbers.
	 *
	 * The pace before is not known, so one step is undone: the cap is the use of the last
	 * minute / 1.5, and grows by 1.5^(t / 15 min) until it reaches the limit. That is the
	 * fastest growth whose every quarter of an hour keeps the rule. Refusals within a
	 * minute are one event; a later one undoes a step of the cap itself. Without such a
	 * refusal there is no cap: most accounts never meet one.
	 */

	/** Tokens per minute below which OpenAI doesn't restrict growth. */
	public static final long OPENAI_UNRESTRICTED = 1_000_000;

	private static final double MINUTE_NANOS = Duration.ofMinutes(1).toNanos();

	private static final double GROWTH = 1.5;

	private static final double STEP_NANOS = Duration.ofMinutes(15).toNanos();

	private static final long ONE_EVENT_NANOS = Duration.ofMinutes(1).toNanos();

	private final long unrestricted;

	private boolean active;

	private double base;

	private long sinceNanos;

	/**
	 * Create a ramp that doesn't act, of a window of any length; all amounts are those of
	 * one window.
	 * @param unrestricted amount that is always allowed, such as {@link #unrestricted};
	 * at least 1
	 */
	public RampLimit(long unrestricted) {
		this.unrestricted = Math.max(1, unrestricted);
	}

	/**
	 * What OpenAI doesn't restrict of a window.
	 * @param windowNanos length of the window
	 * @return the amount, at least 1
	 */
	public static long unrestricted(long windowNanos) {
		return Math.max(1, (long) (OPENAI_UNRESTRICTED * (windowNanos / MINUTE_NANOS)));
	}

	/**
	 * The provider said that traffic grew too fast.
	 * @param used what was admitted in the last window
	 * @param nowNanos the time
	 * @return whether this is news; refusals within a minute are one event
	 */
	public boolean slowedDown(long used, long nowNanos) {
		if (this.active && nowNanos - this.sinceNanos < ONE_EVENT_NANOS) {
			return false;
		}
		double pace = this.active ? Math.min(used, cap(nowNanos)) : used;
		this.base = Math.max(this.unrestricted, pace / GROWTH);
		this.sinceNanos = nowNanos;
		this.active = true;
		return true;
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
		double cap = cap(nowNanos);
		if (cap >= limit) {
			this.active = false;
			return limit;
		}
		return (long) cap;
	}

	/**
	 * Whether less than the limit may be admitted.
	 * @param limit the limit
	 * @param nowNanos the time
	 * @return whether {@link #amount} is below the limit
	 */
	public boolean isActive(long limit, long nowNanos) {
		return amount(limit, nowNanos) < limit;
	}

	/** Forgets the refusals. */
	public void reset() {
		this.active = false;
	}

	private double cap(long nowNanos) {
		return this.base * Math.pow(GROWTH, (nowNanos - this.sinceNanos) / STEP_NANOS);
	}

}
