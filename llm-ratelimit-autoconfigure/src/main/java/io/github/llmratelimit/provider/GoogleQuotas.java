package io.github.llmratelimit.provider;

/**
 * What {@code google.rpc.QuotaFailure} lists. One refusal may violate several quotas.
 *
 * @param listed whether there is such a detail at all
 * @param perDay whether a quota of a day is violated
 * @param ofTokens whether a quota of tokens is violated
 * @param ofRequests whether a quota of requests is violated
 * @param zero whether a violated quota is 0: not granted to this tier
 */
record GoogleQuotas(boolean listed, boolean perDay, boolean ofTokens, boolean ofRequests, boolean zero) {

	static final GoogleQuotas NONE = new GoogleQuotas(false, false, false, false, false);

	static final GoogleQuotas LISTED = new GoogleQuotas(true, false, false, false, false);

	/**
	 * Add a violation.
	 * @param quotaId its {@code quotaId}, for example
	 * {@code GenerateRequestsPerDayPerProjectPerModel-FreeTier}
	 * @param quotaValue its {@code quotaValue}
	 */
	GoogleQuotas with(String quotaId, String quotaValue) {
		return new GoogleQuotas(true, this.perDay || quotaId.contains("PerDay"),
				this.ofTokens || quotaId.contains("Token"), this.ofRequests || quotaId.contains("Request"),
				this.zero || quotaValue.trim().equals("0"));
	}

}
