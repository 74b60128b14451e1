package io.github.llmratelimit.engine.ledger;

import java.time.Duration;

import io.github.llmratelimit.Limit;
import io.github.llmratelimit.time.Ticks;
import org.jspecify.annotations.Nullable;

/**
 * What was taken within the last window, in slots of time, and when it comes back. Pure
 * arithmetic: time is handed in, nothing is locked.
 */
final class SlotRing {

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

	/** Longest guard that comes of widening. */
	private static final long WIDEST_GUARD_NANOS = 1_000_000_000L;

	private final long windowNanos;

	private final long slotNanos;

	private final long originNanos;

	/** Amount taken per slot; the slot of an index changes as the ring turns. */
	private final long[] slots;

	/** How many slots an amount is held, its own included; at most the whole ring. */
	private int heldSlots;

	/** Number of the slot that is being written, counted from the origin. */
	private long currentSlot;

	/** Place of that slot in the ring. */
	private int currentIndex;

	/** When the slot that is being written ends. */
	private long currentSlotEndNanos;

	private long guardNanos;

	private long widenedAtNanos;

	/** Sum of all slots. */
	private long taken;

	/** The latest instant seen. */
	private long latestNanos;

	/**
	 * Creates an empty ring.
	 * @param windowNanos length of the window
	 * @param slotsPerWindow parts into which it is divided
	 * @param guardNanos how much longer an amount is held
	 * @param nowNanos now
	 */
	SlotRing(long windowNanos, int slotsPerWindow, long guardNanos, long nowNanos) {
		this.windowNanos = windowNanos;
		this.slotNanos = Math.max(1, windowNanos / slotsPerWindow);
		this.slots = new long[slotsFor(Math.max(guardNanos, widestGuardNanos()))];
		this.guardNanos = guardNanos;
		this.widenedAtNanos = nowNanos - windowNanos;
		this.heldSlots = slotsFor(guardNanos);
		this.originNanos = nowNanos;
		this.latestNanos = nowNanos;
		this.currentSlotEndNanos = nowNanos + this.slotNanos;
	}

	/** A copy that goes its own way. */
	SlotRing(SlotRing other) {
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
		this.latestNanos = other.latestNanos;
	}

	/** 60 ms or 0.1 % of the window, at most a second: see above. */
	static Duration defaultGuard(Limit limit) {
		Duration window = (limit.per() != null) ? limit.per() : Duration.ZERO;
		long nanos = Math.max(60_000_000L, window.toNanos() / 1000);
		return Duration.ofNanos(Math.min(nanos, 1_000_000_000L));
	}

	private int slotsFor(long guard) {
		return Math.toIntExact((this.windowNanos + guard + this.slotNanos - 1) / this.slotNanos) + 1;
	}

	/** For how long an amount is held, rounded up to slots. */
	long heldNanos() {
		return this.heldSlots * this.slotNanos;
	}

	long guardNanos() {
		return this.guardNanos;
	}

	private long widestGuardNanos() {
		return Math.min(WIDEST_GUARD_NANOS, this.windowNanos / 20);
	}

	/** Doubles the guard up to the widest, at most once per window. */
	void widen(long nowNanos) {
		long wider = Math.min(Math.max(2 * this.guardNanos, this.slotNanos), widestGuardNanos());
		if (wider > this.guardNanos && nowNanos - this.widenedAtNanos >= this.windowNanos) {
			this.guardNanos = wider;
			this.heldSlots = slotsFor(wider);
			this.widenedAtNanos = nowNanos;
		}
	}

	long taken() {
		return this.taken;
	}

	long latestNanos() {
		return this.latestNanos;
	}

	/**
	 * Lets come back what is due. Everything else speaks of the latest instant seen here.
	 * @return whether time has passed into another slot
	 */
	boolean advance(long nowNanos) {
		this.latestNanos = nowNanos;
		boolean passed = nowNanos - this.currentSlotEndNanos >= 0;
		if (passed) {
			moveTo((nowNanos - this.originNanos) / this.slotNanos);
		}
		return passed;
	}

	long slotEndNanos() {
		return this.currentSlotEndNanos;
	}

	private void moveTo(long slot) {
		long passing = Math.min(slot - this.currentSlot, this.slots.length);
		for (; passing > 0; passing--) {
			this.currentIndex = (this.currentIndex + 1 == this.slots.length) ? 0 : this.currentIndex + 1;
			int leaving = indexOf(this.heldSlots % this.slots.length);
			this.taken -= this.slots[leaving];
			this.slots[leaving] = 0;
		}
		this.currentSlot = slot;
		this.currentSlotEndNanos = this.originNanos + (slot + 1) * this.slotNanos;
	}

	void take(long amount) {
		this.slots[this.currentIndex] += amount;
		this.taken += amount;
	}

	/**
	 * Takes of another ring what was taken here since that began, at the same instants.
	 */
	void repeat(SlotRing other) {
		for (int age = this.heldSlots - 1; age >= 0; age--) {
			long end = this.originNanos + (this.currentSlot - age + 1) * this.slotNanos;
			if (end - other.originNanos > 0) {
				other.advance(Ticks.earliest(end, this.latestNanos));
				other.take(this.slots[indexOf(age)]);
			}
		}
	}

	/**
	 * Corrects what was taken at an earlier instant. Changes nothing once that has come
	 * back anyway.
	 * @return whether it changed anything
	 */
	boolean correct(long takenAtNanos, long difference) {
		long sinceOrigin = takenAtNanos - this.originNanos;
		long age = this.currentSlot - sinceOrigin / this.slotNanos;
		boolean held = sinceOrigin >= 0 && age >= 0 && age < this.heldSlots;
		if (held) {
			this.slots[indexOf((int) age)] += difference;
			this.taken += difference;
		}
		return held;
	}

	/**
	 * When so much has come back, and a paced amount is allowed.
	 * @param missing what must come back
	 * @param pace the pace, {@code null} if it does not matter
	 * @param amount the paced amount
	 * @return an instant, not before the latest seen
	 */
	long comesBackAt(long missing, @Nullable Pace pace, long amount) {
		long cameBack = 0;
		long from = this.latestNanos;
		for (int age = this.heldSlots - 1; age >= 0; age--) {
			long until = comesBackAt(age);
			if (cameBack >= missing) {
				long allowed = (pace != null) ? pace.allowedAt(amount, cameBack) : from;
				if (allowed - until < 0) {
					return Ticks.latest(from, allowed);
				}
			}
			from = until;
			cameBack += this.slots[indexOf(age)];
		}
		// the youngest slot; also for more than is taken, which the caller has checked
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

	/** When comes back what is taken now. */
	long youngestComesBackAt() {
		return comesBackAt(0);
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
