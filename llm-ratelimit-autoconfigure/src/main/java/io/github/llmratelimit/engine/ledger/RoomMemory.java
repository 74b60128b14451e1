package io.github.llmratelimit.engine.ledger;

import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.learning.SentCall;
import org.jspecify.annotations.Nullable;

/**
 * What the answers to all calls of one {@link SlotRoom} need to know of each window: what
 * was taken before the first of them. With what the room had taken after a call, that is
 * all there is to remember of it.
 */
final class RoomMemory {

	private final Tariff tariff;

	private final Dimension[] dimensions;

	private final boolean[] told;

	private final long[] takenBefore;

	private final long sinceNanos;

	RoomMemory(Tariff tariff, RollingWindow[] windows, Dimension[] dimensions, long sinceNanos) {
		this.tariff = tariff;
		this.dimensions = dimensions;
		this.told = new boolean[windows.length];
		this.takenBefore = new long[windows.length];
		for (int i = 0; i < windows.length; i++) {
			Heard known = windows[i].known();
			if (known != null) {
				this.told[i] = known.remembers();
				this.takenBefore[i] = known.taken();
			}
		}
		this.sinceNanos = sinceNanos;
	}

	/** When the room was opened. */
	long sinceNanos() {
		return this.sinceNanos;
	}

	/** A call has just been taken, with which the room has so much. */
	SentCalls call(long requests, long tokens) {
		return new Call(this, requests, tokens);
	}

	private boolean knows(int window) {
		return window < this.told.length && this.told[window];
	}

	private @Nullable SentCall of(int window, LedgerEntry entry, Call call) {
		if (!knows(window)) {
			return null;
		}
		Dimension dimension = this.dimensions[window];
		long amount = this.tariff.estimate(entry.cost(), dimension);
		long inRoom = (dimension == Dimension.REQUESTS) ? call.requests : call.tokens;
		return new SentCall(amount, entry.takenAtNanos(), this.takenBefore[window] + inRoom, 0);
	}

	private static final class Call extends SentCalls {

		private final RoomMemory room;

		private final long requests;

		private final long tokens;

		Call(RoomMemory room, long requests, long tokens) {
			this.room = room;
			this.requests = requests;
			this.tokens = tokens;
		}

		@Override
		boolean knows(int window) {
			return this.room.knows(window);
		}

		@Override
		@Nullable SentCall of(int window, LedgerEntry entry) {
			return this.room.of(window, entry, this);
		}

		@Override
		boolean isApart() {
			return false;
		}

	}

}
