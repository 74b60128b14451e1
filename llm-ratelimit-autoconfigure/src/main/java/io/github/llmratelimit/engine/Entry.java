package io.github.llmratelimit.engine;

import io.github.llmratelimit.Cost;
import io.github.llmratelimit.learning.SentCall;
import org.jspecify.annotations.Nullable;

/**
 * One call in the books: what it is expected to take, on whose behalf, and since when it
 * is taken. Belongs to the budget and is guarded by its lock.
 */
class Entry {

	private final Cost cost;

	private final @Nullable String tenant;

	/** When it was taken; an instant without meaning before. */
	private long takenAtNanos;

	/**
	 * Parts of the cost that were taken, by dimension: less than all where actual usage
	 * is booked. All of it for {@code null}.
	 */
	private float @Nullable [] ratios;

	/** What answers need to know of each window, once any answer told something. */
	private @Nullable SentCall @Nullable [] sent;

	/** The tenant that the call is written down for beside the pool. */
	private @Nullable Tenant holder;

	/** Whether that tenant counts it as a call in flight. */
	private boolean counted;

	Entry(Cost cost, @Nullable String tenant) {
		this.cost = cost;
		this.tenant = tenant;
	}

	public Cost cost() {
		return this.cost;
	}

	final @Nullable String tenant() {
		return this.tenant;
	}

	final long takenAtNanos() {
		return this.takenAtNanos;
	}

	final float @Nullable [] ratios() {
		return this.ratios;
	}

	/** Whether anything is taken for it; nothing is for calls that nobody limits. */
	final boolean isBooked() {
		return this.cost.requests() > 0 || this.cost.totalTokens() > 0;
	}

	final boolean isCounted() {
		return this.counted;
	}

	final void taken(long atNanos, float @Nullable [] partsOfCost) {
		this.takenAtNanos = atNanos;
		this.ratios = partsOfCost;
	}

	final @Nullable SentCall @Nullable [] sent() {
		return this.sent;
	}

	final void sent(@Nullable SentCall @Nullable [] perWindow) {
		this.sent = perWindow;
	}

	/** The tenant that knows of the call, {@code null} if only the pool does. */
	final @Nullable Tenant holder() {
		return this.holder;
	}

	final void heldBy(Tenant tenant) {
		this.holder = tenant;
	}

	final void countedBy(Tenant tenant) {
		this.holder = tenant;
		this.counted = true;
	}

}
