package io.github.llmratelimit.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.GZIPOutputStream;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.ModelLimits;
import io.github.llmratelimit.StubProvider;
import io.github.llmratelimit.engine.CallRetry;
import io.github.llmratelimit.engine.settings.EngineSettings;
import io.github.llmratelimit.engine.LimiterDefinition;
import io.github.llmratelimit.engine.LimiterMode;
import io.github.llmratelimit.engine.LimiterRegistry;
import io.github.llmratelimit.provider.ProviderDialect;
import io.github.llmratelimit.provider.ProviderResponse;
import io.github.llmratelimit.provider.ProviderSignal;
import io.github.llmratelimit.time.FakeTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.BufferingClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.mock.http.client.MockClientHttpRequest;
import org.springframework.mock.http.client.MockClientHttpResponse;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientResponseException;
import org.springframework.web.client.RestTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link LimitedCallInterceptor} in real clients over a real connection.
 */
@ExtendWith(OutputCaptureExtension.class)
class InterceptedConnectionTests {

	private static final int LIMIT = ResponseText.READ_LIMIT;

	private final StubProvider provider = new StubProvider();

	private final Queue<ProviderResponse> heard = new ConcurrentLinkedQueue<>();

	private final LimitedCallInterceptor interceptor = new LimitedCallInterceptor();

	@AfterEach
	void stop() {
		this.provider.close();
	}

	@ParameterizedTest
	@EnumSource
	void interceptWhenAnsweredTellsStatusAndHeaders(Client client) throws Exception {
		this.provider.answer(200, Map.of("X-RateLimit-Remaining-Tokens", "42"), "fine");
		get(client);
		assertThat(this.heard).singleElement()
			.satisfies((response) -> assertThat(response.status()).isEqualTo(200))
			.satisfies(
					(response) -> assertThat(response.fields().first("x-ratelimit-remaining-tokens")).isEqualTo("42"));
	}

	@ParameterizedTest
	@EnumSource
	void interceptWhenAnsweredLeavesTheBodyToTheCaller(Client client) throws Exception {
		byte[] body = random(3 * LIMIT);
		this.provider.answer(200, Map.of(), body);
		assertThat(get(client)).isEqualTo(body);
		assertThat(this.heard).singleElement().extracting(ProviderResponse::body).isNull();
	}

