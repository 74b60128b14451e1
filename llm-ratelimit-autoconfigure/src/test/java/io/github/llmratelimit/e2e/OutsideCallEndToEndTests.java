package io.github.llmratelimit.e2e;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.LimiterStatus;
import io.github.llmratelimit.LimiterStatus.State;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.StubProvider;
import io.github.llmratelimit.autoconfigure.LlmRateLimitAutoConfiguration;
import io.github.llmratelimit.autoconfigure.web.LlmRateLimitWebAutoConfiguration;
import io.github.llmratelimit.time.FakeTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.http.HttpEntity;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientResponseException;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientResponseException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * What limiters learn of answers to requests that no limited call makes, over HTTP.
 */
class OutsideCallEndToEndTests {

	private static final String BODY = "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"model\":\"gpt-4o\"}";

	private static final String TOO_FAST = """
			{"error": {"message": "Rate limit reached for gpt-4o on tokens per min (TPM): Limit 30000, Used 30000, \
			Requested 1.", "type": "tokens", "param": null, "code": "rate_limit_exceeded"}}""";

	private final StubProvider provider = new StubProvider();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withBean(FakeTime.class, FakeTime::new)
		.withConfiguration(AutoConfigurations.of(LlmRateLimitAutoConfiguration.class,
				LlmRateLimitWebAutoConfiguration.class, RestClientAutoConfiguration.class,
				RestTemplateAutoConfiguration.class, WebClientAutoConfiguration.class))
		.withPropertyValues("llm.ratelimit.models.gpt-4o.provider=openai", "llm.ratelimit.models.gpt-4o.tpm=30000",
				"llm.ratelimit.models.gpt-4o-mini.provider=openai", "llm.ratelimit.models.gpt-4o-mini.tpm=30000",
				"llm.ratelimit.providers.openai.hosts=localhost");

	static Stream<Client> clients() {
		return Arrays.stream(Client.values());
	}

	@AfterEach
	void stop() {
		this.provider.close();
	}

	@ParameterizedTest
	@MethodSource("clients")
	void answerWhenItTellsALimitTeachesTheModelOfTheBody(Client client) {
		limits(10_000, 9_900);
		run((context) -> {
			assertThat(client.post(context, this.provider.url() + "/v1/chat/completions", BODY)).isEqualTo("fine");
			assertThat(tokens(context, "gpt-4o")).isEqualTo(10_000);
			assertThat(tokens(context, "gpt-4o-mini")).isEqualTo(30_000);
		});
	}

	@ParameterizedTest
	@MethodSource("clients")
	void answerWhenItTellsWhatIsLeftCapsTheModel(Client client) {
		limits(30_000, 29_900).answer(200, headers(30_000, 5_000), "fine");
		run((context) -> {
			client.post(context, this.provider.url() + "/v1/chat/completions", BODY);
			client.post(context, this.provider.url() + "/v1/chat/completions", BODY);
			LlmRateLimiter limiter = limiter(context, "gpt-4o");
			assertThat(limiter.tryAcquire(Cost.of(5_001, 0))).isEmpty();
			assertThat(limiter.tryAcquire(Cost.of(5_000, 0))).isPresent();
		});
	}

	@ParameterizedTest
	@MethodSource("clients")
	void answerWhenRefusedPausesTheModelAndReachesTheCallerWhole(Client client) {
		this.provider.answer(429, Map.of("retry-after", "600"), TOO_FAST);
		run((context) -> {
			assertThat(client.post(context, this.provider.url() + "/v1/chat/completions", BODY)).isEqualTo(TOO_FAST);
			assertThat(limiter(context, "gpt-4o").status().paused()).isEqualTo(Duration.ofMinutes(10));
			assertThat(limiter(context, "gpt-4o-mini").status().paused()).isZero();
		});
	}

	@ParameterizedTest
	@MethodSource("clients")
	void answerWhenThePathNamesTheModelTeachesIt(Client client) {
		limits(10_000, 9_900);
		run((context) -> {
			client.post(context, this.provider.url() + "/openai/deployments/gpt-4o-mini/chat/completions", BODY);
			assertThat(tokens(context, "gpt-4o-mini")).isEqualTo(10_000);
			assertThat(tokens(context, "gpt-4o")).isEqualTo(30_000);
		});
	}

