package io.github.llmratelimit.sample.provider;

import java.util.Map;

/**
 * What a simulated provider has counted since its start.
 *
 * @param window length of the windows, as ISO 8601 duration
 * @param inFlight calls that are admitted and not yet answered
 * @param invalid calls refused for other reasons than a limit (HTTP 400, 401, 404, …)
 * @param overloaded calls turned away because the provider pretends to be busy
 * @param unpaid calls turned away because the account is said to have no money left
 * @param models the counters of each model
 */
public record ProviderStats(String window, int inFlight, long invalid, long overloaded, long unpaid,
		Map<String, ModelStats> models) {

	/**
	 * What was counted for one model.
	 *
	 * @param requestLimit requests allowed in any window
	 * @param tokenLimit tokens allowed in any window
	 * @param calls calls that arrived
	 * @param admitted calls that were admitted
	 * @param refusedByRequests 429s because of the request limit
	 * @param refusedByTokens 429s because of the token limit
	 * @param refusedAsTooLarge 429s of calls that can never fit
	 * @param admittedTokens tokens charged to the admitted calls
	 * @param tokensInWindow tokens admitted in the window that ends now
	 * @param maxTokensInAnyWindow most tokens that any window held, wherever it began: at
	 * most the limit, or the provider isn't strict
	 * @param maxRequestsInAnyWindow most requests that any window held
	 */
	public record ModelStats(long requestLimit, long tokenLimit, long calls, long admitted, long refusedByRequests,
			long refusedByTokens, long refusedAsTooLarge, long admittedTokens, long tokensInWindow,
			long maxTokensInAnyWindow, int maxRequestsInAnyWindow) {

		/**
		 * Returns the number of 429s.
		 * @return refused calls, whatever the reason
		 */
		public long refused() {
			return this.refusedByRequests + this.refusedByTokens + this.refusedAsTooLarge;
		}

	}

}
