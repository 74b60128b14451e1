package io.github.llmratelimit.engine.ledger;

import java.time.Duration;

import io.github.llmratelimit.Limit;
import io.github.llmratelimit.learning.LimitChange;
import io.github.llmratelimit.learning.SentCall;
import io.github.llmratelimit.learning.Told;
import io.github.llmratelimit.time.Ticks;
import org.jspecify.annotations.Nullable;

/**
 * One limit over a window of time: what may be taken of it, and when. Pure arithmetic:
 * time is handed in, nothing is locked. What has been taken is kept by a
 * {@link SlotRing}; what the provider's answers and refusals make of the limit, and
 * whether calls are slowed down, comes on top.
 */
final class RollingWindow {

	/** Parts into which a provider's window is divided. */
	static final int SLOTS_PER_WINDOW = 1200;

	/** When to look again for a call that what is left to us can't hold. */
	private static final long LOOK_AGAIN_NANOS = 1_000_000_000L;

	/** Where expected usage is taken, real usage can be a limit's worth from here on. */
	private static final double USUAL_SPREAD = 0.85;

	private final long windowNanos;

	private final SlotRing ring;

	private Limit limit;

	/** Slows down when little is left; {@code null} for never. */
	private final @Nullable Pace pace;

	/** Part of what is left that one call may take. */
	private final double largestShare;

	/** What the provider makes of the limit; {@code null} before it says anything. */
	private @Nullable Heard heard;

	/**
	 * Creates a window of which nothing has been taken.
	 * @param limit the limit
	 * @param guard how much longer than the window an amount is held
	 * @param slotsPerWindow parts into which it is divided
	 * @param lowWatermark part of the limit below which the rest is spread, 0 for never
	 * @param largestShare part of what is left that one call may take, 1 for all
	 * @param nowNanos now
	 */
	RollingWindow(Limit limit, Duration guard, int slotsPerWindow, double lowWatermark, double largestShare,
			long nowNanos) {
		if (limit.per() == null) {
			throw new IllegalArgumentException("Invalid limit (%s): must have a window.".formatted(limit));
		}
		this.limit = limit;
		this.windowNanos = limit.per().toNanos();
		this.pace = (lowWatermark > 0) ? new Pace(lowWatermark) : null;
		this.largestShare = largestShare;
		this.ring = new SlotRing(this.windowNanos, slotsPerWindow, guard.toNanos(), nowNanos);
	}

	/** A copy that goes its own way, and stays with what has been learned by now. */
	private RollingWindow(RollingWindow other) {
		this.limit = other.limit.withAmount(Math.max(1, other.foreseen()), other.limit.origin());
		this.windowNanos = other.windowNanos;
		this.ring = new SlotRing(other.ring);
		this.pace = (other.pace != null) ? other.pace.copy() : null;
		this.largestShare = other.largestShare;
	}

	/**
	 * Calls were sent before this window was known. Until those have left it, answers say
	 * that less is left than we know of, which must not be believed for longer.
	 */
	RollingWindow beginLate() {
		heard().beginLate();
		return this;
	}

	/** Takes what was taken of a longer window since this one began. */
	void repeat(RollingWindow longer) {
		longer.ring.repeat(this.ring);
		checkPace();
	}

	/** Nobody knows over which time the limit is enforced. */
	void beginCarefully() {
		heard().beginCarefully();
	}

	/** What is known of the provider; {@code null} before it says anything. */
	@Nullable Heard known() {
		return this.heard;
	}

	private Heard heard() {
		if (this.heard == null) {
			this.heard = new Heard(this.windowNanos, this.ring);
		}
		return this.heard;
	}

	/** Doubles the guard, at most once per window, if a call should have fitted. */
	void widen(long nowNanos) {
		this.ring.widen(nowNanos);
	}

	/** A call was refused that had its place: what answers allow is doubted. */
	void cameTooEarly() {
		heard().cameTooEarly();
	}

	/** A call was refused for this window and no other. */
	void refused(long takenAtNanos, long cost) {
		heard().refused(takenAtNanos, cost, this.limit.amount());
		checkPace();
	}

	/** Where expected usage is taken: whether real usage can be all of the limit. */
	boolean isNearlyFull() {
		return this.ring.taken() > USUAL_SPREAD * this.limit.amount();
	}

	long windowNanos() {
		return this.windowNanos;
	}

