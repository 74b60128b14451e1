package io.github.llmratelimit.learning;

/**
 * What would have been taken of a rolling window, to within 1/600 of it: good enough to
 * compare with what a provider tells, not to admit by. Not thread-safe.
 */
final class ShadowWindow {

	static final int SLOTS = 600;

	private final long slotNanos;

	private final long originNanos;

	private final long[] slots = new long[SLOTS];

	/** Number of the slot that is being written, counted from the origin. */
	private long current;

	/** When that slot ends. */
	private long currentEndNanos;

	private long taken;

	ShadowWindow(long windowNanos, long nowNanos) {
		this.slotNanos = Math.max(1, windowNanos / SLOTS);
		this.originNanos = nowNanos;
		this.currentEndNanos = nowNanos + this.slotNanos;
	}

	/** What is taken at an instant, not before that of any call before. */
	long taken(long nowNanos) {
		if (nowNanos - this.currentEndNanos >= 0) {
			moveTo((nowNanos - this.originNanos) / this.slotNanos);
		}
		return this.taken;
	}

	private void moveTo(long slot) {
		for (long passing = Math.min(SLOTS, slot - this.current); passing > 0; passing--) {
			int leaving = Math.floorMod(slot - passing + 1, SLOTS);
			this.taken -= this.slots[leaving];
			this.slots[leaving] = 0;
		}
		this.current = slot;
		this.currentEndNanos = this.originNanos + (slot + 1) * this.slotNanos;
	}

	/** How long the slot lasts that is being written. */
	long slotLeftNanos(long nowNanos) {
		return this.currentEndNanos - nowNanos;
	}

	void take(long amount, long nowNanos) {
		taken(nowNanos);
		this.slots[Math.floorMod(this.current, SLOTS)] += amount;
		this.taken += amount;
	}

	/** Corrects what was taken earlier, unless it has left anyway. */
	void correct(long difference, long takenAtNanos, long nowNanos) {
		taken(nowNanos);
		boolean isCurrent = takenAtNanos - this.currentEndNanos + this.slotNanos >= 0;
		long slot = isCurrent ? this.current : (takenAtNanos - this.originNanos) / this.slotNanos;
		if (slot >= 0 && slot <= this.current && this.current - slot < SLOTS) {
			this.slots[Math.floorMod(slot, SLOTS)] += difference;
			this.taken += difference;
		}
	}

}
