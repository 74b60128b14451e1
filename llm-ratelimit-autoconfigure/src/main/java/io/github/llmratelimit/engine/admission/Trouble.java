package io.github.llmratelimit.engine.admission;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What stops a budget beside its limits: pauses that the provider asked for, its lack of
 * capacity, an account that is used up.
 */
public final class Trouble {

	private final Pauses pauses;

	private final Exhaustion exhaustion = new Exhaustion();

	private final PauseRun run = new PauseRun();

	private final InFlight inFlight;

	Trouble(InFlight inFlight, Duration overloadBaseDelay, long nowNanos) {
		this.pauses = new Pauses(new Overload(overloadBaseDelay, nowNanos));
		this.inFlight = inFlight;
	}

	Pauses pauses() {
		return this.pauses;
	}

	Exhaustion exhaustion() {
		return this.exhaustion;
	}

	/** The pauses as others are told of them. */
	public PauseRun run() {
		return this.run;
	}

	/** When no dimension is paused any more; now, if none is. */
	long pauseEnd(long nowNanos) {
		return this.pauses.end(nowNanos);
	}

	/**
	 * The account is used up.
	 * @return whether it was not known to be
	 */
	public boolean exhausted(@Nullable Throwable cause, long nowNanos) {
		boolean before = this.exhaustion.isExhausted();
		this.exhaustion.begin(cause, nowNanos);
		return !before;
	}

	/**
	 * The provider turned a call away for lack of capacity.
	 * @param hintNanos how long it asked to wait, 0 if it did not say
	 */
	public void overloaded(Entry entry, long hintNanos, @Nullable Throwable cause, long nowNanos) {
		int others = this.inFlight.count() - (entry.isBooked() ? 1 : 0);
		this.pauses.overload().turnedAway(entry.takenAtNanos(), hintNanos, others, cause, nowNanos);
	}

	/**
	 * A call was answered: the account works, and the provider has room.
	 * @return whether the account was exhausted before, and no longer is
	 */
	public boolean answered(Entry entry, long nowNanos) {
		this.pauses.overload().answered(entry.takenAtNanos(), nowNanos);
		return this.exhaustion.isExhausted() && !this.exhaustion.works(entry.takenAtNanos());
	}

	/** Whether an answer would matter. */
	public boolean isActive() {
		return this.exhaustion.isExhausted() || this.pauses.overload().isActive();
	}

	/** Says what led to a refusal that was heard of before. */
	public void explain(Throwable failure) {
		this.exhaustion.explain(failure);
		this.pauses.explain(failure);
	}

}
