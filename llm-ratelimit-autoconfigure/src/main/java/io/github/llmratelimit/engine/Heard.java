package io.github.llmratelimit.engine;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.learning.LearningRules;
import io.github.llmratelimit.learning.LimitChange;
import io.github.llmratelimit.learning.RampLimit;
import io.github.llmratelimit.learning.RefusalCap;
import io.github.llmratelimit.learning.RestartPace;
import io.github.llmratelimit.learning.SentCall;
import io.github.llmratelimit.learning.Told;
import io.github.llmratelimit.learning.UsageCredit;
import io.github.llmratelimit.learning.UsageSpread;
import io.github.llmratelimit.learning.WindowLearning;
import org.jspecify.annotations.Nullable;

/**
 * What the provider's answers and refusals make of one limit. Pure arithmetic: time is
 * handed in.
 */
final class Heard {

	private final long windowNanos;

	/** What answers taught; {@code null} as long as none told of this window. */
	private @Nullable WindowLearning learning;

	/** At which pace calls start after a refusal; {@code null} before the first. */
	private @Nullable RestartPace restart;

	/** How fast traffic may grow; {@code null} until it grew too fast. */
	private @Nullable RampLimit ramp;

	/** What refusals admit; {@code null} before the first. */
	private @Nullable RefusalCap refusals;

	/** Until when calls may count that we don't know; {@code null} for never. */
	private @Nullable Long incompleteUntil;

	Heard(long windowNanos) {
		this.windowNanos = windowNanos;
	}

	/**
	 * The limit's amount, or less while less is left to us, traffic grows slowly, or
	 * calls were refused.
	 * @param taken what is taken of it
	 */
	long allowed(long amount, long taken, long now) {
		long left = (this.learning != null) ? this.learning.amount(now) : amount;
		long grown = (this.ramp != null) ? Math.min(left, this.ramp.amount(amount, now)) : left;
		return (this.refusals != null && taken > 0) ? Math.min(grown, this.refusals.amount(amount, now)) : grown;
	}

	/** Whether answers may let more be taken than the ledger has. */
	boolean isCreditKnown(long now) {
		return this.learning != null && this.learning.isCreditKnown(now);
	}

	/**
	 * Whether the provider's own answers say that there is room, whatever we have booked.
	 * @param amount all that the provider may count
	 */
	boolean hasCredit(long amount, long now) {
		return this.learning != null && isRestarted(now)
				&& (amount <= this.learning.credit(now) || this.learning.covers(amount, now));
	}

	boolean isRestarted(long now) {
		return startsAt(now) - now <= 0;
	}

	/** When the pace after a refusal lets a call start. */
	long startsAt(long now) {
		return (this.restart != null) ? Ticks.latest(now, this.restart.startsAt(now)) : now;
	}

	/** A call starts. */
	void started(long amount) {
		if (this.restart != null) {
			this.restart.started(amount);
		}
	}

	/**
	 * The application changes the limit.
	 * @return the limit that holds now
	 */
	Limit change(Limit newLimit, long now) {
		if (this.learning == null) {
			return newLimit;
		}
		this.learning.change(newLimit.amount(), now);
		return this.learning.limit();
	}

	/**
	 * Time has passed.
	 * @return the limit that holds now, {@code null} if nothing has changed
	 */
	@Nullable Limit expire(long now) {
		if (this.incompleteUntil != null && now - this.incompleteUntil >= 0) {
			this.incompleteUntil = null;
			if (this.learning != null) {
				this.learning.forgetRemaining(now);
			}
		}
		return (this.learning != null && this.learning.expire(now) != null) ? this.learning.limit() : null;
	}

	/** Calls may count until an instant that were sent before the window was known. */
	void incompleteUntil(long nanos) {
		this.incompleteUntil = nanos;
	}

	/** A call was refused that had its place: what answers allow is doubted. */
	void cameTooEarly(long guardNanos, long now) {
		if (this.learning != null) {
			this.learning.cameTooEarly(guardNanos, now);
		}
	}

	/** A call was refused for this window, and for no other that it can be. */
	void refused(long taken, long cost, long amount, long sentNanos, long now) {
		if (this.refusals == null) {
			this.refusals = new RefusalCap(this.windowNanos);
		}
		this.refusals.refused(taken, cost, amount, sentNanos, now);
	}

	/** Calls start at the pace of an amount after a pause, not all at once. */
	void restart(long amount, long pauseEndNanos) {
		if (this.restart == null) {
			this.restart = new RestartPace();
		}
		this.restart.resume(amount, this.windowNanos, pauseEndNanos);
	}

	/** Whether calls start at a pace already. */
	boolean isPaced(long now) {
		return this.restart != null && this.restart.isActive(now);
	}

	/** Traffic grew too fast for the provider, with so much taken in a window. */
	void grewTooFast(long taken, long now) {
		if (this.ramp == null) {
			this.ramp = new RampLimit(RampLimit.unrestricted(this.windowNanos));
		}
		this.ramp.slowedDown(taken, now);
	}

	/**
	 * A call was sent whose answer may teach.
	 * @param call what to remember until then
	 * @return the same with what is predicted, {@code null} if no answer ever told
	 * anything
	 */
	@Nullable SentCall sent(SentCall call, long now) {
		if (this.learning == null) {
			return null;
		}
		this.learning.admitted(call.cost(), now);
		return call.withPredicted(this.learning.sent(call.cost(), call.expected(), now));
	}

	/** The same for a call that is not ours: it predicts nothing. */
	@Nullable SentCall sentOutside(SentCall call) {
		return (this.learning != null) ? call : null;
	}

	/** A call has ended and used so much, which is negative if nobody knows. */
	void ended(@Nullable SentCall call, long used, long now) {
		if (this.learning != null && call != null) {
			this.learning.ended(call, used, now);
		}
	}

	/** A call has ended of which the provider counts nothing. */
	void uncounted(@Nullable SentCall call, long now) {
		if (this.learning != null && call != null) {
			this.learning.uncounted(call, now);
		}
	}

	/**
	 * An answer tells of this window.
	 * @param limit the limit as it is
	 * @param guardNanos the window's guard
	 * @param told what is told
	 * @param call what was remembered when it was sent, if anything was
	 * @param takenAtNanos when it was sent
	 * @param how what may be learned
	 * @return how that changed the limit, {@code null} if it did not
	 */
	@Nullable LimitChange hear(Limit limit, long guardNanos, Told told, @Nullable SentCall call, long takenAtNanos, Rules how,
			long now) {
		if (this.learning == null) {
			this.learning = new WindowLearning(limit, how.rules(), guardNanos);
			if (how.rules().credit() && Tariff.counts(limit.dimension())) {
				this.learning.use(new UsageCredit(this.windowNanos, guardNanos, how.booking(), how.spread(), now));
			}
		}
		return (call != null) ? this.learning.answered(told, call, now) : this.learning
			.answered(new Told(told.limit(), null, told.outcome()), new SentCall(0, takenAtNanos, 0, 0), now);
	}

	/** The limit that holds, {@code null} if no answer told anything. */
	@Nullable Limit limit() {
		return (this.learning != null) ? this.learning.limit() : null;
	}

	/**
	 * How answers are to be understood.
	 *
	 * @param rules what may be learned
	 * @param spread how usage compares to estimates
	 * @param booking how the provider books
	 */
	record Rules(LearningRules rules, UsageSpread spread, Booking booking) {
	}

}
