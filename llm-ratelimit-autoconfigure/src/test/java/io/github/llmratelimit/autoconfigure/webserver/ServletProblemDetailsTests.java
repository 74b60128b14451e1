package io.github.llmratelimit.autoconfigure.webserver;

import io.github.llmratelimit.webserver.LlmRateLimitExceptionResolver;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.http.converter.StringHttpMessageConverter;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LlmRateLimitWebServerAutoConfiguration} in applications with Spring
 * MVC.
 */
class ServletProblemDetailsTests {

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(LlmRateLimitWebServerAutoConfiguration.class,
				DispatcherServletAutoConfiguration.class, WebMvcAutoConfiguration.class,
				HttpMessageConvertersAutoConfiguration.class, JacksonAutoConfiguration.class))
		.withUserConfiguration(FailingController.class);

	@Test
	void refusalWhenBusyIsAProblem() {
		this.contextRunner.run((context) -> {
			MvcTestResult result = get(context, "/busy");
			assertThat(result).hasStatus(503)
				.hasContentType(MediaType.APPLICATION_PROBLEM_JSON)
				.hasHeader("Retry-After", "13");
			assertThat(result).bodyJson().isStrictlyEqualTo("""
					{
						"type": "tag:llmratelimit.github.io,2026:wait-too-long",
						"title": "Language model busy",
						"status": 503,
						"detail": "More is asked of the model than it may answer now. Come again later.",
						"instance": "/busy",
						"reason": "WAIT_TOO_LONG",
						"model": "gpt-4o",
						"retryAfter": 13
					}
					""");
		});
	}

	@Test
	void refusalWhenItIsTheTenantsOwnIs429() {
		this.contextRunner
			.run((context) -> assertThat(get(context, "/tenant")).hasStatus(429).hasHeader("Retry-After", "13"));
	}

	@Test
	void refusalWhenTooLargeIs413() {
		this.contextRunner
			.run((context) -> assertThat(get(context, "/large")).hasStatus(413).doesNotContainHeader("Retry-After"));
	}

	@Test
	void refusalWhenOfAFutureIsAProblem() {
		this.contextRunner.run((context) -> assertThat(get(context, "/later")).hasStatus(503)
			.hasContentType(MediaType.APPLICATION_PROBLEM_JSON));
	}

	@Test
	void refusalWhenAnythingElseIsAcceptedIsAProblemAllTheSame() {
		this.contextRunner
			.run((context) -> assertThat(tester(context).get().uri("/busy").accept(MediaType.TEXT_HTML).exchange())
				.hasStatus(503)
				.hasContentType(MediaType.APPLICATION_PROBLEM_JSON));
	}

	@Test
	void exceptionWhenItSaysItsStatusKeepsIt() {
		this.contextRunner.run((context) -> assertThat(get(context, "/decided")).hasStatus(502));
	}

	@Test
	void exceptionWhenNotOfACallIsLeftAlone() {
		this.contextRunner
			.run((context) -> assertThat(get(context, "/broken")).hasFailed().failure().hasMessageContaining("broken"));
	}

	@Test
	void handlerWhenTheUserHasOneWins() {
		this.contextRunner.withUserConfiguration(UsersAdvice.class)
			.run((context) -> assertThat(get(context, "/busy")).hasStatusOk().hasBodyTextEqualTo("the user's"));
	}

	@Test
	void resolverWhenTheUserHasOneWins() {
		HandlerExceptionResolver own = (request, response, handler, ex) -> {
			response.setStatus(418);
			return new ModelAndView();
		};
		this.contextRunner.withBean("own", HandlerExceptionResolver.class, () -> own)
			.run((context) -> assertThat(get(context, "/busy")).hasStatus(418));
	}

	@Test
	void resolverWhenSwitchedOffIsNotThere() {
		this.contextRunner.withPropertyValues("llm.ratelimit.web.problem-details=false").run((context) -> {
			assertThat(context).doesNotHaveBean(LlmRateLimitExceptionResolver.class);
			assertThat(get(context, "/busy")).hasFailed();
		});
	}

	@Test
	void resolverWhenAllIsSwitchedOffIsNotThere() {
		this.contextRunner.withPropertyValues("llm.ratelimit.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(LlmRateLimitExceptionResolver.class));
	}

	@Test
	void contextWhenSpringMvcIsMissingStarts() {
		new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(LlmRateLimitWebServerAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("org.springframework.web.servlet",
					"org.springframework.web.server", "reactor"))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean("llmRateLimitExceptionResolver")
				.doesNotHaveBean("llmRateLimitWebExceptionHandler"));
	}

	@Test
	void contextWhenThereIsNoWebStarts() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(LlmRateLimitWebServerAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("org.springframework.web", "org.springframework.http",
					"jakarta.servlet", "reactor"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("llmRateLimitExceptionResolver"));
	}

	@Test
	void refusalWhenNothingCanWriteJsonIsLeftAlone() {
		new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(LlmRateLimitWebServerAutoConfiguration.class))
			.withUserConfiguration(FailingController.class, PlainMvcConfiguration.class)
			.run((context) -> assertThat(get(context, "/busy")).hasFailed());
	}

	private static MvcTestResult get(AssertableWebApplicationContext context, String path) {
		return tester(context).get().uri(path).exchange();
	}

	private static MockMvcTester tester(AssertableWebApplicationContext context) {
		return MockMvcTester.from(context);
	}

	/** Spring MVC that can write text only. */
	@Configuration(proxyBeanMethods = false)
	@EnableWebMvc
	static class PlainMvcConfiguration implements WebMvcConfigurer {

		@Override
		public void configureMessageConverters(HttpMessageConverters.ServerBuilder builder) {
			builder.configureMessageConvertersList(
					(all) -> all.removeIf((converter) -> !(converter instanceof StringHttpMessageConverter)));
		}

	}

}
