package io.github.llmratelimit.engine.ledger;

import java.time.Duration;

import io.github.llmratelimit.Dimension;

/**
 * Spends a limit in parts as long as no answer tells over which time it is enforced. Pure
 * arithmetic: time is handed in.
 */
final class CarefulStart {

	/*
	 * The first second
	 *
	 * Problem. A limit per minute may be enforced in slices of ten seconds, and the first
	 * answer tells so. Until it comes, in half a second or twenty, a minute's worth may
	 * have been sent: 200 users that begin within a second were refused 7 to 10 times.
	 *
	 * Simple scheme: keep a window of ten seconds beside each minute until an answer
	 * shows that there is none. As a limit it would refuse large calls, delay what waits
	 * by a minute in forecasts, and be shown to users who never stated it.
	 *
	 * Chosen. The same window as a reason to wait only: within ten seconds a sixth of the
	 * minute's limit starts, whatever its size if it is alone. The first answer that
	 * tells of the minute ends it, and so does a minute since the first call, since where
	 * nobody tells there is nothing to wait for. A provider that tells of slices gets a
	 * window for them, which knows what was taken by then. Spread over six parts a minute
	 * has room for the whole limit, so care costs no amount, only time, and only once.
	 */

	/** Shortest window that a limit per minute is likely to be enforced over. */
	private static final long PART_NANOS = Duration.ofSeconds(10).toNanos();

	private static final long LONGEST_NANOS = Duration.ofMinutes(1).toNanos();

	/** Parts into which the ten seconds are divided. */
	private static final int SLOTS = 200;

	private final long windowNanos;

	private final SlotRing ring;

	private boolean started;

	private long startedNanos;

	CarefulStart(long windowNanos, long guardNanos, long nowNanos) {
		this.windowNanos = windowNanos;
		this.ring = new SlotRing(PART_NANOS, SLOTS, guardNanos, nowNanos);
	}

	/** Begins with care where a window may be enforced in parts, and none is stated. */
	static void begin(RollingWindow[] windows, Dimension[] dimensions) {
		for (int i = 0; i < windows.length; i++) {
			boolean divided = windows[i].windowNanos() <= PART_NANOS || windows[i].windowNanos() > LONGEST_NANOS;
			for (int j = 0; j < windows.length; j++) {
				divided |= dimensions[j] == dimensions[i] && windows[j].windowNanos() < windows[i].windowNanos();
			}
			if (!divided) {
				windows[i].beginCarefully();
			}
		}
	}

	/** A call starts. */
	void started(long amount, long nowNanos) {
		if (!this.started) {
			this.started = true;
			this.startedNanos = nowNanos;
		}
		this.ring.advance(nowNanos);
		this.ring.take(amount);
	}

	boolean isOver(long nowNanos) {
		return this.started && nowNanos - this.startedNanos >= this.windowNanos;
	}

	/**
	 * When an amount may start, if nothing else starts until then.
	 * @param limit the whole amount of the window
	 */
	long startsAt(long amount, long limit, long nowNanos) {
		if (isOver(nowNanos)) {
			return nowNanos;
		}
		this.ring.advance(nowNanos);
		double part = (double) limit * PART_NANOS / this.windowNanos;
		double missing = this.ring.taken() + (double) amount - part;
		if (missing <= 0 || this.ring.taken() == 0) {
			return nowNanos;
		}
		return this.ring.comesBackAt((long) Math.min(Math.ceil(missing), this.ring.taken()), null, 0);
	}

}
