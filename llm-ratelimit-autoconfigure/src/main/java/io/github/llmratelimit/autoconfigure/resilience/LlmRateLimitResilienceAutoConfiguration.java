package io.github.llmratelimit.autoconfigure.resilience;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties;
import io.github.llmratelimit.engine.CallRetry;
import io.github.llmratelimit.engine.LimiterRegistry;
import io.github.llmratelimit.resilience.RateLimiterViews;
import io.github.llmratelimit.resilience.ResilienceRetry;
import io.github.llmratelimit.resilience.RetrySettings;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterRegistry;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of retries, and of the limiters as Resilience4j sees them.
 */
@AutoConfiguration(afterName = { "io.github.llmratelimit.autoconfigure.LlmRateLimitAutoConfiguration",
		"io.github.resilience4j.springboot.ratelimiter.autoconfigure.RateLimiterAutoConfiguration",
		"io.github.resilience4j.springboot.retry.autoconfigure.RetryAutoConfiguration" })
@ConditionalOnBooleanProperty(name = "llm.ratelimit.enabled", matchIfMissing = true)
@ConditionalOnClass({ RateLimiter.class, Retry.class })
@EnableConfigurationProperties(LlmRateLimitProperties.class)
public final class LlmRateLimitResilienceAutoConfiguration {

	/*
	 * Who needs whom
	 *
	 * The limiters need the retry and the listener, the registries of Resilience4j need
	 * the limiters whose views and retries they hold, and the retry needs its registry: a
	 * circle. It is open where the retry asks for the registry, which it does when the
	 * first call is made. So whoever gets one of our registries finds everything in it.
	 *
	 * A registry of the application's own, or of Resilience4j's starter, is filled as
	 * soon as all singletons are there.
	 */

	LlmRateLimitResilienceAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean(CallRetry.class)
	ResilienceRetry llmRateLimitRetry(LlmRateLimitProperties properties, ObjectProvider<RetryRegistry> registry,
			ObjectProvider<LlmRateLimiterRegistry> limiters) {
		return new ResilienceRetry(settings(properties.retry()), registry::getObject,
				(model, failure) -> (limiters.getIfAvailable() instanceof LimiterRegistry known)
						? known.read(model, failure) : null,
				() -> ThreadLocalRandom.current().nextLong());
	}

	private static RetrySettings settings(LlmRateLimitProperties.Retry retry) {
		return new RetrySettings(retry.maxAttempts(), retry.baseDelay(), retry.maxDelay(), retry.jitter(),
				retry.serverErrorBaseDelay(), retry.maxElapsed(), retry.maxRetryAfter());
	}

	@Bean
	@ConditionalOnMissingBean
	RateLimiterViews llmRateLimitViews(LlmRateLimitProperties properties) {
		return new RateLimiterViews(properties.queue().maxWait());
	}

	@Bean
	@ConditionalOnMissingBean
	RetryRegistry llmRateLimitRetryRegistry(ObjectProvider<ResilienceRetry> retry,
			ObjectProvider<LlmRateLimiterRegistry> limiters) {
		RetryRegistry registry = RetryRegistry.ofDefaults();
		retry.ifAvailable((known) -> known.register(registry, limiters(limiters)));
		return registry;
	}

	@Bean
	@ConditionalOnMissingBean
	RateLimiterRegistry llmRateLimitRateLimiterRegistry(RateLimiterViews views,
			ObjectProvider<LlmRateLimiterRegistry> limiters) {
		RateLimiterRegistry registry = RateLimiterRegistry.ofDefaults();
		views.register(registry, limiters(limiters));
		return registry;
	}

	@Bean
	@ConditionalOnMissingBean(name = "llmRateLimitRegistrar")
	SmartInitializingSingleton llmRateLimitRegistrar(ObjectProvider<ResilienceRetry> retry,
			ObjectProvider<RetryRegistry> retries, RateLimiterViews views,
			ObjectProvider<RateLimiterRegistry> rateLimiters, ObjectProvider<LlmRateLimiterRegistry> limiters) {
		return () -> {
			retry.ifAvailable((known) -> known.register(retries.getObject(), limiters(limiters)));
			views.register(rateLimiters.getObject(), limiters(limiters));
		};
	}

	private static Collection<LlmRateLimiter> limiters(ObjectProvider<LlmRateLimiterRegistry> limiters) {
		LlmRateLimiterRegistry registry = limiters.getIfAvailable();
		return (registry != null) ? registry.limiters() : List.of();
	}

}
