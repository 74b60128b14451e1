package io.github.llmratelimit.autoconfigure.web;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.autoconfigure.resilience.LlmRateLimitResilienceAutoConfiguration;
import io.github.llmratelimit.engine.ReturnTypeAdapter.Call;
import io.github.llmratelimit.reactive.ReactiveReturnTypeAdapter;
import io.github.llmratelimit.time.SelfMovingTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientResponseException;
import org.springframework.web.reactive.function.client.support.WebClientAdapter;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.invoker.HttpExchangeAdapter;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests of limited calls over {@code WebClient} and HTTP interfaces, with a real server,
 * the retry, and OpenAI's dialect. Only time is fake.
 */
class WebClientEndToEndTests {

	private static final String REFUSED = """
			{"error":{"message":"Rate limit reached for gpt-4o on tokens per min (TPM): Limit 30000, Used 29000, \
			Requested 2000.","type":"tokens","param":null,"code":"rate_limit_exceeded"}}""";

	private static final CallRequest REQUEST = CallRequest.of(Cost.ofTotal(100));

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final SelfMovingTime time = new SelfMovingTime();

	private final List<Duration> attempts = new ArrayList<>();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(LlmRateLimitWebAutoConfiguration.class,
				LlmRateLimitResilienceAutoConfiguration.class, RestClientAutoConfiguration.class,
				WebClientAutoConfiguration.class))
		.withBean(SelfMovingTime.class, () -> this.time)
		.withUserConfiguration(RestClientEndToEndTests.LimiterConfiguration.class)
		.withPropertyValues("llm.ratelimit.retry.jitter=0");

	private ScriptedServer server;

	@BeforeEach
	void start() throws IOException {
		this.server = new ScriptedServer();
	}

	@AfterEach
	void stop() {
		this.server.close();
	}

	@Test
	void callWhenRefusedIsRepeatedAfterTheHint() {
		this.server.answers(429, REFUSED, Map.of("Retry-After", "2")).answers(200, "answer", Map.of());
		run((context) -> {
			assertThat(call(context, () -> post(client(context)))).isEqualTo("answer");
			assertThat(this.attempts).containsExactly(Duration.ZERO, Duration.ofSeconds(2));
		});
	}

	@Test
	void callWhenMethodTranslatesTheFailureIsRepeatedStill() {
		this.server.answers(429, REFUSED, Map.of("Retry-After", "2")).answers(200, "answer", Map.of());
		run((context) -> {
			String answer = call(context, () -> {
				try {
					return post(client(context));
				}
				catch (WebClientResponseException ex) {
					throw new IllegalStateException("translated, without cause");
				}
			});
			assertThat(answer).isEqualTo("answer");
			assertThat(this.attempts).containsExactly(Duration.ZERO, Duration.ofSeconds(2));
		});
	}

	@Test
	void callWhenRefusedReachesTheCallerWithTheWholeBody() {
		String body = "{\"error\":{\"type\":\"invalid_request_error\"}}" + " ".repeat(100_000);
		this.server.answers(400, body, Map.of());
		run((context) -> assertThat(catchThrowable(() -> call(context, () -> post(client(context)))))
			.isInstanceOfSatisfying(WebClientResponseException.class,
					(ex) -> assertThat(ex.getResponseBodyAsString()).isEqualTo(body)));
	}

	@Test
	void clientWhenBuiltByHandIsUnderstoodByItsExceptions() {
		this.server.answers(429, REFUSED, Map.of("Retry-After", "2")).answers(200, "answer", Map.of());
		run((context) -> {
			call(context, () -> post(WebClient.create()));
			assertThat(this.attempts).containsExactly(Duration.ZERO, Duration.ofSeconds(2));
		});
	}

	@Test
	void streamWhenItEndsWithAnErrorIsUnderstood() {
		this.server.answers(200, "data: {}\n\ndata: " + REFUSED.replace("\n", "") + "\n\n",
				Map.of("Content-Type", "text/event-stream"));
		run((context) -> {
			List<String> events = call(context, () -> stream(client(context)).collectList().block(PATIENCE));
			assertThat(events).hasSize(2);
			assertThat(limiter(context).status().paused()).isPositive();
		});
	}

	@Test
	void chainFindsItsCallInTheContext() {
		this.server.answers(200, "data: {}\n\ndata: " + REFUSED.replace("\n", "") + "\n\n",
				Map.of("Content-Type", "text/event-stream"));
		run((context) -> {
			ReactiveReturnTypeAdapter adapter = new ReactiveReturnTypeAdapter(
					ReactiveAdapterRegistry.getSharedInstance());
			LlmRateLimiter limiter = limiter(context);
			Flux<?> flux = (Flux<?>) adapter.adapt(Flux.class, new Call(() -> limiter, REQUEST,
					() -> Mono.delay(Duration.ofMillis(1)).flatMapMany((tick) -> stream(client(context))), null));
			assertThat(flux.collectList().block(PATIENCE)).hasSize(2);
			assertThat(limiter.status().paused()).isPositive();
		});
	}

	@Test
	void interfaceOnWebClientIsUnderstood() {
		this.server.answers(429, REFUSED, Map.of("Retry-After", "2")).answers(200, "answer", Map.of());
		run((context) -> {
			WebClient client = context.getBean(WebClient.Builder.class).baseUrl(this.server.uri()).build();
			Api api = api(WebClientAdapter.create(client));
			assertThat(call(context, api::ask)).isEqualTo("answer");
			assertThat(this.attempts).containsExactly(Duration.ZERO, Duration.ofSeconds(2));
		});
	}

	@Test
	void interfaceOnRestClientIsUnderstood() {
		this.server.answers(429, REFUSED, Map.of("Retry-After", "2")).answers(200, "answer", Map.of());
		run((context) -> {
			RestClient client = context.getBean(RestClient.Builder.class).baseUrl(this.server.uri()).build();
			Api api = api(RestClientAdapter.create(client));
			assertThat(call(context, api::ask)).isEqualTo("answer");
			assertThat(this.attempts).containsExactly(Duration.ZERO, Duration.ofSeconds(2));
		});
	}

	private void run(ContextConsumer<AssertableApplicationContext> consumer) {
		this.contextRunner.run(consumer);
	}

	private <T> T call(AssertableApplicationContext context, Callable<T> body) throws Exception {
		return limiter(context).call(REQUEST, () -> {
			this.attempts.add(this.time.passed());
			return body.call();
		});
	}

	private static LlmRateLimiter limiter(AssertableApplicationContext context) {
		return context.getBean(LlmRateLimiterRegistry.class).limiter("gpt-4o");
	}

	private static WebClient client(AssertableApplicationContext context) {
		return context.getBean(WebClient.Builder.class).build();
	}

	private String post(WebClient client) {
		return client.post().uri(this.server.uri()).bodyValue("{}").retrieve().bodyToMono(String.class).block(PATIENCE);
	}

	private Flux<String> stream(WebClient client) {
		return client.post().uri(this.server.uri()).bodyValue("{}").retrieve().bodyToFlux(String.class);
	}

	private static Api api(HttpExchangeAdapter adapter) {
		return HttpServiceProxyFactory.builderFor(adapter).build().createClient(Api.class);
	}

	interface Api {

		@PostExchange
		String ask();

	}

}
