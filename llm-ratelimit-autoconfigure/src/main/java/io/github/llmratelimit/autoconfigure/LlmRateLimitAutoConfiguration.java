package io.github.llmratelimit.autoconfigure;

import java.time.InstantSource;

import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.autoconfigure.configuration.ConfigurationResolver;
import io.github.llmratelimit.autoconfigure.configuration.ResolvedConfiguration;
import io.github.llmratelimit.autoconfigure.diagnostics.HiddenRetries;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties;
import io.github.llmratelimit.autoconfigure.tiers.BundledProviders;
import io.github.llmratelimit.engine.CallRetry;
import io.github.llmratelimit.engine.FailureReader;
import io.github.llmratelimit.engine.LimiterRegistry;
import io.github.llmratelimit.engine.RateLimitListener;
import io.github.llmratelimit.learning.InputRatios;
import io.github.llmratelimit.learning.OutputEstimates;
import io.github.llmratelimit.provider.ProviderDialects;
import io.github.llmratelimit.time.AlarmClock;
import io.github.llmratelimit.time.SystemAlarmClock;
import io.github.llmratelimit.time.WallClock;
import io.github.llmratelimit.tokens.TokenCounter;
import io.github.llmratelimit.tokens.TokenEstimator;
import io.github.llmratelimit.usage.UsageExtractor;
import io.github.llmratelimit.usage.UsageFinder;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.util.ClassUtils;

/**
 * Makes the limiters of the configuration. What they work with beyond this (retry, HTTP
 * clients, meters) comes from the auto-configurations of the sub-packages, if the
 * libraries are there.
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "llm.ratelimit.enabled", matchIfMissing = true)
@EnableConfigurationProperties(LlmRateLimitProperties.class)
@Import(LimiterBeanRegistrar.class)
public final class LlmRateLimitAutoConfiguration {

	LlmRateLimitAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean(AlarmClock.class)
	SystemAlarmClock llmRateLimitAlarmClock() {
		return new SystemAlarmClock();
	}

	@Bean
	@ConditionalOnMissingBean
	TokenEstimator llmTokenEstimator(ObjectProvider<TokenCounter> counters, ObjectProvider<InputRatios> ratios) {
		InputRatios learned = ratios.getIfAvailable();
		return (learned != null) ? new TokenEstimator(counters.orderedStream().toList(), learned::ratio)
				: new TokenEstimator(counters.orderedStream().toList());
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBooleanProperty(name = "llm.ratelimit.learning.output-tokens", matchIfMissing = true)
	OutputEstimates llmOutputEstimates() {
		return new OutputEstimates();
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBooleanProperty(name = "llm.ratelimit.learning.output-tokens", matchIfMissing = true)
	InputRatios llmInputRatios() {
		return new InputRatios(TokenEstimator.SAFE_RATIO);
	}

	@Bean
	@ConditionalOnMissingBean
	UsageFinder llmUsageFinder(ObjectProvider<UsageExtractor> extractors) {
		return new UsageFinder(extractors.orderedStream().toList());
	}

	@Bean
	@ConditionalOnMissingBean
	ResolvedConfiguration llmRateLimitConfiguration(LlmRateLimitProperties properties, Environment environment,
			ResourceLoader resources) {
		return new ConfigurationResolver(BundledProviders.load(resources.getClassLoader()), ProviderDialects::named)
			.resolve(properties, environment);
	}

	@Bean
	@ConditionalOnMissingBean(LlmRateLimiterRegistry.class)
	LimiterRegistry llmRateLimiterRegistry(ResolvedConfiguration configuration, AlarmClock clock,
			ObjectProvider<InstantSource> wallClock, ObjectProvider<CallRetry> retry,
			ObjectProvider<FailureReader> readers, UsageFinder usage, ObjectProvider<RateLimitListener> listeners,
			ObjectProvider<OutputEstimates> outputs, ObjectProvider<InputRatios> inputs) {
		return new LimiterRegistry(configuration.definitions(), configuration.settings(),
				new LimiterRegistry.Parts(clock, wallClock.getIfUnique(WallClock::system),
						retry.getIfAvailable(() -> CallRetry.NEVER), readers.orderedStream().toList(), usage::find,
						listeners.orderedStream().toList()),
				outputs.getIfAvailable(), inputs.getIfAvailable());
	}

	@Bean
	HiddenRetries llmHiddenRetries(ResolvedConfiguration configuration, Environment environment,
			ResourceLoader resources) {
		return new HiddenRetries(configuration.limits(), environment,
				(name) -> ClassUtils.isPresent(name, resources.getClassLoader()));
	}

	@Bean
	VocabularyWarmUp llmVocabularyWarmUp(TokenEstimator estimator, ResolvedConfiguration configuration) {
		return new VocabularyWarmUp(estimator, configuration);
	}

}
