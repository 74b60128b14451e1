package io.github.llmratelimit.autoconfigure.web;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.engine.ReturnTypeAdapter.Call;
import io.github.llmratelimit.reactive.ReactiveReturnTypeAdapter;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
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

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	@AutoClose
	private final LimitedHttp http = new LimitedHttp(RestClientAutoConfiguration.class,
			WebClientAutoConfiguration.class);

	@Test
	void callWhenRefusedIsRepeatedAfterTheHint() {
		this.http.refuseOnce();
		this.http.run((context) -> {
			assertThat(this.http.call(context, () -> post(client(context)))).isEqualTo("answer");
			assertThat(this.http.attempts).containsExactly(Duration.ZERO, Duration.ofSeconds(2));
		});
	}

	@Test
	void callWhenMethodTranslatesTheFailureIsRepeatedStill() {
		this.http.refuseOnce();
		this.http.run((context) -> {
			String answer = this.http.call(context, () -> {
				try {
					return post(client(context));
				}
				catch (WebClientResponseException ex) {
					throw new IllegalStateException("translated, without cause");
				}
			});
			assertThat(answer).isEqualTo("answer");
			assertThat(this.http.attempts).containsExactly(Duration.ZERO, Duration.ofSeconds(2));
		});
	}

	@Test
	void callWhenRefusedReachesTheCallerWithTheWholeBody() {
		String body = "{\"error\":{\"type\":\"invalid_request_error\"}}" + " ".repeat(100_000);
		this.http.server.answers(400, body, Map.of());
		this.http
			.run((context) -> assertThat(catchThrowable(() -> this.http.call(context, () -> post(client(context)))))
				.isInstanceOfSatisfying(WebClientResponseException.class,
						(ex) -> assertThat(ex.getResponseBodyAsString()).isEqualTo(body)));
	}

	@Test
	void clientWhenBuiltByHandIsUnderstoodByItsExceptions() {
		this.http.refuseOnce();
		this.http.run((context) -> {
			this.http.call(context, () -> post(WebClient.create()));
			assertThat(this.http.attempts).containsExactly(Duration.ZERO, Duration.ofSeconds(2));
		});
	}

	@Test
	void streamWhenItEndsWithAnErrorIsUnderstood() {
		this.http.server.answers(200, "data: {}\n\ndata: " + LimitedHttp.REFUSED.replace("\n", "") + "\n\n",
				Map.of("Content-Type", "text/event-stream"));
		this.http.run((context) -> {
			List<String> events = this.http.call(context, () -> stream(client(context)).collectList().block(PATIENCE));
			assertThat(events).hasSize(2);
			assertThat(LimitedHttp.limiter(context).status().paused()).isPositive();
		});
	}

	@Test
	void chainFindsItsCallInTheContext() {
		this.http.server.answers(200, "data: {}\n\ndata: " + LimitedHttp.REFUSED.replace("\n", "") + "\n\n",
				Map.of("Content-Type", "text/event-stream"));
		this.http.run((context) -> {
			ReactiveReturnTypeAdapter adapter = new ReactiveReturnTypeAdapter(
					ReactiveAdapterRegistry.getSharedInstance());
			LlmRateLimiter limiter = LimitedHttp.limiter(context);
			Flux<?> flux = (Flux<?>) adapter.adapt(Flux.class, new Call(() -> limiter, LimitedHttp.REQUEST,
					() -> Mono.delay(Duration.ofMillis(1)).flatMapMany((tick) -> stream(client(context))), null));
			assertThat(flux.collectList().block(PATIENCE)).hasSize(2);
			assertThat(limiter.status().paused()).isPositive();
		});
	}

	@Test
	void interfaceOnWebClientIsUnderstood() {
		this.http.refuseOnce();
		this.http.run((context) -> {
			WebClient client = context.getBean(WebClient.Builder.class).baseUrl(this.http.server.uri()).build();
			Api api = api(WebClientAdapter.create(client));
			assertThat(this.http.call(context, api::ask)).isEqualTo("answer");
			assertThat(this.http.attempts).containsExactly(Duration.ZERO, Duration.ofSeconds(2));
		});
	}

	@Test
	void interfaceOnRestClientIsUnderstood() {
		this.http.refuseOnce();
		this.http.run((context) -> {
			RestClient client = context.getBean(RestClient.Builder.class).baseUrl(this.http.server.uri()).build();
			Api api = api(RestClientAdapter.create(client));
			assertThat(this.http.call(context, api::ask)).isEqualTo("answer");
			assertThat(this.http.attempts).containsExactly(Duration.ZERO, Duration.ofSeconds(2));
		});
	}

	private static WebClient client(AssertableApplicationContext context) {
		return context.getBean(WebClient.Builder.class).build();
	}

	private String post(WebClient client) {
		return client.post()
			.uri(this.http.server.uri())
			.bodyValue("{}")
			.retrieve()
			.bodyToMono(String.class)
			.block(PATIENCE);
	}

	private Flux<String> stream(WebClient client) {
		return client.post().uri(this.http.server.uri()).bodyValue("{}").retrieve().bodyToFlux(String.class);
	}

	private static Api api(HttpExchangeAdapter adapter) {
		return HttpServiceProxyFactory.builderFor(adapter).build().createClient(Api.class);
	}

	interface Api {

		@PostExchange
		String ask();

	}

}
