package io.github.llmratelimit.autoconfigure.web;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.ModelLimits;
import io.github.llmratelimit.autoconfigure.resilience.LlmRateLimitResilienceAutoConfiguration;
import io.github.llmratelimit.engine.CallRetry;
import io.github.llmratelimit.engine.EngineSettings;
import io.github.llmratelimit.engine.FailureReader;
import io.github.llmratelimit.engine.LimiterDefinition;
import io.github.llmratelimit.engine.LimiterMode;
import io.github.llmratelimit.engine.LimiterRegistry;
import io.github.llmratelimit.engine.LimiterRegistry.Parts;
import io.github.llmratelimit.engine.RateLimitListener;
import io.github.llmratelimit.provider.ProviderDialects;
import io.github.llmratelimit.time.SelfMovingTime;
import io.github.resilience4j.core.functions.Either;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.client.MockRestServiceServer;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.springframework.test.web.client.match.MockRestRequestMatchers.method;
import static org.springframework.test.web.client.response.MockRestResponseCreators.withStatus;
import static org.springframework.test.web.client.response.MockRestResponseCreators.withSuccess;

/**
 * Tests of limited calls over Spring's HTTP clients, with a real server, the retry, and
 * OpenAI's dialect. Only time is fake.
 */
class RestClientEndToEndTests {

	private static final String REFUSED = """
			{"error":{"message":"Rate limit reached for gpt-4o on tokens per min (TPM): Limit 30000, Used 29000, \
			Requested 2000.","type":"tokens","param":null,"code":"rate_limit_exceeded"}}""";

	private static final String OUT_OF_MONEY = """
			{"error":{"message":"You exceeded your current quota.","type":"insufficient_quota","param":null,\
			"code":"insufficient_quota"}}""";

	private final SelfMovingTime time = new SelfMovingTime();

