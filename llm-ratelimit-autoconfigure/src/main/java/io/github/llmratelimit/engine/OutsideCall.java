package io.github.llmratelimit.engine;

import io.github.llmratelimit.Cost;
import io.github.llmratelimit.engine.admission.Entry;
import io.github.llmratelimit.provider.ProviderResponse;

/**
 * A request to a provider that no limiter has admitted. Nothing is taken for it: what it
 * uses is seen in what the provider then says is left. Its answer teaches the budget of
 * its model as that of a limited call does.
 */
public final class OutsideCall implements SentRequest {

	private final ModelLimiter limiter;

	private final Entry entry = new Entry(new Cost(0, 0, 0, false), null);

	OutsideCall(ModelLimiter limiter) {
		this.limiter = limiter;
	}

	/**
	 * Returns the model that is called.
	 * @return the name under which the application knows it
	 */
	public String model() {
		return this.limiter.model();
	}

	ModelLimiter limiter() {
		return this.limiter;
	}

	@Override
	public void onSend() {
		this.limiter.budget().sentOutside(this.entry);
	}

	@Override
	public void onResponse(ProviderResponse response) {
		this.limiter.onOutside(this.entry, response);
	}

}
