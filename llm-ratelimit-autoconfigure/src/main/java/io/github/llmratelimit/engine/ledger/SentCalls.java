package io.github.llmratelimit.engine.ledger;

import io.github.llmratelimit.learning.SentCall;
import org.jspecify.annotations.Nullable;

/**
 * What the answer to one call needs to know of each window. Made anew with every call
 * that is sent once answers have told something.
 */
abstract class SentCalls {

	/** Whether answers had told of a window. */
	abstract boolean knows(int window);

	/** What was known of a window, {@code null} if no answer had told of it. */
	abstract @Nullable SentCall of(int window, LedgerEntry entry);

	/**
	 * Whether the call was written down by itself, and not only added to others: then
	 * more is known of it than what it took and when.
	 */
	boolean isApart() {
		return true;
	}

	/** What was written down of every window. */
	static SentCalls of(@Nullable SentCall[] each) {
		return new Each(each);
	}

	private static final class Each extends SentCalls {

		private final @Nullable SentCall[] each;

		Each(@Nullable SentCall[] each) {
			this.each = each;
		}

		@Override
		boolean knows(int window) {
			return window < this.each.length && this.each[window] != null;
		}

		@Override
		@Nullable SentCall of(int window, LedgerEntry entry) {
			return (window < this.each.length) ? this.each[window] : null;
		}

	}

}
