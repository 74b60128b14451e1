package io.github.llmratelimit.autoconfigure;

import java.util.List;

import io.github.llmratelimit.autoconfigure.configuration.ResolvedConfiguration;
import io.github.llmratelimit.tokens.TokenEstimator;

import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Loads the vocabularies of the configured models beside the start of the application, so
 * that no request waits for the half second it takes.
 */
class VocabularyWarmUp implements SmartInitializingSingleton {

	private final TokenEstimator estimator;

	private final List<String> models;

	VocabularyWarmUp(TokenEstimator estimator, ResolvedConfiguration configuration) {
		this.estimator = estimator;
		this.models = configuration.definitions()
			.stream()
			.map((definition) -> definition.limits().providerModel())
			.distinct()
			.toList();
	}

	@Override
	public void afterSingletonsInstantiated() {
		Thread thread = new Thread(() -> this.models.forEach(this.estimator::warmUp), "llm-ratelimit-warm-up");
		thread.setDaemon(true);
		thread.start();
	}

}
