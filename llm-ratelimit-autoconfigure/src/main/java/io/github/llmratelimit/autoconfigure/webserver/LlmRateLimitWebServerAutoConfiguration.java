package io.github.llmratelimit.autoconfigure.webserver;

import java.util.List;

import io.github.llmratelimit.webserver.LlmRateLimitExceptionResolver;
import io.github.llmratelimit.webserver.LlmRateLimitWebExceptionHandler;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.web.server.WebExceptionHandler;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

/**
 * Auto-configuration of problem details for refused calls, in Spring MVC and in WebFlux.
 * Registered before Spring Boot's handler of all errors, whose order it shares.
 */
@AutoConfiguration(afterName = "io.github.llmratelimit.autoconfigure.LlmRateLimitAutoConfiguration",
		beforeName = "org.springframework.boot.webflux.autoconfigure.error.ErrorWebFluxAutoConfiguration")
@ConditionalOnBooleanProperty(name = { "llm.ratelimit.enabled", "llm.ratelimit.web.problem-details" },
		matchIfMissing = true)
public final class LlmRateLimitWebServerAutoConfiguration {

	LlmRateLimitWebServerAutoConfiguration() {
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = Type.SERVLET)
	@ConditionalOnClass({ HandlerExceptionResolver.class, HttpServletRequest.class })
	static class ServletConfiguration {

		@Bean
		@ConditionalOnMissingBean
		LlmRateLimitExceptionResolver llmRateLimitExceptionResolver(
				ObjectProvider<RequestMappingHandlerAdapter> adapter) {
			return new LlmRateLimitExceptionResolver(() -> converters(adapter.getIfUnique()));
		}

		private static List<HttpMessageConverter<?>> converters(@Nullable RequestMappingHandlerAdapter adapter) {
			return (adapter != null) ? adapter.getMessageConverters() : List.of();
		}

	}

	/**
	 * Who replaces Spring Boot's handler of all errors wants to see all errors.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = Type.REACTIVE)
	@ConditionalOnClass({ WebExceptionHandler.class, Mono.class })
	@ConditionalOnMissingBean(type = "org.springframework.boot.webflux.error.ErrorWebExceptionHandler")
	static class ReactiveConfiguration {

		@Bean
		@ConditionalOnMissingBean
		LlmRateLimitWebExceptionHandler llmRateLimitWebExceptionHandler(ServerCodecConfigurer codecs) {
			return new LlmRateLimitWebExceptionHandler(codecs::getWriters);
		}

	}

}
