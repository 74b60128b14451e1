package io.github.llmratelimit.autoconfigure.web;

import io.github.llmratelimit.engine.FailureReader;
import io.github.llmratelimit.web.LimitedCallFilter;
import io.github.llmratelimit.web.LimitedCallInterceptor;
import io.github.llmratelimit.web.SpringFailureReader;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.restclient.RestTemplateCustomizer;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestTemplateAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.webclient.WebClientCustomizer;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LlmRateLimitWebAutoConfiguration}.
 */
class LlmRateLimitWebAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(LlmRateLimitWebAutoConfiguration.class,
				RestClientAutoConfiguration.class, RestTemplateAutoConfiguration.class));

	private final ClientHttpRequestInterceptor other = (request, body, execution) -> execution.execute(request, body);

	@Test
	void webClientHasTheFilterNextToTheWire() {
		ExchangeFilterFunction otherFilter = (request, next) -> next.exchange(request);
		this.contextRunner.withConfiguration(AutoConfigurations.of(WebClientAutoConfiguration.class))
			.withBean(WebClientCustomizer.class, () -> (builder) -> builder.filter(otherFilter))
			.run((context) -> context.getBean(WebClient.Builder.class)
				.filters((all) -> assertThat(all).containsExactly(otherFilter,
						context.getBean(LimitedCallFilter.class))));
	}

	@Test
	void restClientHasTheInterceptorWithoutWebFlux() {
		this.contextRunner
			.withClassLoader(new FilteredClassLoader("org.springframework.web.reactive",
					"org.springframework.boot.webclient", "reactor"))
			.run((context) -> {
				assertThat(context).hasSingleBean(LimitedCallInterceptor.class);
				assertThat(context).doesNotHaveBean("llmRateLimitFilter");
				assertThat(context).doesNotHaveBean("llmRateLimitWebClientFailureReader");
			});
	}

	@Test
	void restClientHasTheInterceptor() {
		this.contextRunner.run((context) -> context.getBean(RestClient.Builder.class)
			.requestInterceptors(
					(all) -> assertThat(all).containsExactly(context.getBean(LimitedCallInterceptor.class))));
	}

	@Test
	void restClientWhenOtherCustomizersAddInterceptorsHasOursNextToTheWire() {
		this.contextRunner
			.withBean(RestClientCustomizer.class, () -> (builder) -> builder.requestInterceptor(this.other))
			.run((context) -> context.getBean(RestClient.Builder.class)
				.requestInterceptors((all) -> assertThat(all).containsExactly(this.other,
						context.getBean(LimitedCallInterceptor.class))));
	}

	@Test
	void restClientWhenCustomizedTwiceHasTheInterceptorOnce() {
		this.contextRunner.run((context) -> {
			RestClient.Builder builder = context.getBean(RestClient.Builder.class);
			context.getBean(RestClientCustomizer.class).customize(builder);
			builder.requestInterceptors((all) -> assertThat(all).hasSize(1));
		});
	}

	@Test
	void restTemplateHasTheInterceptorNextToTheWire() {
		this.contextRunner
			.withBean(RestTemplateCustomizer.class,
					() -> (restTemplate) -> restTemplate.getInterceptors().add(this.other))
			.run((context) -> assertThat(context.getBean(RestTemplateBuilder.class).build().getInterceptors())
				.containsExactly(this.other, context.getBean(LimitedCallInterceptor.class)));
	}

	@Test
	void failureReaderReadsSpringsExceptions() {
		this.contextRunner.run((context) -> assertThat(context.getBean(SpringFailureReader.class))
			.isInstanceOf(SpringFailureReader.class));
	}

	@Test
	void startWhenThereAreOwnBeansUsesThose() {
		SpringFailureReader reader = new SpringFailureReader();
		LimitedCallInterceptor interceptor = new LimitedCallInterceptor();
		this.contextRunner.withBean("ownReader", SpringFailureReader.class, () -> reader)
			.withBean("ownInterceptor", LimitedCallInterceptor.class, () -> interceptor)
			.run((context) -> {
				assertThat(context.getBean(SpringFailureReader.class)).isSameAs(reader);
				context.getBean(RestClient.Builder.class)
					.requestInterceptors((all) -> assertThat(all).containsExactly(interceptor));
			});
	}

	@Test
	void startWhenDisabledHasNoBeans() {
		this.contextRunner.withPropertyValues("llm.ratelimit.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(LimitedCallInterceptor.class)
				.doesNotHaveBean(FailureReader.class));
	}

	@Test
	void startWhenSpringWebIsMissingHasNoBeans() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(LlmRateLimitWebAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("org.springframework.web", "org.springframework.http",
					"org.springframework.boot.restclient"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(FailureReader.class));
	}

	@Test
	void startWhenBootsClientsAreMissingReadsExceptionsStill() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(LlmRateLimitWebAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.restclient"))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(SpringFailureReader.class));
	}

}
