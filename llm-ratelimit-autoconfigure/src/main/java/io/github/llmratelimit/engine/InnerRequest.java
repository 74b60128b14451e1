package io.github.llmratelimit.engine;

import io.github.llmratelimit.provider.ProviderResponse;

/**
 * A request for another model's budget that a limited call makes. Its answer is not the
 * call's, and neither is the failure that the answer becomes.
 */
final class InnerRequest implements SentRequest {

	private static final int FIRST_ERROR = 400;

	private final LimitedCall call;

	private final SentRequest request;

	/**
	 * Creates the request.
	 * @param call the call that makes it
	 * @param request what its answer teaches
	 */
	InnerRequest(LimitedCall call, SentRequest request) {
		this.call = call;
		this.request = request;
	}

	@Override
	public void onSend() {
		this.request.onSend();
	}

	@Override
	public void onResponse(ProviderResponse response) {
		if (response.status() >= FIRST_ERROR) {
			this.call.addForeign(response);
		}
		this.request.onResponse(response);
	}

}
