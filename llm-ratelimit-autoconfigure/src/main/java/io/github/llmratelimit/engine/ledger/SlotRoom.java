package io.github.llmratelimit.engine.ledger;

import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.time.Ticks;
import org.jspecify.annotations.Nullable;

/**
 * What may be taken of a ledger until the first of its windows moves on, by adding up
 * alone.
 */
public final class SlotRoom {

	/*
	 * Most calls need no look at a window
	 *
	 * Problem. To move every window on, to ask it, and to write into it what a call takes
	 * is ten times the work of a plain counter: 40 of the 98 ns that a call cost with two
	 * windows of the model and one of its tenant.
	 *
	 * Simple scheme: fewer instructions for a window. Halves it, and every window still
	 * costs.
	 *
	 * Chosen. Until the slot of time ends that is being written, nothing comes back, and
	 * whatever is taken goes into that slot. So the first call of a slot asks the windows
	 * and notes how much is free of each dimension. Calls after it are added up here, and
	 * the sums are written into the windows when anybody looks at them: Ledger.advance,
	 * which everything else begins with, closes the room. A call now takes 56 ns, however
	 * many windows there are; the lock, the clock and two counters alone take 42. One
	 * that is alone in its slot takes 30 ns more, for the opening.
	 *
	 * There is room only where calls do nothing but add up. So there is none in a window
	 * of which answers or refusals have left less than its limit, or of which a call may
	 * only take a share, and none of what a pace spreads; nor where the end of a call
	 * changes what the next may take. The pool's room is opened only while nothing but
	 * limits can hold back a call. All that may change this ends with Admission.drain,
	 * which closes it.
	 *
	 * Calls whose answers may teach
	 *
	 * Problem. Once an answer has told of a window, and every provider's first one does,
	 * each call is written down in three logs a window, and what was taken before it is
	 * kept for its answer. So the room was closed for good: 243 ns and 264 bytes a call.
	 *
	 * Simple scheme: leave the room open and write down nothing but sums. It fails at the
	 * answer, which is compared with what had been taken when its call was sent.
	 *
	 * Chosen. Between two calls of one room only its sums change. So a call keeps two of
	 * them, and RoomMemory what had been taken before the room: that makes the same
	 * numbers when its answer comes. The logs do not tell apart what is sent within a
	 * part of half the guard, so the room ends with the part, 30 ms at most, and they are
	 * told its sums. A call that is a test of what answers predict is one in 60 ms and
	 * goes the long way, for the room ends before it. An answer that leaves all as it was
	 * opens the room again at once, and so does not make the next call look. The end of a
	 * call goes into the sums of its part, under the lock and mostly without the clock. A
	 * call now takes 98 ns and 160 bytes with an end and without an answer; the answer
	 * costs 350 ns. The watch on how the provider books compares fewer calls: the first
	 * of each room.
	 *
	 * There is none yet where input and output are limited apart, which would take four
	 * sums, nor where real tokens count.
	 */

	/** Room where there is no limit, and no sum overflows. */
	private static final long UNLIMITED = Long.MAX_VALUE / 2;

	private final Tariff tariff;

	private final Hearing hearing;

	/**
	 * What answers to calls of the room will need; {@code null} if none told anything.
	 */
	private @Nullable RoomMemory memory;

	private RollingWindow[] windows = {};

	private Dimension[] dimensions = {};

	private boolean open;

	/** When the first window moves on. */
	private long endNanos;

	/** Whether there are limits of input or output alone. */
	private boolean parted;

	private long freeRequests;

	private long freeTokens;

	private long freeInput;

	private long freeOutput;

	private long requests;

	private long tokens;

	private long inputTokens;

	private long outputTokens;

	SlotRoom(Tariff tariff, Hearing hearing) {
		this.tariff = tariff;
		this.hearing = hearing;
	}