	@ParameterizedTest
	@MethodSource("clients")
	void answerWhenTheModelIsNotOursTeachesNothing(Client client) {
		limits(10_000, 9_900);
		run((context) -> {
			client.post(context, this.provider.url() + "/v1/embeddings", "{\"model\":\"text-embedding-3-small\"}");
			assertThat(tokens(context, "gpt-4o")).isEqualTo(30_000);
			assertThat(tokens(context, "gpt-4o-mini")).isEqualTo(30_000);
		});
	}

	@ParameterizedTest
	@MethodSource("clients")
	void answerWhenTheHostIsNobodysTeachesNothing(Client client) {
		limits(10_000, 9_900);
		this.runner.withPropertyValues("llm.ratelimit.providers.openai.hosts=api.openai.com").run((context) -> {
			client.post(context, this.provider.url() + "/v1/chat/completions", BODY);
			assertThat(tokens(context, "gpt-4o")).isEqualTo(30_000);
		});
	}

	@ParameterizedTest
	@MethodSource("clients")
	void answerWhenMoneyIsUsedUpRefusesLaterCalls(Client client) {
		this.provider.answer(429, Map.of(), """
				{"error": {"message": "You exceeded your current quota.", "type": "insufficient_quota", \
				"code": "insufficient_quota"}}""");
		run((context) -> {
			client.post(context, this.provider.url() + "/v1/chat/completions", BODY);
			assertThat(limiter(context, "gpt-4o").status().state()).isEqualTo(State.QUOTA_EXHAUSTED);
		});
	}

	@ParameterizedTest
	@MethodSource("clients")
	void answerInsideACallOfAnotherModelTeachesItsOwn(Client client) {
		limits(10_000, 9_900);
		run((context) -> {
			inside(context, () -> client.post(context, this.provider.url() + "/v1/chat/completions", BODY));
			assertThat(tokens(context, "gpt-4o")).isEqualTo(10_000);
			assertThat(tokens(context, "gpt-4o-mini")).isEqualTo(30_000);
		});
	}

	@ParameterizedTest
	@MethodSource("clients")
	void answerInsideACallOfAModelThatNobodyKnowsIsTheCalls(Client client) {
		limits(10_000, 9_900);
		run((context) -> {
			inside(context, () -> client.post(context, this.provider.url() + "/v1/chat/completions",
					"{\"model\":\"proxied\"}"));
			assertThat(tokens(context, "gpt-4o-mini")).isEqualTo(10_000);
		});
	}

	@ParameterizedTest
	@MethodSource("clients")
	void refusalInsideACallOfAnotherModelPausesItsOwn(Client client) {
		this.provider.answer(429, Map.of("retry-after", "600"), TOO_FAST);
		run((context) -> {
			Throwable failure = catchThrowable(() -> inside(context,
					() -> client.send(context, this.provider.url() + "/v1/chat/completions", BODY)));
			assertThat(failure).isNotNull();
			assertThat(limiter(context, "gpt-4o").status().paused()).isEqualTo(Duration.ofMinutes(10));
			assertThat(limiter(context, "gpt-4o-mini").status().paused()).isZero();
		});
	}

	@ParameterizedTest
	@MethodSource("clients")
	void requestsInsideACallAreCounted(Client client) {
		limits(30_000, 29_900);
		this.runner.withPropertyValues("llm.ratelimit.models.gpt-4o-mini.rpm=100").run((context) -> {
			String own = BODY.replace("gpt-4o", "gpt-4o-mini");
			inside(context, () -> {
				client.post(context, this.provider.url() + "/v1/chat/completions", own);
				client.post(context, this.provider.url() + "/v1/chat/completions", BODY);
				return client.post(context, this.provider.url() + "/v1/chat/completions", own);
			});
			assertThat(limiter(context, "gpt-4o-mini").status().windows())
				.filteredOn((window) -> window.limit().dimension() == Dimension.REQUESTS)
				.extracting(LimiterStatus.Window::remaining)
				.containsExactly(98L);
		});
	}

	@ParameterizedTest
	@MethodSource("clients")
	void requestWhenLargeArrivesWhole(Client client) {
		String body = "{\"model\":\"gpt-4o\",\"input\":\"" + "x".repeat(3_000_000) + "\"}";
		limits(10_000, 9_900);
		run((context) -> {
			client.post(context, this.provider.url() + "/v1/responses", body);
			assertThat(this.provider.received()).isEqualTo(body);
			assertThat(tokens(context, "gpt-4o")).isEqualTo(10_000);
		});
	}

