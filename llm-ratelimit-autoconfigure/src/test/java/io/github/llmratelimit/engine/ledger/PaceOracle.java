package io.github.llmratelimit.engine.ledger;

import java.util.ArrayList;
import java.util.List;

import io.github.llmratelimit.time.Ticks;

/**
 * The throttles of a {@link RollingWindow} as their formulas are stated, from a list of
 * all that was taken. Slow and obviously right.
 */
final class PaceOracle {

	private final double mark;

	private final double share;

	private final long originNanos;

	private final long slotNanos;

	private final long heldSlots;

	private final List<Taken> all = new ArrayList<>();

	private long limit;

	private long now;

	/** Whether the pace is on, since when, and all that its formula speaks of. */
	private boolean paced;

	private long sinceNanos;

	private long spreadNanos;

	private long rest;

	private long spent;

	private long returned;

	PaceOracle(long limit, double mark, double share, long originNanos, long slotNanos, long heldSlots) {
		this.limit = limit;
		this.mark = mark;
		this.share = share;
		this.originNanos = originNanos;
		this.slotNanos = slotNanos;
		this.heldSlots = heldSlots;
		this.now = originNanos;
	}

	boolean isPaced() {
		return this.paced;
	}

	long remaining() {
		return remainingAt(this.now);
	}

	/** What is left at a later instant if only time passes. */
	private long remainingAt(long instantNanos) {
		return this.limit - this.all.stream()
			.filter((taken) -> taken.backNanos - instantNanos > 0)
			.mapToLong((taken) -> taken.amount)
			.sum();
	}

	void advance(long nowNanos) {
		long before = remaining();
		this.now = nowNanos;
		this.returned += remaining() - before;
		check();
	}

	void take(long amount) {
		long slot = (this.now - this.originNanos) / this.slotNanos;
		this.all.add(new Taken(this.now, this.originNanos + (slot + this.heldSlots) * this.slotNanos, amount));
		this.spent += amount;
		check();
	}

	List<Taken> held() {
		return this.all.stream().filter((taken) -> taken.backNanos - this.now > 0).toList();
	}

	void correct(Taken taken, long difference) {
		if (taken.backNanos - this.now > 0) {
			taken.amount += difference;
			this.returned -= difference;
			check();
		}
	}

	void limit(long newLimit) {
		this.limit = newLimit;
		this.paced = false;
		check();
	}

	private void check() {
		long most = (long) (this.mark * this.limit);
		if (this.mark == 0 || remaining() >= most) {
			this.paced = false;
		}
		else if (!this.paced) {
			this.paced = true;
			this.sinceNanos = this.now;
			this.rest = Math.max(0, remaining());
			this.spent = 0;
			this.returned = 0;
			this.spreadNanos = held().stream()
				.map((taken) -> taken.backNanos)
				.filter((instant) -> remainingAt(instant) >= most)
				.reduce(Ticks::earliest)
				.orElse(this.now) - this.now;
		}
	}

	boolean fits(long amount) {
		boolean shareIsLeft = amount > this.share * this.limit || amount <= this.share * remaining() + 1e-6;
		return amount <= remaining() && shareIsLeft && (!this.paced || amount == 0 || isOnTheLine(amount));
	}

	/** spent + c at most r0 * min(1, (t - t0) / T) + returned. */
	private boolean isOnTheLine(long amount) {
		long passed = Math.min(this.now - this.sinceNanos, this.spreadNanos);
		return (this.spent + amount - this.returned) * this.spreadNanos <= this.rest * passed;
	}

	/** An amount that was taken. */
	static final class Taken {

		final long atNanos;

		final long backNanos;

		long amount;

		Taken(long atNanos, long backNanos, long amount) {
			this.atNanos = atNanos;
			this.backNanos = backNanos;
			this.amount = amount;
		}

	}

}
