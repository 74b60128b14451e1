package io.github.llmratelimit.autoconfigure.health;

import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.health.LlmRateLimitHealthIndicator;
import io.github.llmratelimit.health.UsedModels;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the health contributor {@code llmRateLimit}, which
 * {@code management.health.llm-rate-limit.enabled} switches off.
 */
@AutoConfiguration(afterName = "io.github.llmratelimit.autoconfigure.LlmRateLimitAutoConfiguration")
@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean(LlmRateLimiterRegistry.class)
public final class LlmRateLimitHealthAutoConfiguration {

	// in lower case, so that it is found however the property is written
	private static final String NAME = "llmratelimit";

	LlmRateLimitHealthAutoConfiguration() {
	}

	@Bean
	@ConditionalOnEnabledHealthIndicator(NAME)
	@ConditionalOnMissingBean(name = { "llmRateLimitHealthIndicator", "llmRateLimitHealthContributor" })
	LlmRateLimitHealthIndicator llmRateLimitHealthIndicator(LlmRateLimiterRegistry limiters,
			ObjectProvider<UsedModels> judged) {
		return new LlmRateLimitHealthIndicator(limiters, judged.getIfAvailable());
	}

	// hears every call, so it is there only where somebody wants its answer
	@Bean
	@ConditionalOnEnabledHealthIndicator(NAME)
	@ConditionalOnMissingBean
	@ConditionalOnBooleanProperty("llm.ratelimit.health.fail")
	UsedModels llmRateLimitUsedModels() {
		return new UsedModels();
	}

}