	long guardNanos() {
		return this.ring.guardNanos();
	}

	long latestNanos() {
		return this.ring.latestNanos();
	}

	RollingWindow copy() {
		return new RollingWindow(this);
	}

	Limit limit() {
		return this.limit;
	}

	/** Changes the amount; the window's length stays. */
	void limit(Limit newLimit) {
		apply((this.heard != null) ? this.heard.change(newLimit) : newLimit);
	}

	/** The part of what was stated that answers leave; 0 if they tell nothing of it. */
	double partLeft() {
		return (this.heard != null) ? this.heard.partLeft() : 0;
	}

	/** The limit before it followed another. */
	Limit stated() {
		return (this.heard != null) ? this.heard.stated(this.limit) : this.limit;
	}

	/**
	 * Holds what was stated, or less as answers tell of another window.
	 * @param implied whether that one is shorter and grants no more
	 */
	void follow(Limit followed, boolean implied) {
		if (implied || this.heard != null) {
			heard().implied(implied);
		}
		if (!followed.equals(this.limit)) {
			heard().follow(stated());
			apply(followed);
		}
	}

	private void apply(Limit newLimit) {
		this.limit = newLimit;
		if (this.pace != null) {
			this.pace.stop();
			checkPace();
		}
	}

	/**
	 * Lets come back what is due. Everything else speaks of the latest instant seen here.
	 * @return whether that changed the limit
	 */
	boolean advance(long nowNanos) {
		long before = this.ring.taken();
		if (!this.ring.advance(nowNanos)) {
			return false;
		}
		Limit expired = (this.heard != null) ? this.heard.expire() : null;
		if (expired != null) {
			apply(expired);
		}
		changed(this.ring.taken() - before);
		return expired != null;
	}

	/** What was taken has changed by other means than a call. */
	private void changed(long difference) {
		if (this.pace != null && difference != 0) {
			this.pace.returned(-difference);
			checkPace();
		}
	}

	/** Whether calls are slowed down follows from what is left. */
	private void checkPace() {
		if (this.pace != null) {
			this.pace.look(this.limit, remaining(), this.ring);
		}
	}

	/**
	 * What may be taken within this slot by adding up alone; negative if a call has to
	 * look at more than sums.
	 */
	long plainRoom() {
		boolean plain = this.largestShare == 1 && (this.heard == null || this.heard.isQuiet(this.limit.amount()));
		long kept = (this.pace != null) ? this.pace.markOf(this.limit) : 0;
		return plain ? this.limit.amount() - kept - this.ring.taken() : -1;
	}

	/** When the slot ends that is being written. */
	long slotEndNanos() {
		return this.ring.slotEndNanos();
	}

	boolean fits(long amount) {
		return fitsAlone(needed(amount)) && (this.pace == null || this.pace.allows(amount, this.ring.latestNanos()));
	}

	/** Whether an amount fits that nothing else competes with. */
	boolean fitsAlone(long amount) {
		return this.ring.taken() + amount <= allowed() && mayStart(amount);
	}

	/**
	 * What must be free for an amount: more than itself if it may only take a share of
	 * what is left. Whoever could then never start is exempt.
	 */
	private long needed(long amount) {
		if (this.largestShare == 1 || amount > this.largestShare * this.limit.amount()) {
			return amount;
		}
		// a quotient that is rounded up must not be more than there is
		return Math.min(this.limit.amount(), (long) Math.ceil(amount / this.largestShare));
	}

	/** The limit's amount, or less while the provider has less for us. */
	private long allowed() {
		long amount = this.limit.amount();
		return (this.heard != null) ? this.heard.allowed(amount) : amount;
	}

	/**
	 * What forecasts count on. Where the provider's answers let more be taken than the
	 * ledger has, it counts less than we do, and nobody waits until all of that has come
	 * back.
	 */
	private long foreseen() {
		boolean credit = this.heard != null && this.heard.isCreditKnown();
		return credit ? Math.max(allowed(), this.ring.taken()) : allowed();
	}

	private boolean mayStart(long amount) {
		return this.heard == null || this.heard.mayStart(amount, this.limit.amount());
	}

	/** What could be taken now; negative where more was used or a limit lowered. */
	long remaining() {
		return Math.min(allowed(), this.limit.amount()) - this.ring.taken();
	}

