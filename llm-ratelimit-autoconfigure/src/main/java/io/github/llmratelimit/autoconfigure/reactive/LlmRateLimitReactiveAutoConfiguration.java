package io.github.llmratelimit.autoconfigure.reactive;

import io.github.llmratelimit.reactive.ReactiveReturnTypeAdapter;
import reactor.core.publisher.Flux;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.ReactiveAdapterRegistry;

/**
 * Auto-configuration of limited methods with reactive return types.
 */
@AutoConfiguration(afterName = "io.github.llmratelimit.autoconfigure.LlmRateLimitAutoConfiguration")
@ConditionalOnBooleanProperty(name = "llm.ratelimit.enabled", matchIfMissing = true)
@ConditionalOnClass(Flux.class)
public final class LlmRateLimitReactiveAutoConfiguration {

	LlmRateLimitReactiveAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean
	ReactiveReturnTypeAdapter llmReactiveReturnTypeAdapter() {
		return new ReactiveReturnTypeAdapter(ReactiveAdapterRegistry.getSharedInstance());
	}

}
