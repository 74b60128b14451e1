package io.github.llmratelimit.autoconfigure.web;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;

import io.github.resilience4j.core.functions.Either;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryRegistry;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestTemplateAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
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

	private static final String OUT_OF_MONEY = """
			{"error":{"message":"You exceeded your current quota.","type":"insufficient_quota","param":null,\
			"code":"insufficient_quota"}}""";

	@AutoClose
	private final LimitedHttp http = new LimitedHttp(RestClientAutoConfiguration.class,
			RestTemplateAutoConfiguration.class);

	@Test
	void callWhenRefusedIsRepeatedAfterTheHint() {
		this.http.refuseOnce();
		this.http.run((context) -> {
			assertThat(this.http.call(context, () -> post(context))).isEqualTo("answer");
			assertThat(this.http.attempts).containsExactly(Duration.ZERO, Duration.ofSeconds(2));
		});
	}

	@Test
	void callWhenRefusedMoreExactlyThanInSecondsIsRepeatedAfterThat() {
		this.http.server.answers(429, LimitedHttp.REFUSED, Map.of("Retry-After", "2", "retry-after-ms", "1500"))
			.answers(200, "answer", Map.of());
		this.http.run((context) -> {
			this.http.call(context, () -> post(context));
			assertThat(this.http.attempts).containsExactly(Duration.ZERO, Duration.ofMillis(1500));
		});
	}

	@Test
	void callWhenServerFailsIsRepeatedFromTheShorterBase() {
		this.http.server.answers(503, "", Map.of()).answers(500, "", Map.of()).answers(200, "answer", Map.of());
		this.http.run((context) -> {
			assertThat(this.http.call(context, () -> post(context))).isEqualTo("answer");
			assertThat(this.http.attempts).containsExactly(Duration.ZERO, Duration.ofMillis(500),
					Duration.ofMillis(1500));
		});
	}

	@Test
	void callWhenOutOfMoneyFailsAtOnceWithTheWholeResponse() {
		String body = OUT_OF_MONEY + " ".repeat(100_000);
		this.http.server.answers(429, body, Map.of("x-request-id", "42"));
		this.http.run((context) -> {
			HttpClientErrorException failure = catchThrowableOfType(HttpClientErrorException.class,
					() -> this.http.call(context, () -> post(context)));
			assertThat(failure.getStatusCode()).isEqualTo(HttpStatus.TOO_MANY_REQUESTS);
			assertThat(failure.getResponseBodyAsString()).isEqualTo(body);
			assertThat(failure.getResponseHeaders().getFirst("x-request-id")).isEqualTo("42");
			assertThat(this.http.attempts).hasSize(1);
		});
	}

	@Test
	void callWhenRequestIsWrongFailsAtOnce() {
		this.http.server.answers(400, "{\"error\":{\"type\":\"invalid_request_error\"}}", Map.of());
		this.http.run((context) -> assertThat(catchThrowable(() -> this.http.call(context, () -> post(context))))
			.isInstanceOf(HttpClientErrorException.BadRequest.class));
	}

	@Test
	void callWhenMethodTranslatesTheFailureIsRepeatedStill() {
		this.http.refuseOnce();
		this.http.run((context) -> {
			String answer = this.http.call(context, () -> {
				try {
					return post(context);
				}
				catch (HttpClientErrorException ex) {
					throw new IllegalStateException("translated, without cause");
				}
			});
			assertThat(answer).isEqualTo("answer");
			assertThat(this.http.attempts).containsExactly(Duration.ZERO, Duration.ofSeconds(2));
		});
	}

	@Test
	void callWhenErrorBodyBreaksOffIsRepeatedStill() {
		this.http.server.breaksOff(500, "half of", 100).answers(200, "answer", Map.of());
		this.http.run((context) -> {
			assertThat(this.http.call(context, () -> post(context))).isEqualTo("answer");
			assertThat(this.http.attempts).hasSize(2);
		});
	}

	@Test
	void callWhenAnswerIsStreamedIsNotReadAhead() {
		this.http.server.answers(200, "data: 1\n\ndata: 2\n\n", Map.of("Content-Type", "text/event-stream"));
		this.http.run((context) -> {
			byte[] all = this.http.call(context,
					() -> context.getBean(RestClient.Builder.class)
						.build()
						.post()
						.uri(this.http.server.uri())
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
		// whose port is bound, nobody else listens there
		try (Socket deaf = new Socket()) {
			deaf.bind(new InetSocketAddress("127.0.0.1", 0));
			this.http.server.answers(200, "answer", Map.of());
			this.http.run((context) -> {
				String answer = this.http.call(context, () -> {
					String uri = (this.http.attempts.size() == 1) ? "http://127.0.0.1:" + deaf.getLocalPort()
							: this.http.server.uri();
					return context.getBean(RestClient.Builder.class)
						.build()
						.post()
						.uri(uri)
						.retrieve()
						.body(String.class);
				});
				assertThat(answer).isEqualTo("answer");
				assertThat(this.http.attempts).containsExactly(Duration.ZERO, Duration.ofMillis(500));
				assertThat(LimitedHttp.limiter(context).status().windows().get(0).remaining()).isEqualTo(900);
			});
		}
	}

	@Test
	void restTemplateWhenRefusedIsRepeatedAfterTheHint() {
		this.http.refuseOnce();
		this.http.run((context) -> {
			RestTemplate restTemplate = context.getBean(RestTemplateBuilder.class).build();
			assertThat(this.http.call(context,
					() -> restTemplate.postForObject(this.http.server.uri(), null, String.class)))
				.isEqualTo("answer");
			assertThat(this.http.attempts).containsExactly(Duration.ZERO, Duration.ofSeconds(2));
		});
	}

	@Test
	void restTemplateWhenServerIsMockedIsRepeatedAfterTheHint() {
		this.http.run((context) -> {
			RestTemplate restTemplate = context.getBean(RestTemplateBuilder.class).build();
			MockRestServiceServer mock = MockRestServiceServer.bindTo(restTemplate).build();
			HttpHeaders headers = new HttpHeaders();
			headers.add("Retry-After", "2");
			mock.expect(method(HttpMethod.POST)).andRespond(withStatus(HttpStatus.TOO_MANY_REQUESTS).headers(headers));
			mock.expect(method(HttpMethod.POST)).andRespond(withSuccess());
			this.http.call(context, () -> restTemplate.postForObject(this.http.server.uri(), null, String.class));
			assertThat(this.http.attempts).containsExactly(Duration.ZERO, Duration.ofSeconds(2));
			mock.verify();
		});
	}

	@Test
	void clientWhenBuiltByHandIsUnderstoodByItsExceptions() {
		this.http.refuseOnce();
		this.http.run((context) -> {
			this.http.call(context,
					() -> RestClient.create(this.http.server.uri()).post().retrieve().body(String.class));
			assertThat(this.http.attempts).containsExactly(Duration.ZERO, Duration.ofSeconds(2));
		});
	}

	@Test
	void retryWhenUsedAloneReadsSpringsExceptions() {
		HttpHeaders headers = new HttpHeaders();
		headers.add("Retry-After", "2");
		Exception failure = HttpClientErrorException.create(HttpStatus.TOO_MANY_REQUESTS, "", headers, null, null);
		this.http.run((context) -> {
			Retry retry = context.getBean(RetryRegistry.class).retry("gpt-4o");
			assertThat(retry.getRetryConfig().getExceptionPredicate()).accepts(failure);
			assertThat(retry.getRetryConfig().getIntervalBiFunction().apply(1, Either.left(failure))).isEqualTo(2000);
			assertThat(retry.getRetryConfig().getExceptionPredicate())
				.accepts(HttpServerErrorException.create(HttpStatus.BAD_GATEWAY, "", new HttpHeaders(), null, null))
				.rejects(HttpClientErrorException.create(HttpStatus.NOT_FOUND, "", new HttpHeaders(), null, null));
		});
	}

	private String post(AssertableApplicationContext context) {
		return context.getBean(RestClient.Builder.class)
			.build()
			.post()
			.uri(this.http.server.uri())
			.body("{}")
			.retrieve()
			.body(String.class);
	}

}
