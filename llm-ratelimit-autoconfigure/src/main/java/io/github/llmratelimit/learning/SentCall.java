package io.github.llmratelimit.learning;

import org.jspecify.annotations.Nullable;

/**
 * What was known about one window when a call was sent, to be handed back with its
 * answer.
 *
 * @param cost what was admitted for the call
 * @param admittedNanos when it was admitted
 * @param takenWhenSent what our ledger had taken of the window right after the call's own
 * cost was taken
 * @param othersInFlight what was admitted for all other calls in flight; only needed
 * where the provider counts tokens as they are produced, else 0
 * @param expected what the call was expected to use
 * @param predicted what {@link UsageCredit} took to be left, or {@code null}
 */
public record SentCall(long cost, long admittedNanos, long takenWhenSent, long othersInFlight, long expected,
		long @Nullable [] predicted) {

	/**
	 * Create what is known of a call that is expected to use all of its cost.
	 * @param cost what was admitted for the call
	 * @param admittedNanos when it was admitted
	 * @param takenWhenSent what our ledger had taken
	 * @param othersInFlight what was admitted for other calls in flight
	 */
	public SentCall(long cost, long admittedNanos, long takenWhenSent, long othersInFlight) {
		this(cost, admittedNanos, takenWhenSent, othersInFlight, cost, null);
	}

}
