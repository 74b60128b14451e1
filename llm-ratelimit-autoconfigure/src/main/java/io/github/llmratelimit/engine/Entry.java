package io.github.llmratelimit.engine;

import io.github.llmratelimit.Cost;
import org.jspecify.annotations.Nullable;

/**
 * One call in the books: what it takes, and on whose behalf.
 */
class Entry extends LedgerEntry {

	private final @Nullable String tenant;

	/** The tenant that the call is written down for beside the pool. */
	private @Nullable Tenant holder;

	/** Whether that tenant counts it as a call in flight. */
	private boolean counted;

	Entry(Cost cost, @Nullable String tenant) {
		super(cost);
		this.tenant = tenant;
	}

	final @Nullable String tenant() {
		return this.tenant;
	}

	final boolean isCounted() {
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
