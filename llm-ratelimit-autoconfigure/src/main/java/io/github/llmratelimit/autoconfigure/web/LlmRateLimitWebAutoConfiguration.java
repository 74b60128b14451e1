package io.github.llmratelimit.autoconfigure.web;

import java.util.List;

import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.web.LimitedCallFilter;
import io.github.llmratelimit.web.LimitedCallInterceptor;
import io.github.llmratelimit.web.SpringFailureReader;
import io.github.llmratelimit.web.WebClientFailureReader;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.boot.restclient.RestTemplateCustomizer;
import org.springframework.boot.webclient.WebClientCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.web.client.RestClientResponseException;
import org.springframework.web.reactive.function.client.WebClientResponseException;

/**
 * Auto-configuration of what limiters see of Spring's HTTP clients.
 */
@AutoConfiguration(afterName = "io.github.llmratelimit.autoconfigure.LlmRateLimitAutoConfiguration")
@ConditionalOnBooleanProperty(name = "llm.ratelimit.enabled", matchIfMissing = true)
@ConditionalOnClass(RestClientResponseException.class)
public final class LlmRateLimitWebAutoConfiguration {

	LlmRateLimitWebAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean
	SpringFailureReader llmRateLimitFailureReader() {
		return new SpringFailureReader();
	}

	@Bean
	@ConditionalOnMissingBean
	LimitedCallInterceptor llmRateLimitInterceptor(ObjectProvider<LlmRateLimiterRegistry> limiters) {
		return new LimitedCallInterceptor(limiters::getIfUnique);
	}

	/** Next to the wire: after all others, and once. */
	private static void addLast(List<ClientHttpRequestInterceptor> interceptors, LimitedCallInterceptor interceptor) {
		interceptors.remove(interceptor);
		interceptors.add(interceptor);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(WebClientResponseException.class)
	static class WebClientFailureConfiguration {

		@Bean
		@ConditionalOnMissingBean
		WebClientFailureReader llmRateLimitWebClientFailureReader() {
			return new WebClientFailureReader();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ WebClientCustomizer.class, WebClientResponseException.class })
	static class WebClientConfiguration {

		@Bean
		@ConditionalOnMissingBean
		LimitedCallFilter llmRateLimitFilter(ObjectProvider<LlmRateLimiterRegistry> limiters) {
			return new LimitedCallFilter(limiters::getIfUnique);
		}

		@Bean
		@ConditionalOnMissingBean(name = "llmRateLimitWebClientCustomizer")
		@Order(Ordered.LOWEST_PRECEDENCE)
		WebClientCustomizer llmRateLimitWebClientCustomizer(LimitedCallFilter filter) {
			return (builder) -> builder.filters((all) -> {
				all.remove(filter);
				all.add(filter);
			});
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(RestClientCustomizer.class)
	static class RestClientConfiguration {

		@Bean
		@ConditionalOnMissingBean(name = "llmRateLimitRestClientCustomizer")
		@Order(Ordered.LOWEST_PRECEDENCE)
		RestClientCustomizer llmRateLimitRestClientCustomizer(LimitedCallInterceptor interceptor) {
			return (builder) -> builder.requestInterceptors((all) -> addLast(all, interceptor));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(RestTemplateCustomizer.class)
	static class RestTemplateConfiguration {

		@Bean
		@ConditionalOnMissingBean(name = "llmRateLimitRestTemplateCustomizer")
		@Order(Ordered.LOWEST_PRECEDENCE)
		RestTemplateCustomizer llmRateLimitRestTemplateCustomizer(LimitedCallInterceptor interceptor) {
			return (restTemplate) -> addLast(restTemplate.getInterceptors(), interceptor);
		}

	}

}