	void take(long amount) {
		if (this.heard != null) {
			this.heard.started(amount);
		}
		this.ring.take(amount);
		if (this.pace != null) {
			this.pace.spent(amount);
			checkPace();
		}
	}

	/**
	 * Corrects what was taken at an earlier instant. Changes nothing once that has come
	 * back anyway.
	 */
	void correct(long takenAtNanos, long difference) {
		if (this.ring.correct(takenAtNanos, difference)) {
			changed(difference);
		}
	}

	/** When an amount will fit, if nothing else is taken until then; at least now. */
	long fitsAt(long nowNanos, long amount) {
		long missing = needed(amount) - (foreseen() - this.ring.taken());
		boolean paced = this.pace != null && !this.pace.allows(amount, nowNanos);
		long at = nowNanos;
		if (missing > 0 || paced) {
			at = Ticks.latest(at, this.ring.comesBackAt(missing, paced ? this.pace : null, amount));
		}
		if (missing > this.ring.taken() && amount <= this.limit.amount()) {
			// only another answer, or time, can help
			at = Ticks.latest(at, nowNanos + LOOK_AGAIN_NANOS);
		}
		return (this.heard != null) ? Ticks.latest(at, this.heard.startsAt(amount, this.limit.amount(), nowNanos)) : at;
	}

	/**
	 * What may be taken now without keeping an amount from being taken at a later
	 * instant.
	 */
	long slackAt(long instantNanos, long amount) {
		if (this.ring.youngestComesBackAt() - instantNanos <= 0) {
			return Long.MAX_VALUE; // has come back by then
		}
		long taken = this.ring.takenAt(instantNanos);
		long slack = allowed() - taken - needed(amount);
		if (this.pace == null || amount == 0) {
			return slack;
		}
		// a pace must not set in before, nor be spent
		return Math.min(slack, this.pace.isActive() ? this.pace.slackAt(instantNanos, amount, this.ring.taken() - taken)
				: remaining() - this.pace.markOf(this.limit));
	}

	/**
	 * When an amount will fit that stands behind others: as calls start as early as they
	 * can, what is taken comes back, and is taken again, once a window.
	 * @param ahead what is taken before it
	 */
	long fitsBehind(long nowNanos, long ahead, long amount) {
		long all = ahead + amount;
		long most = Math.max(this.limit.amount(), allowed());
		long windows = Math.max(0, all - 1) / most;
		long wait = fitsAt(nowNanos, all - windows * most) - nowNanos;
		double held = (double) windows * this.ring.heldNanos() + wait;
		return nowNanos + (long) Math.min(held, Ticks.FOREVER_NANOS);
	}

	/** When the oldest amount that is still taken comes back. */
	long oldestComesBackAt(long nowNanos) {
		return this.ring.oldestComesBackAt(nowNanos);
	}

	/** Calls start at the limit's pace after a pause, not all at once. */
	void restart(long pauseEndNanos) {
		heard().restart(allowed(), pauseEndNanos);
	}

	/** Calls start at the limit's pace for a window, if they do not already. */
	void spread(long nowNanos) {
		if (!heard().isPaced()) {
			restart(nowNanos);
		}
	}

	/** Traffic grew too fast for the provider. */
	void grewTooFast() {
		heard().grewTooFast();
		checkPace();
	}

	/**
	 * Whether a call may start, by what we have booked or by what answers say.
	 * @param need what must be free of what we have booked
	 * @param margin how much of that is for what is uncertain
	 * @param amount all that the provider may count
	 */
	boolean fits(long need, long margin, long amount) {
		return (this.heard != null) ? this.heard.fits(fits(need), margin, amount) : fits(need);
	}

	/** Whether answers may decide more than what we have booked. */
	boolean isJudged() {
		return this.heard != null && this.heard.judges();
	}

	/** A call was sent whose answer may teach; see {@link Heard#sent}. */
	@Nullable SentCall sent(long amount, long expected, long othersInFlight, long margin) {
		return (this.heard != null) ? this.heard.sent(amount, expected, othersInFlight, margin) : null;
	}

	/** A call was answered; see {@link Heard#hear}. */
	@Nullable LimitChange hear(Told told, @Nullable SentCall call, long takenAtNanos, Heard.Rules rules) {
		LimitChange change = heard().hear(this.limit, told, call, takenAtNanos, rules);
		Limit holds = heard().limit();
		if (holds != null && !holds.equals(this.limit)) {
			apply(holds);
		}
		return change;
	}

}
