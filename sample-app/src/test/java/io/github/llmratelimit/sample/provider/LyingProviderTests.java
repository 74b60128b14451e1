package io.github.llmratelimit.sample.provider;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.provider.HttpFields;
import io.github.llmratelimit.provider.ProviderDialects;
import io.github.llmratelimit.provider.ProviderResponse;
import io.github.llmratelimit.provider.ProviderSignal;
import io.github.llmratelimit.provider.SignalKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what a {@link SimulatedProvider} can be told to be, over HTTP and read by the
 * library's own dialects.
 */
@Timeout(60)
class LyingProviderTests {

	private final ManualTicker ticker = new ManualTicker();

	private final HttpClient http = HttpClient.newHttpClient();

	private SimulatedProvider provider;

	@BeforeEach
	void start() {
		ProviderProperties properties = new ProviderProperties(true, 0, null, "key", Duration.ofMinutes(1),
				Map.of("m", new ProviderProperties.Limits(500, 1_000, 1_000L, 1_000L)), 0, 42);
		this.provider = new SimulatedProvider(properties, Behaviours.HONEST, this.ticker);
		this.provider.start();
	}

	@AfterEach
	void stop() {
		this.provider.close();
	}

	@ParameterizedTest
	@EnumSource(DialectName.class)
	void anAnswerIsReadByTheLibrary(DialectName dialect) throws Exception {
		behave(dialect, HeaderLie.NONE, 1, 0, false);
		ProviderSignal signal = call(dialect);
		assertThat(signal.kind()).isEqualTo(SignalKind.OK);
		assertThat(signal.requests().limit()).isEqualTo(500);
		assertThat(signal.requests().remaining()).isEqualTo(499);
	}

	@ParameterizedTest
	@EnumSource(DialectName.class)
	void aRefusalIsReadByTheLibrary(DialectName dialect) throws Exception {
		behave(dialect, HeaderLie.NONE, 1, 0, false);
		ProviderSignal signal = untilRefused(dialect);
		assertThat(signal.kind()).isEqualTo(SignalKind.RATE_LIMIT_TOKENS);
		assertThat(signal.retryAfter()).isEqualTo(Duration.ofMinutes(1));
	}

	@ParameterizedTest
	@EnumSource(DialectName.class)
	void overloadIsReadByTheLibrary(DialectName dialect) throws Exception {
		behave(dialect, HeaderLie.NONE, 1, 1, false);
		assertThat(call(dialect).kind()).isEqualTo(SignalKind.OVERLOADED);
		assertThat(this.provider.stats().overloaded()).isOne();
		assertThat(this.provider.stats("m").calls()).isZero();
	}

	@ParameterizedTest
	@EnumSource(DialectName.class)
	void anExhaustedQuotaIsReadByTheLibrary(DialectName dialect) throws Exception {
		behave(dialect, HeaderLie.NONE, 1, 0, true);
		assertThat(call(dialect).kind()).isEqualTo(SignalKind.QUOTA_EXHAUSTED);
		assertThat(this.provider.stats().unpaid()).isOne();
	}

	@ParameterizedTest
	@EnumSource(DialectName.class)
	void headersWhenMissingTellNothing(DialectName dialect) throws Exception {
		behave(dialect, HeaderLie.MISSING, 1, 0, false);
		assertThat(call(dialect)).isEqualTo(ProviderSignal.OK);
	}

	@ParameterizedTest
	@EnumSource(DialectName.class)
	void headersWhenLimitsAreLoweredInSecretTellTheConfiguredOnes(DialectName dialect) throws Exception {
		behave(dialect, HeaderLie.CONFIGURED, 0.5, 0, false);
		assertThat(call(dialect).requests().limit()).isEqualTo(500);
		assertThat(this.provider.stats("m").requestLimit()).isEqualTo(250);
	}

