package io.github.llmratelimit.engine;

import java.time.Duration;

import io.github.llmratelimit.Limit;
import org.jspecify.annotations.Nullable;

/**
 * What has been taken of one limit, and when it comes back. Pure arithmetic: time is
 * handed in, nothing is locked.
 */
final class RollingWindow {

	/*
	 * How a limit is booked, and why
	 *
	 * Problem. A provider grants an amount per minute, and nobody outside knows which
	 * minute. Invariant wanted: in every interval of the window's length, what was
	 * admitted is at most the amount.
	 *
	 * Simple scheme: a bucket that starts full and refills evenly. It fails: the full
	 * bucket plus one minute of refill are twice the amount within one minute, the worst
	 * case of Resilience4j's and Guava's limiters too (measured: 2.0 times within 20 ms
	 * across a cycle boundary). A counter per clock minute fails the same way at its
	 * edge.
	 *
	 * Exact scheme: a log of (instant, amount). Right, but its memory grows with the
	 * rate.
	 *
	 * Chosen: the log, rounded to slots of 1/1200 of the window, in a ring. What is taken
	 * at t goes into the slot of t and comes back when the first slot begins that lies a
	 * whole window plus guard after the end of that slot. All rounding is to the safe
	 * side, so the invariant holds exactly; an amount is held for at most two slots
	 * longer than the window and guard, which is 0.17 % of the window. Taking, giving
	 * back and moving on cost O(1), amortised over the slots that pass; memory is 10 KB a
	 * window whatever the rate.
	 *
	 * The guard is the range of one-way network latencies: a call that left late may
	 * arrive early relative to one sent before it, so the provider can see two sets of
	 * calls closer together than we sent them. It is an absolute time, not a share of the
	 * window. Simulated at 50 ms of jitter: without guard up to 116 refusals per 1,000
	 * calls (10 ms slots), with 60 ms none. Where it proves too short, because a call was
	 * refused that had its place in the ledger, it is doubled, up to a second or 5 % of
	 * the window; the ring has room for that from the start.
	 *
	 * Instants are differences to an origin, so the clock may overflow; a clock that
	 * steps back is held at its latest reading.
	 */

	/** Parts into which a provider's window is divided. */
	static final int SLOTS_PER_WINDOW = 1200;

	/** Longest guard that comes of widening. */
	private static final long WIDEST_GUARD_NANOS = 1_000_000_000L;

	private final long windowNanos;

	private final long slotNanos;

	private final long originNanos;

	/** Amount taken per slot; the slot of an index changes as the ring turns. */
	private final long[] slots;

	private Limit limit;

	/** Slows down when little is left; {@code null} for never. */
	private final @Nullable Pace pace;

	/** Part of what is left that one call may take. */
	private final double largestShare;

	/** How many slots an amount is held, its own included; at most the whole ring. */
	private int heldSlots;

	private long guardNanos;

	private long widenedAtNanos;

	/** Number of the slot that is being written, counted from the origin. */
	private long currentSlot;

	/** Place of that slot in the ring. */
	private int currentIndex;

	/** When the slot that is being written ends. */
	private long currentSlotEndNanos;

	/** Sum of all slots. */
	private long taken;

	/** The latest instant seen. */
	private long latestNanos;

