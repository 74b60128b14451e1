package io.github.llmratelimit.learning;

import java.time.Duration;

import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import org.jspecify.annotations.Nullable;

/**
 * One limit, as it follows from what the application stated, what it changed while
 * running, and what the provider tells in its answers. Not thread-safe.
 */
public final class LimitLearner {

	/*
	 * Which of several numbers is the limit
	 *
	 * A number stated for the model, or changed while running, is a ceiling: the provider
	 * can lower it and never raise it, since it may be a budget of the application's own.
	 * That the provider grants more is reported once. A number of a tier table is only an
	 * opinion: the provider's replaces it, up and down. So does it with a start value
	 * that stands for "unknown".
	 *
	 * Answers arrive in another order than requests were sent. What an answer tells is as
	 * old as its request, so an answer to an older request than the latest heard is
	 * ignored.
	 *
	 * A lower number holds for ten minutes after it was last confirmed: providers lower
	 * limits for a time (Azure for hours), and an application that stopped calling
	 * wouldn't hear of their end. Under traffic every answer confirms or corrects it, so
	 * only idle budgets expire. A number that replaced a start value stays: there is
	 * nothing better to go back to.
	 *
	 * A provider under load may send limits that say how much it bears now. Those never
	 * shrink what is known (mayShrink = false), since the load passes before the ten
	 * minutes do.
	 */

	/** How long a lower limit holds without being confirmed. */
	public static final Duration CONFIRMED_FOR = Duration.ofMinutes(10);

	private final Limit base;

	private final double share;

	private @Nullable Limit runtime;

	/** What the provider told, as our share of it; 0 if nothing is known. */
	private long learned;

	/** What the provider told. */
	private long told;

	private boolean heard;

	/** When the request was sent whose answer was heard last. */
	private long heardSentNanos;

	private long confirmedNanos;

	private boolean reportedAbove;

	private Limit effective;

	/**
	 * Create a limit of which the provider has told nothing yet.
	 * @param base the limit as stated or as found in a tier, this instance's share of it;
	 * origin {@link LimitOrigin#LEARNED} or {@link LimitOrigin#ASSUMED} for a start value
	 * @param share the part of the provider's limits that this instance may use, above 0
	 * and at most 1
	 */
	public LimitLearner(Limit base, double share) {
		if (!(share > 0 && share <= 1)) {
			throw new IllegalArgumentException("Invalid share (%s): must be above 0 and at most 1.".formatted(share));
		}
		this.base = base;
		this.share = share;
		this.effective = base;
	}

	/**
	 * The limit that holds, and where its amount comes from.
	 * @return the limit
	 */
	public Limit effective() {
		return this.effective;
	}

	/**
	 * What the provider leaves of the limit as it was stated.
	 * @return the part, above 0; 1 if nothing was told, or as much as was stated, or
	 * nothing was stated
	 */
	public double partLeft() {
		return canExpire() ? (double) this.learned / stated().amount() : 1;
	}

	private boolean canExpire() {
		Limit stated = stated();
		return this.learned > 0 && this.learned < stated.amount() && !isStart(stated);
	}

	/**
	 * An answer told a limit. Amounts below 1 or beyond any real limit are ignored, and
	 * so are answers to requests sent before the one whose answer was heard last.
	 * @param amount the whole amount that the provider told for this window
	 * @param mayShrink {@code false} if the answer was a failure for lack of the
	 * provider's capacity
	 * @param sentNanos when the request was sent
	 * @param nowNanos the time
	 * @return what changed, or {@code null}
	 */
	public @Nullable LimitChange told(long amount, boolean mayShrink, long sentNanos, long nowNanos) {
		if (amount < 1 || amount > Limit.LARGEST_AMOUNT || this.heard && sentNanos - this.heardSentNanos < 0) {
			return null;
		}
		long ours = Math.max(1, (long) (amount * this.share));
		if (!mayShrink && ours < this.effective.amount()) {
			return null;
		}
		this.heard = true;
		this.heardSentNanos = sentNanos;
		this.confirmedNanos = nowNanos;
		this.learned = ours;
		this.told = amount;
		LimitChange change = update(LimitChange.Cause.TOLD);
		return (change != null) ? change : aboveCeiling();
	}

	private @Nullable LimitChange aboveCeiling() {
		if (this.reportedAbove || !isCeiling(stated()) || this.learned <= stated().amount()) {
			return null;
		}
		this.reportedAbove = true;
		return new LimitChange(LimitChange.Cause.ABOVE_CEILING, this.effective, this.effective, this.told);
	}

	/**
	 * Goes back to what was stated once a lower limit was not confirmed for long.
	 * @param nowNanos the time
	 * @return what changed, or {@code null}
	 */
	public @Nullable LimitChange expire(long nowNanos) {
		if (!canExpire() || nowNanos - this.confirmedNanos < CONFIRMED_FOR.toNanos()) {
			return null;
		}
		forget();
		return update(LimitChange.Cause.EXPIRED);
	}

	/**
	 * The application changes the limit while it runs. What the provider told before is
	 * forgotten: its next answer tells again.
	 * @param amount the new amount, this instance's own, between 1 and
	 * {@link Limit#LARGEST_AMOUNT}; {@code null} drops the change
	 * @return what changed, or {@code null}
	 */
	public @Nullable LimitChange change(@Nullable Long amount) {
		this.runtime = (amount != null) ? this.base.withAmount(amount, LimitOrigin.RUNTIME) : null;
		this.reportedAbove = false;
		forget();
		return update(LimitChange.Cause.RUNTIME);
	}

	private void forget() {
		this.learned = 0;
		this.told = 0;
	}

	private @Nullable LimitChange update(LimitChange.Cause cause) {
		Limit before = this.effective;
		Limit after = resolve();
		if (after.equals(before)) {
			return null;
		}
		this.effective = after;
		// the same amount from another source is no news
		return (after.amount() != before.amount()) ? new LimitChange(cause, before, after, this.told) : null;
	}

	private Limit resolve() {
		Limit stated = stated();
		if (this.learned == 0 || isCeiling(stated) && this.learned >= stated.amount()) {
			return stated;
		}
		boolean same = this.effective.amount() == this.learned && this.effective.origin() == LimitOrigin.LEARNED;
		return same ? this.effective : stated.withAmount(this.learned, LimitOrigin.LEARNED);
	}

	private Limit stated() {
		return (this.runtime != null) ? this.runtime : this.base;
	}

	/** Whether a limit only stands for "unknown". */
	private static boolean isStart(Limit limit) {
		return limit.origin() == LimitOrigin.LEARNED || limit.origin() == LimitOrigin.ASSUMED;
	}

	private static boolean isCeiling(Limit limit) {
		return limit.origin() == LimitOrigin.CONFIGURED || limit.origin() == LimitOrigin.RUNTIME;
	}

	@Override
	public String toString() {
		return (this.told > 0) ? "%s, told %d".formatted(this.effective, this.told) : this.effective.toString();
	}

}
