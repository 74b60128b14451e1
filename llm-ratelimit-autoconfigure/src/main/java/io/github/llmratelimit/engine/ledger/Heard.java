package io.github.llmratelimit.engine.ledger;

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
import io.github.llmratelimit.learning.UsageCredit.Verdict;
import io.github.llmratelimit.learning.UsageSpread;
import io.github.llmratelimit.learning.WindowLearning;
import io.github.llmratelimit.time.Ticks;
import org.jspecify.annotations.Nullable;

/**
 * What the provider's answers and refusals make of one limit. Pure arithmetic: time is
 * handed in.
 */
final class Heard {

	/** Part of a window in which hardly anything comes back. */
	private static final int NEWS = 20;

	private final long windowNanos;

	/** What was taken of the limit. */
	private final SlotRing ring;

	/** What answers taught; {@code null} as long as none told of this window. */
	private @Nullable WindowLearning learning;

	/** At which pace calls start after a refusal; {@code null} before the first. */
	private @Nullable RestartPace restart;

	/** How fast traffic may grow; {@code null} until it grew too fast. */
	private @Nullable RampLimit ramp;

	/** What refusals admit; {@code null} before the first. */
	private @Nullable RefusalCap refusals;

	/** Care until an answer tells of this window; {@code null} where none is needed. */
	private @Nullable CarefulStart careful;

	/** Whether a shorter window that answers tell of grants no more than this limit. */
	private boolean implied;

	/** When the last call was refused that this window can have been meant by. */
	private @Nullable Long refusedNanos;

	/** The limit as it was stated; {@code null} unless it follows another. */
	private @Nullable Limit stated;

	/** Until when calls may count that we don't know; {@code null} for never. */
	private @Nullable Long incompleteUntil;

	Heard(long windowNanos, SlotRing ring) {
		this.windowNanos = windowNanos;
		this.ring = ring;
	}

	/**
	 * The limit's amount, more where a shorter window decides, or less while less is left
	 * to us, traffic grows slowly, or calls were refused.
	 */
	long allowed(long amount) {
		long now = this.ring.latestNanos();
		if (this.implied && (this.refusedNanos == null || now - this.refusedNanos >= this.windowNanos)) {
			return Limit.LARGEST_AMOUNT;
		}
		long left = (this.learning != null) ? this.learning.amount(now) : amount;
		long grown = (this.ramp != null) ? Math.min(left, this.ramp.amount(amount, now)) : left;
		return (this.refusals != null && this.ring.taken() > 0) ? Math.min(grown, this.refusals.amount(amount, now))
				: grown;
	}

	/** Whether answers may let more be taken than the ledger has. */
	boolean isCreditKnown() {
		return this.learning != null && !isCapped() && this.learning.isCreditKnown(this.ring.latestNanos());
	}

	/**
	 * Whether the provider's own answers say that there is room, whatever we have booked.
	 * @param amount all that the provider may count
	 */
	private boolean hasCredit(long amount) {
		long now = this.ring.latestNanos();
		return this.learning != null && (amount <= this.learning.credit(now) || this.learning.covers(amount, now));
	}

	/** Whether answers may decide more than what we have booked. */
	boolean judges() {
		return this.learning != null && !isCapped() && this.learning.judges(this.ring.latestNanos());
	}

	/**
	 * Whether a call may start, by whoever knows best.
	 * @param fits what the ledger says
	 * @param margin what the ledger holds for what is uncertain
	 * @param amount all that the provider may count
	 */
	boolean fits(boolean fits, long margin, long amount) {
		if (this.learning == null || isCapped() || !isRestarted()) {
			return fits;
		}
		Verdict verdict = this.learning.judge(amount, margin, this.ring.latestNanos());
		return (verdict == Verdict.UNKNOWN) ? fits || hasCredit(amount) : verdict == Verdict.FITS;
	}

	/** Whether refusals have shown that answers promise too much. */
	private boolean isCapped() {
		return this.refusals != null && this.refusals.isActive();
	}

