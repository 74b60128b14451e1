package io.github.llmratelimit.sample.load;

import java.time.Duration;

import io.github.llmratelimit.sample.provider.ProviderStats.ModelStats;
import io.github.llmratelimit.sample.provider.SimulatedProvider;

/**
 * One model, as its provider sees it.
 *
 * @param name its name
 * @param provider its provider
 */
record ObservedModel(String name, SimulatedProvider provider) {

	ModelStats stats() {
		return this.provider.stats(this.name);
	}

	Duration window() {
		return this.provider.window();
	}

	long tokensAdmitted(long from, long to) {
		return this.provider.tokensAdmitted(this.name, from, to);
	}

}
