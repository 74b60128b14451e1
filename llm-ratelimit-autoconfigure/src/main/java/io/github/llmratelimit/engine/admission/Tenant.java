package io.github.llmratelimit.engine.admission;

import io.github.llmratelimit.Priority;
import io.github.llmratelimit.engine.ledger.Ledger;
import org.jspecify.annotations.Nullable;

/**
 * What a pool knows of one tenant while it has calls queued or in flight, and, where it
 * has limits of its own, until their windows have passed.
 */
final class Tenant {

	/** Its name, {@code null} for calls on nobody's behalf. */
	final @Nullable String name;

	final int weight;

	/** Its own limits, {@code null} without any. */
	final @Nullable Ledger ledger;

	/** Its waiting calls by priority class; an empty line is {@code null}. */
	final @Nullable Line[] lines = new @Nullable Line[Priority.values().length];

	/**
	 * Tokens that it was granted out of the queue, by its weight: who has the least is
	 * next.
	 */
	double virtualTime;

	/** Calls that wait. */
	int queued;

	/** Calls that were granted and have not ended, as far as they are counted. */
	int inFlight;

	/** When it last had something queued or in flight, or else was first asked for. */
	long usedNanos;

	Tenant(@Nullable String name, int weight, @Nullable Ledger ledger, long nowNanos) {
		this.name = name;
		this.weight = weight;
		this.ledger = ledger;
		this.usedNanos = nowNanos;
	}

	/** The same tenant without its waiting calls. */
	Tenant copy() {
		Tenant copy = new Tenant(this.name, this.weight, (this.ledger != null) ? this.ledger.copy() : null,
				this.usedNanos);
		copy.virtualTime = this.virtualTime;
		copy.inFlight = this.inFlight;
		return copy;
	}

	boolean isActive() {
		return this.queued > 0 || this.inFlight > 0;
	}

}