	private boolean isRestarted() {
		long now = this.ring.latestNanos();
		return this.restart == null || this.restart.startsAt(now) - now <= 0;
	}

	/** Whether a call may start as far as its pace is concerned. */
	boolean mayStart(long amount, long limit) {
		long now = this.ring.latestNanos();
		return isRestarted() && (this.careful == null || this.careful.startsAt(amount, limit, now) - now <= 0);
	}

	/**
	 * When the pace after a refusal, or before the first answer, lets a call start.
	 * @param amount what it takes
	 * @param limit the limit's amount
	 */
	long startsAt(long amount, long limit, long now) {
		long at = (this.restart != null) ? Ticks.latest(now, this.restart.startsAt(now)) : now;
		return (this.careful != null) ? Ticks.latest(at, this.careful.startsAt(amount, limit, now)) : at;
	}

	/** Nobody knows over which time the limit is enforced. */
	void beginCarefully() {
		this.careful = new CarefulStart(this.windowNanos, this.ring.guardNanos(), this.ring.latestNanos());
	}

	/** A call starts. */
	void started(long amount) {
		if (this.careful != null) {
			this.careful.started(amount, this.ring.latestNanos());
		}
		if (this.restart != null) {
			this.restart.started(amount);
		}
	}

	/** The part of what was stated that answers leave; 0 if they tell nothing of it. */
	double partLeft() {
		return (this.learning != null) ? this.learning.partLeft() : 0;
	}

	/** The limit as it was stated, before it followed another. */
	Limit stated(Limit limit) {
		return (this.stated != null) ? this.stated : limit;
	}

	/** The limit follows what answers tell of another window. */
	void follow(Limit statedLimit) {
		this.stated = statedLimit;
	}

	void implied(boolean byShorter) {
		this.implied = byShorter;
	}

	/**
	 * The application changes the limit.
	 * @return the limit that holds now
	 */
	Limit change(Limit newLimit) {
		this.stated = null;
		if (this.learning == null) {
			return newLimit;
		}
		this.learning.change(newLimit.amount(), this.ring.latestNanos());
		return this.learning.limit();
	}

	/**
	 * Time has passed.
	 * @return the limit that holds now, {@code null} if nothing has changed
	 */
	@Nullable Limit expire() {
		long now = this.ring.latestNanos();
		if (this.careful != null && this.careful.isOver(now)) {
			this.careful = null;
		}
		if (this.incompleteUntil != null && now - this.incompleteUntil >= 0) {
			this.incompleteUntil = null;
			if (this.learning != null) {
				this.learning.forgetRemaining(now);
			}
		}
		return (this.learning != null && this.learning.expire(now) != null) ? this.learning.limit() : null;
	}

	/**
	 * Whether there is nothing but the limit's amount, until answers or refusals come.
	 * @param amount the limit's amount
	 */
	boolean isQuiet(long amount) {
		return this.careful == null && !this.implied && !isPaced() && !isCapped() && allowed(amount) == amount;
	}

	/** Until when calls are written down as one. */
	long addsUntil() {
		long now = this.ring.latestNanos();
		return now + ((this.learning != null) ? this.learning.addedUp().nanosLeft(now) : Ticks.FOREVER_NANOS);
	}

	/** Calls were sent since, which took so much. */
	void added(long amount) {
		if (this.learning != null) {
			this.learning.addedUp().sent(amount);
		}
	}

	/** One of those has ended. */
	void ended(long estimate, long used, long takenAtNanos) {
		if (this.learning != null) {
			this.learning.addedUp().ended(estimate, used, takenAtNanos);
		}
	}

	/** What is taken of the limit. */
	long taken() {
		return this.ring.taken();
	}

	/** Whether calls have to be remembered for what their answers will tell. */
	boolean remembers() {
		return this.learning != null;
	}

	/** Calls may count, for a window, that were sent before the window was known. */
	void beginLate() {
		this.incompleteUntil = this.ring.latestNanos() + this.windowNanos + this.ring.guardNanos();
	}

