package io.github.llmratelimit.autoconfigure.metrics;

import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties;
import io.github.llmratelimit.metrics.LlmRateLimitMeterBinder;
import io.github.llmratelimit.metrics.LlmRateLimitMeterListener;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the meters.
 * <p>
 * Limiters are made with their listeners, which both beans are. So that this is no
 * circle, the listener asks for the {@link MeterRegistry} only when there is something to
 * count, and the binder for the limiters only when it is bound. Where there is no
 * registry, or more than one without a primary one, nothing is counted.
 */
@AutoConfiguration(afterName = "io.github.llmratelimit.autoconfigure.LlmRateLimitAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean(LlmRateLimiterRegistry.class)
public final class LlmRateLimitMetricsAutoConfiguration {

	LlmRateLimitMetricsAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean
	LlmRateLimitMeterListener llmRateLimitMeterListener(ObjectProvider<MeterRegistry> registry,
			ObjectProvider<LlmRateLimitProperties> properties) {
		LlmRateLimitProperties configured = properties.getIfAvailable();
		return (configured != null && configured.metrics().tenantTag())
				? new LlmRateLimitMeterListener(registry::getIfUnique, configured.metrics().maxTenants())
				: new LlmRateLimitMeterListener(registry::getIfUnique);
	}

	@Bean
	@ConditionalOnMissingBean
	LlmRateLimitMeterBinder llmRateLimitMeterBinder(ObjectProvider<LlmRateLimiterRegistry> limiters) {
		return new LlmRateLimitMeterBinder(limiters::getObject);
	}

}
