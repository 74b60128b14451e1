package io.github.llmratelimit.learning;

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
 */
public record SentCall(long cost, long admittedNanos, long takenWhenSent, long othersInFlight) {

}