	RollingWindow(Limit limit, Duration guard, long nowNanos) {
		this(limit, guard, SLOTS_PER_WINDOW, 0, 1, nowNanos);
	}

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
		this.slotNanos = Math.max(1, this.windowNanos / slotsPerWindow);
		this.pace = (lowWatermark > 0) ? new Pace(lowWatermark) : null;
		this.largestShare = largestShare;
		this.latestNanos = nowNanos;
		this.guardNanos = guard.toNanos();
		this.slots = new long[slotsFor(Math.max(this.guardNanos, widestGuardNanos()))];
		this.heldSlots = slotsFor(this.guardNanos);
		this.widenedAtNanos = nowNanos - this.windowNanos;
		this.originNanos = nowNanos;
		this.currentSlotEndNanos = nowNanos + this.slotNanos;
	}

	/** A copy that goes its own way. */
	private RollingWindow(RollingWindow other) {
		this.limit = other.limit;
		this.windowNanos = other.windowNanos;
		this.slotNanos = other.slotNanos;
		this.originNanos = other.originNanos;
		this.slots = other.slots.clone();
		this.heldSlots = other.heldSlots;
		this.guardNanos = other.guardNanos;
		this.widenedAtNanos = other.widenedAtNanos;
		this.currentSlot = other.currentSlot;
		this.currentIndex = other.currentIndex;
		this.currentSlotEndNanos = other.currentSlotEndNanos;
		this.taken = other.taken;
		this.pace = (other.pace != null) ? other.pace.copy() : null;
		this.largestShare = other.largestShare;
		this.latestNanos = other.latestNanos;
	}

	private int slotsFor(long guard) {
		return Math.toIntExact((this.windowNanos + guard + this.slotNanos - 1) / this.slotNanos) + 1;
	}

	private long widestGuardNanos() {
		return Math.min(WIDEST_GUARD_NANOS, this.windowNanos / 20);
	}

	/**
	 * Doubles the guard, at most once per window: a call was refused that should have
	 * fitted.
	 */
	void widen(long nowNanos) {
		long wider = Math.min(Math.max(2 * this.guardNanos, this.slotNanos), widestGuardNanos());
		if (wider > this.guardNanos && nowNanos - this.widenedAtNanos >= this.windowNanos) {
			this.guardNanos = wider;
			this.heldSlots = slotsFor(wider);
			this.widenedAtNanos = nowNanos;
		}
	}

	RollingWindow copy() {
		return new RollingWindow(this);
	}

	Limit limit() {
		return this.limit;
	}

	/** Changes the amount; the window's length stays. */
	void limit(Limit newLimit) {
		this.limit = newLimit;
		if (this.pace != null) {
			this.pace.stop();
			checkPace();
		}
	}

	/**
	 * Lets come back what is due. Everything else speaks of the latest instant seen here.
	 */
	void advance(long nowNanos) {
		this.latestNanos = nowNanos;
		if (nowNanos - this.currentSlotEndNanos >= 0) {
			moveTo((nowNanos - this.originNanos) / this.slotNanos);
		}
	}

	private void moveTo(long slot) {
		long passing = Math.min(slot - this.currentSlot, this.slots.length);
		long before = this.taken;
		for (; passing > 0; passing--) {
			this.currentIndex = (this.currentIndex + 1 == this.slots.length) ? 0 : this.currentIndex + 1;
			int leaving = indexOf(this.heldSlots % this.slots.length);
			this.taken -= this.slots[leaving];
			this.slots[leaving] = 0;
		}
		this.currentSlot = slot;
		this.currentSlotEndNanos = this.originNanos + (slot + 1) * this.slotNanos;
		changed(this.taken - before);
	}

	/** What was taken has changed by other means than a call. */
	private void changed(long difference) {
		if (this.pace != null && difference != 0) {
			if (this.pace.isActive()) {
				this.pace.returned(-difference);
			}
			checkPace();
		}
	}

	/** Whether calls are slowed down follows from what is left. */
	private void checkPace() {
		if (this.pace == null) {
			return;
		}
		long mark = this.pace.markOf(this.limit);
		if (remaining() >= mark) {
			this.pace.stop();
		}
		else if (!this.pace.isActive()) {
			this.pace.start(this.latestNanos, remaining(), comesBackAt(this.taken + mark - this.limit.amount(), 0));
		}
	}

	boolean fits(long amount) {
		return this.taken + needed(amount) <= this.limit.amount()
				&& (this.pace == null || this.pace.allows(amount, this.latestNanos));
	}

	/** Whether an amount fits that nothing else competes with. */
	boolean fitsAlone(long amount) {
		return this.taken + amount <= this.limit.amount();
	}

	/**
	 * What must be free for an amount: more than itself if it may only take a share of
	 * what is left. Whoever could then never start is exempt.
	 */
	private long needed(long amount) {
		return (this.largestShare == 1 || amount > this.largestShare * this.limit.amount()) ? amount
				: (long) Math.ceil(amount / this.largestShare);
	}

	/**
	 * What could be taken now; negative after a limit was lowered or usage exceeded it.
	 */
	long remaining() {
		return this.limit.amount() - this.taken;
	}

	void take(long amount) {
		this.slots[this.currentIndex] += amount;
		this.taken += amount;
		if (this.pace != null) {
			if (this.pace.isActive()) {
				this.pace.spent(amount);
			}
			checkPace();
		}
	}

	/**
	 * Corrects what was taken at an earlier instant. Changes nothing once that has come
	 * back anyway.
	 */
	void correct(long takenAtNanos, long difference) {
		long age = this.currentSlot - (takenAtNanos - this.originNanos) / this.slotNanos;
		if (age >= 0 && age < this.heldSlots) {
			this.slots[indexOf((int) age)] += difference;
			this.taken += difference;
			changed(difference);
		}
	}

	/**
	 * When an amount will fit, if nothing else is taken until then.
	 * @return an instant, not before {@code nowNanos}
	 */
	long fitsAt(long nowNanos, long amount) {
		long missing = this.taken + needed(amount) - this.limit.amount();
		boolean paced = this.pace != null && !this.pace.allows(amount, nowNanos);
		if (missing <= 0 && !paced) {
			return nowNanos;
		}
		return Ticks.latest(nowNanos, comesBackAt(missing, paced ? amount : 0));
	}

	/**
	 * When so much has come back, and a paced amount is allowed.
	 * @param missing what must come back
	 * @param paced the amount, 0 if it is not paced
	 */
	private long comesBackAt(long missing, long paced) {
		long cameBack = 0;
		long from = this.latestNanos;
		for (int age = this.heldSlots - 1; age >= 0; age--) {
			long until = comesBackAt(age);
			if (cameBack >= missing) {
				long allowed = (paced > 0 && this.pace != null) ? this.pace.allowedAt(paced, cameBack) : from;
				if (allowed - until < 0) {
					return Ticks.latest(from, allowed);
				}
			}
			from = until;
			cameBack += this.slots[indexOf(age)];
		}
		// the youngest slot; also for an amount above the limit, which the caller has
		// checked
		return from;
	}

	/** What is taken now and still will be at a later instant. */
	long takenAt(long instantNanos) {
		long left = this.taken;
		for (int age = this.heldSlots - 1; age >= 0 && comesBackAt(age) - instantNanos <= 0; age--) {
			left -= this.slots[indexOf(age)];
		}
		return left;
	}

	/** What is left for others at a later instant once an amount has been taken then. */
	long slackAt(long instantNanos, long amount) {
		return this.limit.amount() - takenAt(instantNanos) - needed(amount);
	}

	/**
	 * When an amount will fit that stands behind others: as calls start as early as they
	 * can, what is taken comes back, and is taken again, once a window.
	 * @param ahead what is taken before it
	 */
	long fitsBehind(long nowNanos, long ahead, long amount) {
		long all = ahead + amount;
		long most = Math.max(1, this.limit.amount());
		long windows = Math.max(0, all - 1) / most;
		long wait = fitsAt(nowNanos, all - windows * most) - nowNanos;
		double held = (double) windows * this.heldSlots * this.slotNanos + wait;
		return nowNanos + (long) Math.min(held, Ticks.FOREVER_NANOS);
	}

	/** When the oldest amount that is still taken comes back. */
	long oldestComesBackAt(long nowNanos) {
		for (int age = this.heldSlots - 1; age >= 0; age--) {
			if (this.slots[indexOf(age)] > 0) {
				return Ticks.latest(nowNanos, comesBackAt(age));
			}
		}
		return nowNanos + this.windowNanos;
	}

	private int indexOf(int age) {
		int index = this.currentIndex - age;
		return (index >= 0) ? index : index + this.slots.length;
	}

	private long comesBackAt(int age) {
		return this.originNanos + (this.currentSlot - age + this.heldSlots) * this.slotNanos;
	}

}
