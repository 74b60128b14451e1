package io.github.llmratelimit.sample;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

import io.github.llmratelimit.sample.provider.SimulatedProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the whole sample, over HTTP, with windows of two seconds.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "demo.provider.port=0", "demo.provider.window=2s", "demo.provider.latency-scale=0.02",
				"demo.provider.models.gpt-4o.rpm=5000", "demo.provider.models.gpt-4o.tpm=60000",
				"demo.load.think-time=20ms" })
@Timeout(60)
class SampleApplicationTests {

	private final HttpClient http = HttpClient.newHttpClient();

	@LocalServerPort
	private int port;

	@Autowired
	private SimulatedProvider provider;

	@Test
	void chatAnswersPlainTextAndTellsUsage() throws Exception {
		JsonNode answer = json(post("/chat", "application/x-www-form-urlencoded", "Why is the sky blue?"));
		assertThat(answer.path("text").asString()).isNotEmpty();
		assertThat(answer.path("model").asString()).isEqualTo("gpt-4o");
		assertThat(answer.path("promptTokens").asInt()).isEqualTo(13);
	}

	@Test
	void chatObeysMaximumOfJson() throws Exception {
		JsonNode answer = json(post("/chat", "application/json", "{\"prompt\": \"Hello\", \"maxTokens\": 1}"));
		assertThat(answer.path("completionTokens").asInt()).isOne();
	}

	@Test
	void chatWhenPromptIsEmptyIs400() throws Exception {
		HttpResponse<String> response = post("/chat", "text/plain", " ");
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(response.body()).contains("Invalid prompt: must be a text that isn't empty");
	}

	@Test
	void summariseSendsInstructionAndDocument() throws Exception {
		JsonNode answer = json(
				post("/summarise", "application/json", "{\"instruction\": \"Short!\", \"document\": \"Hello\"}"));
		assertThat(answer.path("promptTokens").asInt()).isBetween(12, 15);
	}

	@Test
	void batchAnswersEachLine() throws Exception {
		assertThat(json(post("/batch", "text/plain", "one\n\ntwo\n"))).hasSize(2);
	}

	@Test
	void startMakesOneCallToWarmUp() {
		assertThat(this.provider.stats("gpt-4o").admitted()).isPositive();
	}

	@Test
	void loadWhenUsersAreOutOfRangeIs400() throws Exception {
		HttpResponse<String> response = get("/demo/load?users=501");
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(response.body()).contains("Invalid users (501): must be between 1 and 500");
	}

	@Test
	void loadAsTextShowsProgressAndTable() throws Exception {
		HttpResponse<String> response = get("/demo/load?users=3&seconds=2&limiter=false", "*/*");
		assertThat(response.headers().firstValue("content-type")).hasValue("text/plain;charset=UTF-8");
		assertThat(response.body()).startsWith("3 users for 2 s on gpt-4o, without the limiter, no retries\n")
			.containsPattern("\n +\\d+ s +\\d+")
			.contains("\n429s, counted by the provider ");
	}

	private HttpResponse<String> post(String path, String type, String body) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(uri(path))
			.header("Content-Type", type)
			.POST(BodyPublishers.ofString(body))
			.build();
		return this.http.send(request, BodyHandlers.ofString());
	}

	private HttpResponse<String> get(String path) throws Exception {
		return get(path, "application/json");
	}

	private HttpResponse<String> get(String path, String accept) throws Exception {
		return this.http.send(HttpRequest.newBuilder(uri(path)).header("Accept", accept).build(),
				BodyHandlers.ofString());
	}

	private URI uri(String path) {
		return URI.create("http://localhost:" + this.port + path);
	}

	private static JsonNode json(HttpResponse<String> response) {
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return new JsonMapper().readTree(response.body());
	}

}
