package io.github.llmratelimit.autoconfigure.web;

import java.util.List;

import io.github.llmratelimit.web.LimitedCallInterceptor;
import io.github.llmratelimit.web.SpringFailureReader;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.boot.restclient.RestTemplateCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.web.client.RestClientResponseException;

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
	LimitedCallInterceptor llmRateLimitInterceptor() {
		return new LimitedCallInterceptor();
	}

	/** Next to the wire: after all others, and once. */
	private static void addLast(List<ClientHttpRequestInterceptor> interceptors, LimitedCallInterceptor interceptor) {
		interceptors.remove(interceptor);
		interceptors.add(interceptor);
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