	/**
	 * Notes what is free of windows that have been moved on to now.
	 * @return whether anything is, as far as adding up goes
	 */
	boolean open(RollingWindow[] of, Dimension[] ofDimensions) {
		this.windows = of;
		this.dimensions = ofDimensions;
		this.parted = false;
		this.freeRequests = UNLIMITED;
		this.freeTokens = UNLIMITED;
		this.freeInput = UNLIMITED;
		this.freeOutput = UNLIMITED;
		boolean any = of.length > 0;
		for (int i = 0; i < of.length && any; i++) {
			long free = of[i].plainRoom();
			any = free > 0;
			limit(ofDimensions[i], free);
			this.endNanos = (i > 0) ? Ticks.earliest(this.endNanos, of[i].slotEndNanos()) : of[i].slotEndNanos();
		}
		this.memory = null;
		if (any && this.hearing.remembers()) {
			long now = of[0].latestNanos();
			this.endNanos = Ticks.earliest(this.endNanos, this.hearing.addsUntil(of, now));
			any = !this.parted && this.endNanos - now > 0;
			this.memory = any ? new RoomMemory(this.tariff, of, ofDimensions, now) : null;
		}
		this.open = any;
		return any;
	}

	public boolean isOpen() {
		return this.open;
	}

	private void limit(Dimension dimension, long free) {
		switch (dimension) {
			case REQUESTS -> this.freeRequests = Math.min(this.freeRequests, free);
			case TOKENS -> this.freeTokens = Math.min(this.freeTokens, free);
			case INPUT_TOKENS -> this.freeInput = Math.min(this.freeInput, free);
			case OUTPUT_TOKENS -> this.freeOutput = Math.min(this.freeOutput, free);
			case CONCURRENT, ENQUEUED_TOKENS -> throw new IllegalArgumentException("No window is of " + dimension);
		}
		this.parted |= dimension == Dimension.INPUT_TOKENS || dimension == Dimension.OUTPUT_TOKENS;
	}

	/** Whether a cost fits without a look at the windows. */
	public boolean fits(Cost cost, long nowNanos) {
		return this.open && nowNanos - this.endNanos < 0 && this.requests + cost.requests() <= this.freeRequests
				&& this.tokens + this.tariff.estimate(cost, Dimension.TOKENS) <= this.freeTokens
				&& (!this.parted || partsFit(cost));
	}

	private boolean partsFit(Cost cost) {
		return this.inputTokens + this.tariff.estimate(cost, Dimension.INPUT_TOKENS) <= this.freeInput
				&& this.outputTokens + this.tariff.estimate(cost, Dimension.OUTPUT_TOKENS) <= this.freeOutput;
	}

	/** Takes a cost that fits. */
	public void take(Cost cost) {
		this.requests += cost.requests();
		this.tokens += this.tariff.estimate(cost, Dimension.TOKENS);
		if (this.parted) {
			this.inputTokens += this.tariff.estimate(cost, Dimension.INPUT_TOKENS);
			this.outputTokens += this.tariff.estimate(cost, Dimension.OUTPUT_TOKENS);
		}
	}

	/** Remembers a call that has just been taken, if its answer may teach. */
	public void remember(LedgerEntry entry) {
		if (this.memory != null) {
			entry.sent(this.memory.call(this.requests, this.tokens));
		}
	}

	/** Writes what was taken into the windows, which are about to be looked at. */
	void close() {
		if (!this.open) {
			return;
		}
		this.open = false;
		for (int i = 0; i < this.windows.length; i++) {
			this.windows[i].take(taken(this.dimensions[i]));
		}
		if (this.memory != null) {
			this.hearing.added(this.windows, this.dimensions, this, this.memory.sinceNanos());
		}
		this.requests = 0;
		this.tokens = 0;
		this.inputTokens = 0;
		this.outputTokens = 0;
	}

	/** What was taken and has not been written down. */
	long taken(Dimension dimension) {
		return switch (dimension) {
			case REQUESTS -> this.requests;
			case TOKENS -> this.tokens;
			case INPUT_TOKENS -> this.inputTokens;
			case OUTPUT_TOKENS -> this.outputTokens;
			case CONCURRENT, ENQUEUED_TOKENS -> 0;
		};
	}

}
