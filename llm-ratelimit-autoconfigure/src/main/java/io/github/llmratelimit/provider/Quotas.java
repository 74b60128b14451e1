package io.github.llmratelimit.provider;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What the headers of a response tell about all limits.
 *
 * @param requests the limit of requests
 * @param tokens the limit of tokens, input and output together
 * @param inputTokens the limit of input tokens
 * @param outputTokens the limit of output tokens
 */
record Quotas(Quota requests, Quota tokens, Quota inputTokens, Quota outputTokens) {

	/**
	 * Return these quotas, with the given one if nothing is known about requests.
	 */
	Quotas orRequests(Quota requests) {
		return this.requests.isKnown() ? this : new Quotas(requests, this.tokens, this.inputTokens, this.outputTokens);
	}

	/**
	 * Return these quotas with the numbers of requests speaking of another window.
	 */
	Quotas withRequestsPer(Duration window) {
		return new Quotas(this.requests.per(window), this.tokens, this.inputTokens, this.outputTokens);
	}

	ProviderSignal toSignal(SignalKind kind, boolean retryable, @Nullable Duration retryAfter) {
		return new ProviderSignal(kind, retryable, retryAfter, this.requests, this.tokens, this.inputTokens,
				this.outputTokens);
	}

	/**
	 * Return whether a limit is 0: what is asked for isn't on the plan.
	 */
	boolean anyIsNeverGranted() {
		return this.requests.isNeverGranted() || this.tokens.isNeverGranted() || this.inputTokens.isNeverGranted()
				|| this.outputTokens.isNeverGranted();
	}

	boolean onlyRequestsAreUsedUp() {
		return this.requests.isUsedUp() && !tokensAreUsedUp();
	}

	boolean onlyTokensAreUsedUp() {
		return tokensAreUsedUp() && !this.requests.isUsedUp();
	}

	private boolean tokensAreUsedUp() {
		return this.tokens.isUsedUp() || this.inputTokens.isUsedUp() || this.outputTokens.isUsedUp();
	}

}