	/** A call was refused that had its place: what answers allow is doubted. */
	void cameTooEarly() {
		this.refusedNanos = this.ring.latestNanos();
		if (this.learning != null) {
			this.learning.cameTooEarly(this.ring.guardNanos(), this.ring.latestNanos());
		}
	}

	/**
	 * A call was refused for this window, and for no other that it can be. What was long
	 * ago tells little.
	 * @param sentNanos when it was sent
	 * @param cost what it took
	 * @param amount the limit's amount
	 */
	void refused(long sentNanos, long cost, long amount) {
		long now = this.ring.latestNanos();
		if (now - sentNanos > this.windowNanos / NEWS) {
			return;
		}
		if (this.refusals == null) {
			this.refusals = new RefusalCap(this.windowNanos);
		}
		this.refusals.refused(this.ring.taken(), cost, amount, sentNanos, now);
	}

	/** Calls start at the pace of an amount after a pause, not all at once. */
	void restart(long amount, long pauseEndNanos) {
		if (this.restart == null) {
			this.restart = new RestartPace();
		}
		this.restart.resume(amount, this.windowNanos, pauseEndNanos);
	}

	/** Whether calls start at a pace already. */
	boolean isPaced() {
		return this.restart != null && this.restart.isActive(this.ring.latestNanos());
	}

	/** Traffic grew too fast for the provider. */
	void grewTooFast() {
		if (this.ramp == null) {
			this.ramp = new RampLimit(RampLimit.unrestricted(this.windowNanos));
		}
		this.ramp.slowedDown(this.ring.taken(), this.ring.latestNanos());
	}

	/**
	 * A call was sent whose answer may teach.
	 * @param amount all that the provider may count
	 * @param expected what it is expected to count
	 * @param othersInFlight what it may count for other calls in flight
	 * @param margin by how much what is taken may be less than the provider counts
	 * @return what to remember until then, {@code null} if no answer ever told anything
	 */
	@Nullable SentCall sent(long amount, long expected, long othersInFlight, long margin) {
		if (this.learning == null) {
			return null;
		}
		long now = this.ring.latestNanos();
		this.learning.admitted(amount, now);
		return new SentCall(amount, now, this.ring.taken() + margin, othersInFlight, expected,
				this.learning.sent(amount, expected, now));
	}

	/** The same for a call of which nothing is taken here: it predicts nothing. */
	@Nullable SentCall sentOutside(long othersInFlight, long margin) {
		return (this.learning != null)
				? new SentCall(0, this.ring.latestNanos(), this.ring.taken() + margin, othersInFlight) : null;
	}

	/** A call has ended and used so much, which is negative if nobody knows. */
	void ended(@Nullable SentCall call, long used) {
		if (this.learning != null && call != null) {
			this.learning.ended(call, used, this.ring.latestNanos());
		}
	}

	/** A call has ended of which the provider counts nothing. */
	void uncounted(@Nullable SentCall call) {
		if (this.learning != null && call != null) {
			this.learning.uncounted(call, this.ring.latestNanos());
		}
	}

	/**
	 * An answer tells of this window.
	 * @param limit the limit as it is
	 * @param told what is told
	 * @param call what was remembered when it was sent, if anything was
	 * @param takenAtNanos when it was sent
	 * @param how what may be learned
	 * @return how that changed the limit, {@code null} if it did not
	 */
	@Nullable LimitChange hear(Limit limit, Told told, @Nullable SentCall call, long takenAtNanos, Rules how) {
		long now = this.ring.latestNanos();
		this.careful = null;
		this.implied = false;
		if (this.learning == null) {
			this.learning = new WindowLearning(stated(limit), how.rules(), this.ring.guardNanos(), now);
			this.stated = null;
			if (how.rules().credit() && Tariff.counts(limit.dimension())) {
				this.learning
					.use(new UsageCredit(this.windowNanos, this.ring.guardNanos(), how.booking(), how.spread(), now));
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