	@ParameterizedTest
	@EnumSource
	void interceptWhenRefusedTellsTheBody(Client client) {
		this.provider.answer(429, Map.of("Content-Type", "text/plain;charset=ISO-8859-1"), new byte[] { (byte) 0xe4 });
		fail(client);
		assertThat(this.heard).singleElement().extracting(ProviderResponse::body).isEqualTo("ä");
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 4096, LIMIT - 1, LIMIT, LIMIT + 1, 5 * LIMIT })
	void interceptWhenRefusedHandsTheBodyOnByteByByte(int length) {
		byte[] body = random(length);
		for (Client client : Client.values()) {
			this.provider.answer(500, Map.of(), body);
			assertThat(fail(client).getResponseBodyAsByteArray()).isEqualTo(body);
		}
	}

	@Test
	void interceptWhenRefusedTellsNotMoreThanTheBound() {
		this.provider.answer(500, Map.of(), "x".repeat(3 * LIMIT));
		fail(Client.REST_CLIENT_JDK);
		assertThat(this.heard.element().body()).hasSize(LIMIT);
	}

	@ParameterizedTest
	@EnumSource(names = { "REST_CLIENT_SIMPLE", "REST_TEMPLATE_SIMPLE" })
	void interceptWhenBodyIsPackedHandsItOnPacked(Client client) throws IOException {
		byte[] packed = gzip("refused");
		this.provider.answer(429, Map.of("Content-Encoding", "gzip"), packed);
		assertThat(fail(client).getResponseBodyAsByteArray()).isEqualTo(packed);
		assertThat(this.heard.element().body()).isEqualTo("refused");
	}

	@Test
	void interceptWhenBodyIsHeldInMemoryLetsItBeReadTwice() {
		this.provider.answer(429, Map.of(), "refused");
		RestTemplate template = new RestTemplate(
				new BufferingClientHttpRequestFactory(new SimpleClientHttpRequestFactory()));
		ClientHttpRequestInterceptor logging = (request, body, execution) -> {
			ClientHttpResponse response = execution.execute(request, body);
			assertThat(response.getBody().readAllBytes()).isNotEmpty();
			return response;
		};
		template.setInterceptors(List.of(logging, this.interceptor));
		RestClientResponseException failure = catchThrowableOfType(RestClientResponseException.class,
				() -> call(() -> template.getForObject(this.provider.url(), byte[].class)));
		assertThat(failure.getResponseBodyAsString()).isEqualTo("refused");
	}

	@Test
	void interceptWhenReadingFailsLetsTheCallerMeetTheFailureInItsPlace() throws Exception {
		IOException failure = new IOException("reset");
		try (ClientHttpResponse response = intercept(new MockClientHttpResponse(new BreakingStream(failure), 500))) {
			InputStream body = response.getBody();
			assertThat(body.readNBytes(3)).isEqualTo(new byte[] { 1, 2, 3 });
			assertThatExceptionOfType(IOException.class).isThrownBy(body::read).isSameAs(failure);
			assertThatExceptionOfType(IOException.class).isThrownBy(body::readAllBytes).isSameAs(failure);
		}
		assertThat(this.heard).hasSize(1);
	}

	@ParameterizedTest
	@EnumSource
	void interceptWhenNoCallIsInProgressDoesNothing(Client client) throws Exception {
		byte[] answer = client.get(this.provider.url(), this.interceptor);
		assertThat(answer).asString().isEqualTo("fine");
		assertThat(this.heard).isEmpty();
	}

	@Test
	void interceptWhenHostIsAnotherOneTellsNothing() {
		this.provider.answer(500, Map.of(), "no");
		String url = this.provider.url().replace("localhost", "127.0.0.1");
		assertThatExceptionOfType(RestClientResponseException.class)
			.isThrownBy(() -> call(() -> Client.REST_CLIENT_JDK.get(url, this.interceptor)));
		assertThat(this.heard).isEmpty();
	}

	@Test
	void interceptWhenAnotherHostRefusesWarnsOnceOfTheProperty(CapturedOutput output) {
		String url = this.provider.url().replace("localhost", "127.0.0.1");
		for (int i = 0; i < 3; i++) {
			this.provider.answer(429, Map.of(), "no");
			assertThatExceptionOfType(RestClientResponseException.class)
				.isThrownBy(() -> call(() -> Client.REST_CLIENT_JDK.get(url, this.interceptor)));
		}
		assertThat(output).containsOnlyOnce("llm.ratelimit.providers.stub.hosts").containsOnlyOnce("127.0.0.1");
	}

	private ClientHttpResponse intercept(ClientHttpResponse response) throws Exception {
		return call(() -> this.interceptor.intercept(
				new MockClientHttpRequest(HttpMethod.POST, URI.create(this.provider.url())), new byte[0],
				(request, body) -> response));
	}

	private byte[] get(Client client) throws Exception {
		return call(() -> client.get(this.provider.url(), this.interceptor));
	}

	private RestClientResponseException fail(Client client) {
		return catchThrowableOfType(RestClientResponseException.class, () -> get(client));
	}

	private <T> T call(Callable<T> body) throws Exception {
		ModelLimits limits = new ModelLimits("gpt-4o", "gpt-4o", new BudgetKey("stub", "gpt-4o"),
				List.of(Limit.perMinute(Dimension.REQUESTS, 1000)), Booking.ESTIMATE, 1);
		FakeTime time = new FakeTime();
		LimiterRegistry registry = new LimiterRegistry(
				List.of(new LimiterDefinition(limits, Set.of(), new Hearing(), Set.of("localhost"),
						LimiterMode.ENFORCE)),
				EngineSettings.DEFAULTS, new LimiterRegistry.Parts(time, time, CallRetry.NEVER, List.of(), List.of()));
		return registry.limiter("gpt-4o").call(CallRequest.of(Cost.of(1, 1)), body);
	}

	private static byte[] random(int length) {
		byte[] bytes = new byte[length];
		new Random(length).nextBytes(bytes);
		return bytes;
	}

	private static byte[] gzip(String text) throws IOException {
		ByteArrayOutputStream packed = new ByteArrayOutputStream();
		try (GZIPOutputStream packing = new GZIPOutputStream(packed)) {
			packing.write(text.getBytes(StandardCharsets.UTF_8));
		}
		return packed.toByteArray();
	}

	enum Client {

		REST_CLIENT_JDK, REST_CLIENT_SIMPLE, REST_TEMPLATE_JDK, REST_TEMPLATE_SIMPLE;

		byte[] get(String url, ClientHttpRequestInterceptor interceptor) {
			ClientHttpRequestFactory factory = name().endsWith("JDK") ? new JdkClientHttpRequestFactory()
					: new SimpleClientHttpRequestFactory();
			if (name().startsWith("REST_CLIENT")) {
				return RestClient.builder()
					.requestFactory(factory)
					.requestInterceptor(interceptor)
					.build()
					.get()
					.uri(url)
					.retrieve()
					.body(byte[].class);
			}
			RestTemplate template = new RestTemplate(factory);
			template.setInterceptors(List.of(interceptor));
			return template.getForObject(url, byte[].class);
		}

	}

	private final class Hearing implements ProviderDialect {

		@Override
		public String name() {
			return "hearing";
		}

		@Override
		public ProviderSignal read(ProviderResponse response, Instant now) {
			InterceptedConnectionTests.this.heard.add(response);
			return ProviderSignal.OK;
		}

	}

	/** Gives three bytes, then fails. */
	private static final class BreakingStream extends InputStream {

		private final IOException failure;

		private int next = 1;

		BreakingStream(IOException failure) {
			this.failure = failure;
		}

		@Override
		public int read() throws IOException {
			if (this.next > 3) {
				throw this.failure;
			}
			return this.next++;
		}

	}

}
