package io.github.llmratelimit.web;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;

import io.github.llmratelimit.LlmCall;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.provider.ProviderSignal;
import io.github.llmratelimit.provider.SignalKind;
import io.github.llmratelimit.provider.WrittenDialect;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.mock.http.client.MockClientHttpRequest;
import org.springframework.mock.http.client.MockClientHttpResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link LimitedCallInterceptor}.
 */
@ExtendWith(OutputCaptureExtension.class)
class LimitedCallInterceptorTests {

	private static final String PROVIDER = "https://api.openai.com/v1/chat/completions";

	private static final String STRANGER = "https://proxy.example/v1/chat/completions";

	private final LimitedModel model = new LimitedModel(new WrittenDialect(), "api.openai.com");

	private final LimitedCallInterceptor interceptor = new LimitedCallInterceptor();

	@Test
	void interceptWhenRefusedTellsTheCall() throws Exception {
		MockClientHttpResponse response = response(429, "rate_limit_tokens");
		response.getHeaders().add("Retry-After-Ms", "2000");
		ProviderSignal seen = this.model.call(() -> {
			intercept(PROVIDER, response);
			return LimitedModel.seen();
		});
		assertThat(seen).isEqualTo(ProviderSignal.of(SignalKind.RATE_LIMIT_TOKENS, true, Duration.ofSeconds(2)));
	}

	@Test
	void interceptWhenRefusedPausesEverybodyBeforeTheCallEnds() throws Exception {
		MockClientHttpResponse response = response(429, "rate_limit_tokens");
		response.getHeaders().add("Retry-After-Ms", "2000");
		Duration paused = this.model.call(() -> {
			intercept(PROVIDER, response);
			return this.model.paused();
		});
		assertThat(paused).isEqualTo(Duration.ofSeconds(2));
	}

	@Test
	void interceptWhenHostIsInAnotherCaseTellsTheCall() throws Exception {
		assertThat(seen("https://API.OpenAI.com:8443/v1", response(500, "server_error"))).isNotNull();
	}

	@Test
	void interceptWhenServedTellsTheCallWithoutTouchingTheBody() throws Exception {
		ClientHttpResponse untouchable = new MockClientHttpResponse(new byte[0], HttpStatusCode.valueOf(200)) {
			@Override
			public InputStream getBody() {
				throw new AssertionError("The body is the caller's.");
			}
		};
		this.model.call(() -> {
			assertThat(intercept(PROVIDER, untouchable)).isSameAs(untouchable);
			assertThat(LimitedModel.seen()).isEqualTo(ProviderSignal.OK);
			return null;
		});
	}

	@Test
	void interceptWhenOutsideOfACallTouchesNothing() throws Exception {
		MockClientHttpResponse response = response(429, "rate_limit_tokens");
		assertThat(intercept(PROVIDER, response)).isSameAs(response);
		assertThat(this.model.paused()).isZero();
	}

	@Test
	void interceptWhenTheCallIsAnothersTouchesNothing() throws Exception {
		MockClientHttpResponse response = response(429, "rate_limit_tokens");
		try (LlmCall.Scope scope = LlmCall.open(new ForeignCall())) {
			assertThat(intercept(PROVIDER, response)).isSameAs(response);
		}
	}

	@Test
	void interceptWhenHostIsUnknownTouchesNothing() throws Exception {
		MockClientHttpResponse response = response(500, "server_error");
		this.model.call(() -> {
			assertThat(intercept(STRANGER, response)).isSameAs(response);
			assertThat(LimitedModel.seen()).isNull();
			return null;
		});
	}

	@Test
	void interceptWhenAnUnknownHostRefusesWarnsOnce(CapturedOutput output) throws Exception {
		seen(STRANGER, response(429, "rate_limit_tokens"));
		seen(STRANGER, response(429, "rate_limit_tokens"));
		assertThat(output).containsOnlyOnce("proxy.example answered a limited call to 'gpt-4o' with status 429")
			.containsOnlyOnce("add it to llm.ratelimit.providers.work.hosts.");
	}

	@Test
	void interceptWhenAnotherUnknownHostRefusesWarnsAgain(CapturedOutput output) throws Exception {
		seen(STRANGER, response(429, "rate_limit_tokens"));
		seen("https://second.example/", response(429, "rate_limit_tokens"));
		assertThat(output).contains("proxy.example answered", "second.example answered");
	}

