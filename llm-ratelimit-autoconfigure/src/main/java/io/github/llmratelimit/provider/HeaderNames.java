package io.github.llmratelimit.provider;

import java.time.Instant;

/**
 * Under which names a provider tells about its limits.
 *
 * @param requests the limit of requests
 * @param tokens the limit of tokens, input and output together
 * @param projectTokens a pool inside the token limit, reported in its place when less of
 * it remains
 * @param inputTokens the limit of input tokens
 * @param outputTokens the limit of output tokens
 */
record HeaderNames(QuotaHeaders requests, QuotaHeaders tokens, QuotaHeaders projectTokens, QuotaHeaders inputTokens,
		QuotaHeaders outputTokens) {

	/** No headers of its own. */
	static final HeaderNames NONE = of(QuotaHeaders.NONE, QuotaHeaders.NONE);

	static HeaderNames of(QuotaHeaders requests, QuotaHeaders tokens) {
		return new HeaderNames(requests, tokens, QuotaHeaders.NONE, QuotaHeaders.NONE, QuotaHeaders.NONE);
	}

	HeaderNames withProjectTokens(QuotaHeaders projectTokens) {
		return new HeaderNames(this.requests, this.tokens, projectTokens, this.inputTokens, this.outputTokens);
	}

	HeaderNames withInputAndOutput(QuotaHeaders inputTokens, QuotaHeaders outputTokens) {
		return new HeaderNames(this.requests, this.tokens, this.projectTokens, inputTokens, outputTokens);
	}

	/**
	 * Read the headers of a response.
	 * @param success whether the response is a success, on which a limit of 0 is nonsense
	 */
	Quotas read(HttpFields fields, Instant now, boolean success) {
		Quota tokens = this.tokens.read(fields, now, success);
		Quota projectTokens = this.projectTokens.read(fields, now, success);
		return new Quotas(this.requests.read(fields, now, success),
				hasLess(projectTokens, tokens) ? projectTokens : tokens, this.inputTokens.read(fields, now, success),
				this.outputTokens.read(fields, now, success));
	}

	private static boolean hasLess(Quota pool, Quota whole) {
		if (pool.remaining() == null) {
			return !whole.isKnown();
		}
		return whole.remaining() == null || pool.remaining() < whole.remaining();
	}

}
