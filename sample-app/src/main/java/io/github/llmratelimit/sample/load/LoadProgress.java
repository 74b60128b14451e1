package io.github.llmratelimit.sample.load;

/**
 * How a load stands while it runs.
 *
 * @param seconds time since its start
 * @param calls calls that users began
 * @param succeeded calls that were answered
 * @param givenUp calls that ended otherwise
 * @param refused 429s so far
 * @param waiting calls not sent yet
 * @param running calls that the provider works on
 * @param tokensInWindow tokens admitted in the window that ends now
 * @param tokenLimit tokens allowed in it
 */
record LoadProgress(long seconds, long calls, long succeeded, long givenUp, long refused, int waiting, int running,
		long tokensInWindow, long tokenLimit) {
}