	private final List<Duration> attempts = new ArrayList<>();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(LlmRateLimitWebAutoConfiguration.class,
				LlmRateLimitResilienceAutoConfiguration.class, RestClientAutoConfiguration.class,
				RestTemplateAutoConfiguration.class))
		.withBean(SelfMovingTime.class, () -> this.time)
		.withUserConfiguration(LimiterConfiguration.class)
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
			assertThat(call(context, () -> post(context))).isEqualTo("answer");
			assertThat(this.attempts).containsExactly(Duration.ZERO, Duration.ofSeconds(2));
		});
	}

	@Test
	void callWhenRefusedMoreExactlyThanInSecondsIsRepeatedAfterThat() {
		this.server.answers(429, REFUSED, Map.of("Retry-After", "2", "retry-after-ms", "1500"))
			.answers(200, "answer", Map.of());
		run((context) -> {
			call(context, () -> post(context));
			assertThat(this.attempts).containsExactly(Duration.ZERO, Duration.ofMillis(1500));
		});
	}

	@Test
	void callWhenServerFailsIsRepeatedFromTheShorterBase() {
		this.server.answers(503, "", Map.of()).answers(500, "", Map.of()).answers(200, "answer", Map.of());
		run((context) -> {
			assertThat(call(context, () -> post(context))).isEqualTo("answer");
			assertThat(this.attempts).containsExactly(Duration.ZERO, Duration.ofMillis(500), Duration.ofMillis(1500));
		});
	}

	@Test
	void callWhenOutOfMoneyFailsAtOnceWithTheWholeResponse() {
		String body = OUT_OF_MONEY + " ".repeat(100_000);
		this.server.answers(429, body, Map.of("x-request-id", "42"));
		run((context) -> {
			HttpClientErrorException failure = catchThrowableOfType(HttpClientErrorException.class,
					() -> call(context, () -> post(context)));
			assertThat(failure.getStatusCode()).isEqualTo(HttpStatus.TOO_MANY_REQUESTS);
			assertThat(failure.getResponseBodyAsString()).isEqualTo(body);
			assertThat(failure.getResponseHeaders().getFirst("x-request-id")).isEqualTo("42");
			assertThat(this.attempts).hasSize(1);
		});
	}

	@Test
	void callWhenRequestIsWrongFailsAtOnce() {
		this.server.answers(400, "{\"error\":{\"type\":\"invalid_request_error\"}}", Map.of());
		run((context) -> assertThat(catchThrowable(() -> call(context, () -> post(context))))
			.isInstanceOf(HttpClientErrorException.BadRequest.class));
	}

	@Test
	void callWhenMethodTranslatesTheFailureIsRepeatedStill() {
		this.server.answers(429, REFUSED, Map.of("Retry-After", "2")).answers(200, "answer", Map.of());
		run((context) -> {
			String answer = call(context, () -> {
				try {
					return post(context);
				}
				catch (HttpClientErrorException ex) {
					throw new IllegalStateException("translated, without cause");
				}
			});
			assertThat(answer).isEqualTo("answer");
			assertThat(this.attempts).containsExactly(Duration.ZERO, Duration.ofSeconds(2));
		});
	}

	@Test
	void callWhenErrorBodyBreaksOffIsRepeatedStill() {
		this.server.breaksOff(500, "half of", 100).answers(200, "answer", Map.of());
		run((context) -> {
			assertThat(call(context, () -> post(context))).isEqualTo("answer");
			assertThat(this.attempts).hasSize(2);
		});
	}

	@Test
	void callWhenAnswerIsStreamedIsNotReadAhead() {
		this.server.answers(200, "data: 1\n\ndata: 2\n\n", Map.of("Content-Type", "text/event-stream"));
		run((context) -> {
			byte[] all = call(context,
					() -> context.getBean(RestClient.Builder.class)
						.build()
						.post()
						.uri(this.server.uri())
						.exchange((request, response) -> {
							try (InputStream body = response.getBody()) {
								return body.readAllBytes();
							}
						}));
			assertThat(all).hasSize(18);
		});
	}

	@Test
	void callWhenConnectionIsRefusedIsRepeatedAndTakesNothing() throws IOException {
		int free;
		try (ServerSocket socket = new ServerSocket(0)) {
			free = socket.getLocalPort();
		}
		this.server.answers(200, "answer", Map.of());
		run((context) -> {
			String answer = call(context, () -> {
				String uri = (this.attempts.size() == 1) ? "http://127.0.0.1:" + free : this.server.uri();
				return context.getBean(RestClient.Builder.class).build().post().uri(uri).retrieve().body(String.class);
			});
			assertThat(answer).isEqualTo("answer");
			assertThat(this.attempts).containsExactly(Duration.ZERO, Duration.ofMillis(500));
			assertThat(limiter(context).status().windows().get(0).remaining()).isEqualTo(900);
		});
	}

	@Test
	void restTemplateWhenRefusedIsRepeatedAfterTheHint() {
		this.server.answers(429, REFUSED, Map.of("Retry-After", "2")).answers(200, "answer", Map.of());
		run((context) -> {
			RestTemplate restTemplate = context.getBean(RestTemplateBuilder.class).build();
			assertThat(call(context, () -> restTemplate.postForObject(this.server.uri(), null, String.class)))
				.isEqualTo("answer");
			assertThat(this.attempts).containsExactly(Duration.ZERO, Duration.ofSeconds(2));
		});
	}

	@Test
	void restTemplateWhenServerIsMockedIsRepeatedAfterTheHint() {
		run((context) -> {
			RestTemplate restTemplate = context.getBean(RestTemplateBuilder.class).build();
			MockRestServiceServer mock = MockRestServiceServer.bindTo(restTemplate).build();
			HttpHeaders headers = new HttpHeaders();
			headers.add("Retry-After", "2");
			mock.expect(method(HttpMethod.POST)).andRespond(withStatus(HttpStatus.TOO_MANY_REQUESTS).headers(headers));
			mock.expect(method(HttpMethod.POST)).andRespond(withSuccess());
			call(context, () -> restTemplate.postForObject(this.server.uri(), null, String.class));
			assertThat(this.attempts).containsExactly(Duration.ZERO, Duration.ofSeconds(2));
			mock.verify();
		});
	}

	@Test
	void clientWhenBuiltByHandIsUnderstoodByItsExceptions() {
		this.server.answers(429, REFUSED, Map.of("Retry-After", "2")).answers(200, "answer", Map.of());
		run((context) -> {
			call(context, () -> RestClient.create(this.server.uri()).post().retrieve().body(String.class));
			assertThat(this.attempts).containsExactly(Duration.ZERO, Duration.ofSeconds(2));
		});
	}

	@Test
	void retryWhenUsedAloneReadsSpringsExceptions() {
		HttpHeaders headers = new HttpHeaders();
		headers.add("Retry-After", "2");
		Exception failure = HttpClientErrorException.create(HttpStatus.TOO_MANY_REQUESTS, "", headers, null, null);
		run((context) -> {
			Retry retry = context.getBean(RetryRegistry.class).retry("gpt-4o");
			assertThat(retry.getRetryConfig().getExceptionPredicate()).accepts(failure);
			assertThat(retry.getRetryConfig().getIntervalBiFunction().apply(1, Either.left(failure))).isEqualTo(2000);
			assertThat(retry.getRetryConfig().getExceptionPredicate())
				.accepts(HttpServerErrorException.create(HttpStatus.BAD_GATEWAY, "", new HttpHeaders(), null, null))
				.rejects(HttpClientErrorException.create(HttpStatus.NOT_FOUND, "", new HttpHeaders(), null, null));
		});
	}

	private void run(ContextConsumer<AssertableApplicationContext> consumer) {
		this.contextRunner.run(consumer);
	}

	private <T> T call(AssertableApplicationContext context, Callable<T> body) throws Exception {
		return limiter(context).call(CallRequest.of(Cost.ofTotal(100)), () -> {
			this.attempts.add(this.time.passed());
			return body.call();
		});
	}

	private static LlmRateLimiter limiter(AssertableApplicationContext context) {
		return context.getBean(LlmRateLimiterRegistry.class).limiter("gpt-4o");
	}

	private String post(AssertableApplicationContext context) {
		return context.getBean(RestClient.Builder.class)
			.build()
			.post()
			.uri(this.server.uri())
			.body("{}")
			.retrieve()
			.body(String.class);
	}

	@Configuration(proxyBeanMethods = false)
	static class LimiterConfiguration {

		@Bean
		LlmRateLimiterRegistry limiters(SelfMovingTime time, CallRetry retry, ObjectProvider<FailureReader> readers,
				ObjectProvider<RateLimitListener> listeners) {
			ModelLimits limits = new ModelLimits("gpt-4o", "gpt-4o", new BudgetKey("openai", "gpt-4o"),
					List.of(Limit.perMinute(Dimension.TOKENS, 1000)), Booking.ESTIMATE, 512);
			LimiterDefinition definition = new LimiterDefinition(limits, Set.of(), ProviderDialects.named("openai"),
					Set.of("127.0.0.1"), LimiterMode.ENFORCE);
			return new LimiterRegistry(List.of(definition), EngineSettings.DEFAULTS, new Parts(time, time.time(), retry,
					readers.orderedStream().toList(), listeners.orderedStream().toList()));
		}

	}

}
