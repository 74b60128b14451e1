package io.github.llmratelimit.engine;

import io.github.llmratelimit.provider.ProviderResponse;

/**
 * What hears of a request to a provider: the limited call that makes it, or the budget
 * that it draws on.
 */
public interface SentRequest {

	/**
	 * The request is about to leave. To be told before {@link #onResponse}.
	 */
	void onSend();

	/**
	 * The provider answered. A refusal stops all limited callers of the budget at once,
	 * before the caller sees it, and an answer that tells about limits teaches it.
	 * @param response what was received
	 */
	void onResponse(ProviderResponse response);

}