	@ParameterizedTest
	@EnumSource(DialectName.class)
	void headersWhenDoubledTellTwiceTheLimit(DialectName dialect) throws Exception {
		behave(dialect, HeaderLie.DOUBLED, 1, 0, false);
		assertThat(call(dialect).requests().limit()).isEqualTo(1_000);
	}

	@ParameterizedTest
	@EnumSource(value = HeaderLie.class, names = { "NEGATIVE", "GARBAGE" })
	void headersWhenSenselessDoNotMislead(HeaderLie lie) throws Exception {
		behave(DialectName.OPENAI, lie, 1, 0, false);
		ProviderSignal signal = call(DialectName.OPENAI);
		assertThat(signal.requests().limit()).isNull();
		assertThat(signal.tokens().remaining()).isNull();
	}

	@Test
	void retryAfterWhenItIsADateIsNeverEarly() throws Exception {
		this.provider.behave((now) -> new Behaviour(DialectName.OPENAI, Enforcement.ROLLING, null, RetryAfter.DATE,
				HeaderLie.NONE, 1, 0, false));
		Instant before = Instant.now();
		HttpResponse<String> refused = untilRefusal(DialectName.OPENAI);
		Instant after = Instant.now();
		String date = refused.headers().firstValue("retry-after").orElseThrow();
		assertThat(ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant())
			.isBetween(before.plusSeconds(60), after.plusSeconds(61));
		assertThat(refused.headers().firstValue("retry-after-ms")).isEmpty();
	}

	@Test
	void streamCarriesHeadersAndEvents() throws Exception {
		HttpResponse<String> response = send(DialectName.OPENAI, ",\"stream\":true");
		assertThat(response.headers().firstValue("content-type")).hasValue("text/event-stream");
		assertThat(response.headers().firstValue("x-ratelimit-limit-requests")).hasValue("500");
		assertThat(response.body()).startsWith("data: {").endsWith("data: [DONE]\n\n");
		assertThat(this.provider.stats().inFlight()).isZero();
	}

	private void behave(DialectName dialect, HeaderLie headers, double limitFactor, double overload,
			boolean quotaExhausted) {
		this.provider.behave((now) -> new Behaviour(dialect, Enforcement.ROLLING, Booking.ESTIMATE, RetryAfter.USUAL,
				headers, limitFactor, overload, quotaExhausted));
	}

	private ProviderSignal untilRefused(DialectName dialect) throws Exception {
		return read(dialect, untilRefusal(dialect));
	}

	private HttpResponse<String> untilRefusal(DialectName dialect) throws Exception {
		HttpResponse<String> response = send(dialect, "");
		for (int i = 0; i < 20 && response.statusCode() == 200; i++) {
			response = send(dialect, "");
		}
		return response;
	}

	private ProviderSignal call(DialectName dialect) throws Exception {
		return read(dialect, send(dialect, ""));
	}

	private static ProviderSignal read(DialectName dialect, HttpResponse<String> response) {
		String name = dialect.name().toLowerCase(Locale.ROOT).replace('_', '-');
		return ProviderDialects.named(name)
			.read(new ProviderResponse(response.statusCode(), HttpFields.of(response.headers().map()), response.body()),
					Instant.now());
	}

	private HttpResponse<String> send(DialectName dialect, String more) throws IOException, InterruptedException {
		String path = switch (dialect) {
			case OPENAI -> "/v1/chat/completions";
			case AZURE_OPENAI -> "/openai/deployments/m/chat/completions?api-version=2024-10-21";
			case ANTHROPIC -> "/v1/messages";
		};
		String body = "{\"model\":\"m\",\"max_tokens\":99,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]"
				+ more + "}";
		HttpRequest request = HttpRequest
			.newBuilder(URI.create("http://localhost:%d%s".formatted(this.provider.port(), path)))
			.header("Authorization", "Bearer key")
			.header("x-api-key", "key")
			.header("anthropic-version", "2023-06-01")
			.POST(BodyPublishers.ofString(body))
			.build();
		return this.http.send(request, BodyHandlers.ofString());
	}

}
