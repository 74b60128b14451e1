package io.github.llmratelimit.engine.ledger;

import io.github.llmratelimit.Cost;
import org.jspecify.annotations.Nullable;

/**
 * One call in a ledger: what it is expected to take, and since when it is taken. Belongs
 * to the budget and is guarded by its lock.
 */
public class LedgerEntry {

	private final Cost cost;

	/** When it was taken; an instant without meaning before. */
	private long takenAtNanos;

	/**
	 * Parts of the cost that were taken, by dimension: less than all where actual usage
	 * is booked. All of it for {@code null}.
	 */
	private float @Nullable [] ratios;

	/** What answers need to know of each window, once any answer told something. */
	private @Nullable SentCalls sent;

	public LedgerEntry(Cost cost) {
		this.cost = cost;
	}

	public Cost cost() {
		return this.cost;
	}

	public final long takenAtNanos() {
		return this.takenAtNanos;
	}

	public final float @Nullable [] ratios() {
		return this.ratios;
	}

	/** Whether anything is taken for it; nothing is for calls that nobody limits. */
	public final boolean isBooked() {
		return this.cost.requests() > 0 || this.cost.totalTokens() > 0;
	}

	public final void taken(long atNanos, float @Nullable [] partsOfCost) {
		this.takenAtNanos = atNanos;
		this.ratios = partsOfCost;
	}

	/** Whether answers told something before it was sent, so that its own may teach. */
	public final boolean isRemembered() {
		return this.sent != null;
	}

	final @Nullable SentCalls sent() {
		return this.sent;
	}

	final void sent(SentCalls perWindow) {
		this.sent = perWindow;
	}

}
