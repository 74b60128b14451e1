package io.github.llmratelimit.sample.provider;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link SimulatedProvider}, over HTTP.
 */
@Timeout(60)
class SimulatedProviderTests {

	private static final String BODY = """
			{"model": "gpt-4o", "max_tokens": 99, "messages": [{"role": "user", "content": "Hello"}]}
			""";

	private final ManualTicker ticker = new ManualTicker();

	private final HttpClient http = HttpClient.newHttpClient();

	private SimulatedProvider provider;

	@BeforeEach
	void start() {
		this.provider = new SimulatedProvider(properties(0, 0), Behaviours.HONEST, this.ticker);
		this.provider.start();
	}

	@AfterEach
	void stop() {
		this.provider.close();
	}

	@Test
	void callWhenBudgetIsSpentIsRefusedUntilTheWindowHasPassed() throws Exception {
		for (int i = 0; i < 10; i++) {
			assertThat(post(BODY).statusCode()).isEqualTo(200);
		}
		HttpResponse<String> refused = post(BODY);
		assertThat(refused.statusCode()).isEqualTo(429);
		assertThat(refused.headers().firstValue("retry-after-ms")).hasValue("60000");
		assertThat(refused.headers().firstValue("x-ratelimit-remaining-tokens")).hasValue("0");
		this.ticker.advance(Duration.ofSeconds(60));
		assertThat(post(BODY).statusCode()).isEqualTo(200);
	}

	@Test
	void statsCountsWhatHappened() throws Exception {
		for (int i = 0; i < 11; i++) {
			post(BODY);
		}
		post("{");
		ProviderStats stats = this.provider.stats();
		assertThat(stats.invalid()).isOne();
		assertThat(stats.models().get("gpt-4o"))
			.isEqualTo(new ProviderStats.ModelStats(500, 1_000, 11, 10, 0, 1, 0, 1_000, 1_000, 1_000, 10));
		assertThat(get("/stats").body()).contains("\"refusedByTokens\":1").contains("\"maxTokensInAnyWindow\":1000");
	}

	@Test
	void tokensAdmittedTellsThoseOfTheInterval() throws Exception {
		long start = this.ticker.nanos();
		post(BODY);
		this.ticker.advance(Duration.ofSeconds(1));
		long later = this.ticker.nanos();
		post(BODY);
		assertThat(this.provider.tokensAdmitted("gpt-4o", start, later)).isEqualTo(100);
		assertThat(this.provider.tokensAdmitted("gpt-4o", start, later + 1)).isEqualTo(200);
	}

	@Test
	void tokensAdmittedWhenModelIsUnknownNamesTheKnownOnes() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.provider.tokensAdmitted("nix", 0, 1))
			.withMessage("Invalid model (nix): must be one of [gpt-4o]");
	}

	@Test
	void callWhenModelIsUnknownIs404() throws Exception {
		HttpResponse<String> response = post(BODY.replace("gpt-4o", "nix"));
		assertThat(response.statusCode()).isEqualTo(404);
		assertThat(response.body()).contains("model_not_found");
	}

	@Test
	void callWhenBodyIsTooLargeIs413() throws Exception {
		assertThat(post("x".repeat(20 * 1024 * 1024)).statusCode()).isEqualTo(413);
	}

	@Test
	void callWhenThereIsNoKeyIs401AndCostsNothing() throws Exception {
		HttpRequest request = HttpRequest.newBuilder(uri("/v1/chat/completions"))
			.POST(BodyPublishers.ofString(BODY))
			.build();
		assertThat(this.http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(401);
		assertThat(this.provider.stats("gpt-4o").calls()).isZero();
	}

	@Test
	void pathWhenUnknownIs404() throws Exception {
		assertThat(get("/v2").statusCode()).isEqualTo(404);
	}

	@Test
	void modelsAreListed() throws Exception {
		assertThat(get("/v1/models").body()).contains("\"id\":\"gpt-4o\"");
	}

	@Test
	void hundredsOfSlowCallsAreOpenAtOnce() throws Exception {
		Queue<Runnable> answers = new ConcurrentLinkedQueue<>();
		CountDownLatch open = new CountDownLatch(300);
		Delays untilAllAreOpen = (nanos, answer) -> {
			answers.add(answer);
			open.countDown();
		};
		try (SimulatedProvider slow = new SimulatedProvider(properties(0, 0.5, 100_000), Behaviours.HONEST, this.ticker,
				untilAllAreOpen)) {
			slow.start();
			URI uri = URI.create("http://localhost:%d/v1/chat/completions".formatted(slow.port()));
			List<CompletableFuture<Integer>> calls = IntStream.range(0, 300)
				.mapToObj((i) -> this.http.sendAsync(request(uri, BODY), BodyHandlers.ofString())
					.thenApply(HttpResponse::statusCode))
				.toList();
			open.await();
			assertThat(slow.stats().inFlight()).isEqualTo(300);
			assertThat(calls).noneMatch(CompletableFuture::isDone);
			answers.forEach(Runnable::run);
			assertThat(calls).allSatisfy((call) -> assertThat(call.join()).isEqualTo(200));
			assertThat(slow.stats().inFlight()).isZero();
		}
	}

	@Test
	void constructorWhenPortIsTakenSaysWhich() {
		int port = this.provider.port();
		assertThatExceptionOfType(ProviderPortException.class)
			.isThrownBy(() -> new SimulatedProvider(properties(port, 0), Behaviours.HONEST, this.ticker))
			.withMessage("Port %d, for the built-in provider, is taken".formatted(port));
	}

	private HttpResponse<String> post(String body) throws IOException, InterruptedException {
		return this.http.send(request(uri("/v1/chat/completions"), body), BodyHandlers.ofString());
	}

	private HttpResponse<String> get(String path) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer key").build();
		return this.http.send(request, BodyHandlers.ofString());
	}

	private URI uri(String path) {
		return URI.create("http://localhost:%d%s".formatted(this.provider.port(), path));
	}

	private static HttpRequest request(URI uri, String body) {
		return HttpRequest.newBuilder(uri)
			.header("Authorization", "Bearer key")
			.POST(BodyPublishers.ofString(body))
			.build();
	}

	private static ProviderProperties properties(int port, double latencyScale) {
		return properties(port, latencyScale, 1_000);
	}

	private static ProviderProperties properties(int port, double latencyScale, long tpm) {
		return new ProviderProperties(true, port, null, "key", Duration.ofMinutes(1),
				Map.of("gpt-4o", new ProviderProperties.Limits(500, tpm, null, null)), latencyScale, 42);
	}

}
