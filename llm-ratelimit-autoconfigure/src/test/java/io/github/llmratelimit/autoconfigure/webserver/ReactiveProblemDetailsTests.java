package io.github.llmratelimit.autoconfigure.webserver;

import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.webserver.LlmRateLimitWebExceptionHandler;
import io.github.llmratelimit.webserver.RefusedCalls;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.codec.autoconfigure.CodecsAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableReactiveWebApplicationContext;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.webflux.autoconfigure.HttpHandlerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.error.ErrorWebFluxAutoConfiguration;
import org.springframework.boot.webflux.error.ErrorWebExceptionHandler;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.WebExceptionHandler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LlmRateLimitWebServerAutoConfiguration} in applications with Spring
 * WebFlux.
 */
class ReactiveProblemDetailsTests {

	private final ReactiveWebApplicationContextRunner contextRunner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(LlmRateLimitWebServerAutoConfiguration.class,
				HttpHandlerAutoConfiguration.class, WebFluxAutoConfiguration.class, ErrorWebFluxAutoConfiguration.class,
				CodecsAutoConfiguration.class, JacksonAutoConfiguration.class))
		.withUserConfiguration(FailingController.class);

	@Test
	void refusalWhenBusyIsAProblem() {
		this.contextRunner.run((context) -> get(context, "/busy").expectStatus()
			.isEqualTo(503)
			.expectHeader()
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.expectHeader()
			.valueEquals("Retry-After", "13")
			.expectBody()
			.json("""
					{
						"type": "tag:llmratelimit.github.io,2026:wait-too-long",
						"title": "Language model busy",
						"status": 503,
						"instance": "/busy",
						"reason": "WAIT_TOO_LONG",
						"model": "gpt-4o",
						"retryAfter": 13
					}
					"""));
	}

	@Test
	void refusalWhenOfAFutureIsAProblem() {
		this.contextRunner.run((context) -> get(context, "/later").expectStatus()
			.isEqualTo(503)
			.expectHeader()
			.contentType(MediaType.APPLICATION_PROBLEM_JSON));
	}

	@Test
	void refusalWhenOfAFunctionalEndpointIsAProblem() {
		this.contextRunner.withUserConfiguration(RouterConfiguration.class)
			.run((context) -> get(context, "/routed").expectStatus()
				.isEqualTo(429)
				.expectHeader()
				.contentType(MediaType.APPLICATION_PROBLEM_JSON));
	}

	@Test
	void exceptionWhenItSaysItsStatusKeepsIt() {
		this.contextRunner.run((context) -> get(context, "/decided").expectStatus().isEqualTo(502));
	}

	@Test
	void exceptionWhenNotOfACallIsLeftAlone() {
		this.contextRunner.run((context) -> get(context, "/broken").expectStatus().isEqualTo(500));
	}

	@Test
	void handlerWhenTheUserHasOneWins() {
		this.contextRunner.withUserConfiguration(UsersAdvice.class)
			.run((context) -> get(context, "/busy").expectStatus()
				.isOk()
				.expectBody(String.class)
				.isEqualTo("the user's"));
	}

	@Test
	void handlerOfAllExceptionsWhenTheUserHasOneWins() {
		this.contextRunner.withUserConfiguration(HandlerConfiguration.class)
			.run((context) -> get(context, "/busy").expectStatus().isEqualTo(418));
	}

	@Test
	void handlerWhenTheUserReplacesBootsIsNotThere() {
		ErrorWebExceptionHandler own = (exchange, ex) -> HandlerConfiguration.teapot(exchange.getResponse());
		this.contextRunner.withBean("own", ErrorWebExceptionHandler.class, () -> own).run((context) -> {
			assertThat(context).doesNotHaveBean(LlmRateLimitWebExceptionHandler.class);
			get(context, "/busy").expectStatus().isEqualTo(418);
		});
	}

	@Test
	void handlerWhenSwitchedOffIsNotThere() {
		this.contextRunner.withPropertyValues("llm.ratelimit.web.problem-details=false").run((context) -> {
			assertThat(context).doesNotHaveBean(LlmRateLimitWebExceptionHandler.class);
			get(context, "/busy").expectStatus().isEqualTo(500);
		});
	}

	private static ResponseSpec get(AssertableReactiveWebApplicationContext context, String path) {
		return WebTestClient.bindToApplicationContext(context).build().get().uri(path).exchange();
	}

	@Configuration(proxyBeanMethods = false)
	static class RouterConfiguration {

		@Bean
		RouterFunction<ServerResponse> routes() {
			return RouterFunctions.route()
				.GET("/routed", (request) -> Mono.error(RefusedCalls.of(Reason.TENANT_LIMIT)))
				.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class HandlerConfiguration {

		@Bean
		@Order(-1)
		WebExceptionHandler handler() {
			return (exchange, ex) -> teapot(exchange.getResponse());
		}

		static Mono<Void> teapot(ServerHttpResponse response) {
			response.setStatusCode(HttpStatus.I_AM_A_TEAPOT);
			return response.setComplete();
		}

	}

}
