package io.github.llmratelimit.engine.admission;

import io.github.llmratelimit.Cost;
import io.github.llmratelimit.engine.ledger.LedgerEntry;
import org.jspecify.annotations.Nullable;

/**
 * One call in the books: what it takes, and on whose behalf.
 */
public class Entry extends LedgerEntry {

	private final @Nullable String tenant;

	/** The tenant that the call is written down for beside the pool. */
	private @Nullable Tenant holder;

	/** Whether that tenant counts it as a call in flight. */
	private boolean counted;

	public Entry(Cost cost, @Nullable String tenant) {
		super(cost);
		this.tenant = tenant;
	}

	public final @Nullable String tenant() {
		return this.tenant;
	}

	public final boolean isCounted() {
		return this.counted;
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