	@Test
	void interceptWhenAnUnknownHostFailsDoesNotWarn(CapturedOutput output) throws Exception {
		seen(STRANGER, response(503, "overloaded"));
		assertThat(output).doesNotContain("proxy.example");
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 4095, 4096, 4097, 65_535, 65_536, 65_537, 200_000 })
	void interceptWhenErrorHasABodyHandsAllOfItOn(int length) throws Exception {
		byte[] body = new byte[length];
		new Random(length).nextBytes(body);
		LimitedModel tolerant = new LimitedModel(LimitedModel.dialect((response) -> ProviderSignal.OK),
				"api.openai.com");
		byte[] handedOn = tolerant
			.call(() -> intercept(PROVIDER, new MockClientHttpResponse(body, HttpStatusCode.valueOf(500))).getBody()
				.readAllBytes());
		assertThat(handedOn).isEqualTo(body);
	}

	@Test
	void interceptWhenBodyIsLongReadsNoMoreThanTheLimit() throws Exception {
		CountingStream body = new CountingStream(new ByteArrayInputStream(new byte[200_000]));
		LimitedModel tolerant = new LimitedModel(LimitedModel.dialect((response) -> ProviderSignal.OK),
				"api.openai.com");
		tolerant.call(() -> intercept(PROVIDER, new MockClientHttpResponse(body, HttpStatusCode.valueOf(500))));
		assertThat(body.count).isEqualTo(65_536);
	}

	@Test
	void interceptWhenBodyBreaksHandsOnWhatCameAndThenTheFailure() throws Exception {
		IOException broken = new IOException("connection reset");
		InputStream body = new BreakingStream("rate_limit_tokens", broken);
		this.model.call(() -> {
			InputStream handedOn = intercept(PROVIDER, new MockClientHttpResponse(body, HttpStatusCode.valueOf(429)))
				.getBody();
			assertThat(LimitedModel.seen()).extracting(ProviderSignal::kind).isEqualTo(SignalKind.RATE_LIMIT_TOKENS);
			assertThat(handedOn.readNBytes(17)).asString(StandardCharsets.UTF_8).isEqualTo("rate_limit_tokens");
			assertThat(catchThrowable(handedOn::read)).isSameAs(broken);
			return null;
		});
	}

	@Test
	void interceptWhenBodyCannotBeHadLeavesThatToTheCaller() throws Exception {
		IOException broken = new IOException("no body");
		ClientHttpResponse response = new MockClientHttpResponse(new byte[0], HttpStatusCode.valueOf(429)) {
			@Override
			public InputStream getBody() throws IOException {
				throw broken;
			}
		};
		this.model.call(() -> {
			ClientHttpResponse handedOn = intercept(PROVIDER, response);
			assertThat(LimitedModel.seen()).extracting(ProviderSignal::kind).isEqualTo(SignalKind.RATE_LIMIT_UNKNOWN);
			assertThat(catchThrowable(handedOn::getBody)).isSameAs(broken);
			return null;
		});
	}

	@Test
	void interceptWhenStatusCannotBeHadLeavesThatToTheCaller() throws Exception {
		ClientHttpResponse response = mock(ClientHttpResponse.class);
		given(response.getStatusCode()).willThrow(new IOException("no status"));
		this.model.call(() -> {
			assertThat(intercept(PROVIDER, response)).isSameAs(response);
			return null;
		});
	}

	@Test
	void interceptWhenRequestFailsPassesTheFailureOn() {
		IOException refused = new IOException("refused");
		assertThatIOException().isThrownBy(() -> this.model
			.call(() -> this.interceptor.intercept(new MockClientHttpRequest(HttpMethod.POST, URI.create(PROVIDER)),
					new byte[0], (request, body) -> {
						throw refused;
					})))
			.isSameAs(refused);
	}

	@Test
	void interceptWhenDialectFailsHandsTheResponseOn() throws Exception {
		LimitedModel broken = new LimitedModel(LimitedModel.dialect((response) -> {
			throw new IllegalStateException("broken dialect");
		}), "api.openai.com");
		byte[] body = broken.call(() -> intercept(PROVIDER, response(200, "answer")).getBody().readAllBytes());
		assertThat(body).asString(StandardCharsets.UTF_8).isEqualTo("answer");
	}

	@Test
	void interceptWhenErrorKeepsStatusAndHeadersAndCloses() throws Exception {
		boolean[] closed = new boolean[1];
		MockClientHttpResponse response = new MockClientHttpResponse("overloaded".getBytes(StandardCharsets.UTF_8),
				HttpStatusCode.valueOf(529)) {
			@Override
			public void close() {
				closed[0] = true;
			}
		};
		response.getHeaders().add("X-Request-Id", "42");
		this.model.call(() -> {
			ClientHttpResponse handedOn = intercept(PROVIDER, response);
			assertThat(handedOn.getStatusCode().value()).isEqualTo(529);
			assertThat(handedOn.getStatusText()).isEqualTo(response.getStatusText());
			HttpHeaders headers = handedOn.getHeaders();
			assertThat(headers.getFirst("X-Request-Id")).isEqualTo("42");
			assertThat(closed[0]).isFalse();
			handedOn.close();
			assertThat(closed[0]).isTrue();
			return null;
		});
	}

	private @Nullable ProviderSignal seen(String uri, ClientHttpResponse response) throws Exception {
		return this.model.call(() -> {
			intercept(uri, response);
			return LimitedModel.seen();
		});
	}

	private ClientHttpResponse intercept(String uri, ClientHttpResponse response) throws IOException {
		return this.interceptor.intercept(new MockClientHttpRequest(HttpMethod.POST, URI.create(uri)), new byte[0],
				(request, body) -> response);
	}

	private static MockClientHttpResponse response(int status, String body) {
		return new MockClientHttpResponse(body.getBytes(StandardCharsets.UTF_8), HttpStatusCode.valueOf(status));
	}

	/** A call that some other code runs. */
	private static final class ForeignCall implements LlmCall {

		@Override
		public String model() {
			return "foreign";
		}

		@Override
		public int attempt() {
			return 1;
		}

		@Override
		public void recordUsage(Usage usage) {
		}

	}

	/** Counts the bytes that were read. */
	private static final class CountingStream extends InputStream {

		private final InputStream delegate;

		private int count;

		CountingStream(InputStream delegate) {
			this.delegate = delegate;
		}

		@Override
		public int read() throws IOException {
			this.count++;
			return this.delegate.read();
		}

	}

	/** Ends with a failure. */
	private static final class BreakingStream extends InputStream {

		private final InputStream delegate;

		private final IOException failure;

		BreakingStream(String text, IOException failure) {
			this.delegate = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
			this.failure = failure;
		}

		@Override
		public int read() throws IOException {
			int next = this.delegate.read();
			if (next < 0) {
				throw this.failure;
			}
			return next;
		}

		@Override
		public int read(byte[] buffer, int offset, int length) throws IOException {
			int count = this.delegate.read(buffer, offset, length);
			if (count < 0) {
				throw this.failure;
			}
			return count;
		}

	}

}