	@Test
	void requestWhenStreamedIsLeftAlone() {
		limits(10_000, 9_900);
		run((context) -> {
			context.getBean(WebClient.Builder.class)
				.build()
				.post()
				.uri(this.provider.url() + "/v1/chat/completions")
				.contentType(MediaType.TEXT_PLAIN)
				.body(Flux.just("{\"model\":", "\"gpt-4o\"}"), String.class)
				.retrieve()
				.bodyToMono(String.class)
				.block(Duration.ofSeconds(20));
			assertThat(this.provider.received()).isEqualTo("{\"model\":\"gpt-4o\"}");
			assertThat(tokens(context, "gpt-4o")).isEqualTo(30_000);
		});
	}

	@Test
	void answerWhenAnEventOfAStreamIsAnErrorPausesTheModel() {
		this.provider.answer(200, Map.of("Content-Type", "text/event-stream", "retry-after", "600"),
				"data: {\"x\":1}\n\ndata: " + TOO_FAST + "\n\n");
		run((context) -> {
			Client.WEB_CLIENT.post(context, this.provider.url() + "/v1/chat/completions", BODY);
			assertThat(limiter(context, "gpt-4o").status().paused()).isEqualTo(Duration.ofMinutes(10));
		});
	}

	/** Makes a limited call of the model that {@link #BODY} does not name. */
	private static void inside(ApplicationContext context, Callable<String> body) throws Exception {
		limiter(context, "gpt-4o-mini").call(CallRequest.of(Cost.of(1, 1)), body);
	}

	private StubProvider limits(long limit, long remaining) {
		return this.provider.answer(200, headers(limit, remaining), "fine");
	}

	private static Map<String, String> headers(long limit, long remaining) {
		return Map.of("x-ratelimit-limit-tokens", Long.toString(limit), "x-ratelimit-remaining-tokens",
				Long.toString(remaining), "x-ratelimit-reset-tokens", "1s");
	}

	private void run(ContextConsumer<AssertableApplicationContext> test) {
		this.runner.run(test);
	}

	private static LlmRateLimiter limiter(ApplicationContext context, String model) {
		return context.getBean(LlmRateLimiterRegistry.class).limiter(model);
	}

	private static long tokens(ApplicationContext context, String model) {
		return limiter(context, model).limits()
			.limits()
			.stream()
			.filter((limit) -> limit.dimension() == Dimension.TOKENS)
			.findAny()
			.orElseThrow()
			.amount();
	}

	/** The clients that Boot makes. */
	enum Client {

		REST_CLIENT {
			@Override
			String send(ApplicationContext context, String uri, String body) {
				return context.getBean(RestClient.Builder.class)
					.build()
					.post()
					.uri(uri)
					.contentType(MediaType.APPLICATION_JSON)
					.body(body)
					.retrieve()
					.body(String.class);
			}
		},

		REST_TEMPLATE {
			@Override
			String send(ApplicationContext context, String uri, String body) {
				HttpHeaders headers = new HttpHeaders();
				headers.setContentType(MediaType.APPLICATION_JSON);
				return context.getBean(RestTemplateBuilder.class)
					.build()
					.postForObject(uri, new HttpEntity<>(body, headers), String.class);
			}
		},

		WEB_CLIENT {
			@Override
			String send(ApplicationContext context, String uri, String body) {
				return context.getBean(WebClient.Builder.class)
					.build()
					.post()
					.uri(uri)
					.contentType(MediaType.APPLICATION_JSON)
					.bodyValue(body)
					.retrieve()
					.bodyToMono(String.class)
					.block(Duration.ofSeconds(20));
			}
		};

		abstract String send(ApplicationContext context, String uri, String body);

		/** Answers with the body, also of an error. */
		String post(ApplicationContext context, String uri, String body) {
			try {
				return send(context, uri, body);
			}
			catch (RestClientResponseException ex) {
				return ex.getResponseBodyAsString();
			}
			catch (WebClientResponseException ex) {
				return ex.getResponseBodyAsString();
			}
		}

	}

}
