package io.github.llmratelimit.sample.page;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ProviderController}, with a provider that was told on the command line
 * how to behave.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "demo.provider.port=0", "demo.provider.latency-scale=0", "demo.provider.enforcement=bucket",
				"demo.provider.booking=settled", "demo.provider.headers=missing" })
@Timeout(60)
class ProviderControllerTests {

	private final HttpClient http = HttpClient.newHttpClient();

	@LocalServerPort
	private int port;

	@Test
	void stateWhenPropertiesAreSetTellsThem() throws Exception {
		JsonNode state = new JsonMapper().readTree(send("/demo/provider", null).body());
		assertThat(state.at("/behaviour/enforcement").asString()).isEqualTo("BUCKET");
		assertThat(state.at("/booking").asString()).isEqualTo("SETTLED");
		assertThat(state.at("/behaviour/headers").asString()).isEqualTo("MISSING");
		assertThat(state.at("/stats/models/gpt-4o/admitted").asInt()).isPositive();
		assertThat(state.at("/limiter/queued").size()).isEqualTo(3);
	}

	@ParameterizedTest
	@CsvSource({ "OPENAI", "AZURE_OPENAI", "ANTHROPIC" })
	void changeWhenDialectIsChosenIsFollowedByTheService(String dialect) throws Exception {
		send("/demo/provider", "{\"dialect\": \"%s\", \"booking\": \"SETTLED\"}".formatted(dialect));
		HttpResponse<String> answer = send("/chat", "{\"prompt\": \"Why is the sky blue?\", \"maxTokens\": 20}");
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
		JsonNode body = new JsonMapper().readTree(answer.body());
		assertThat(body.path("text").asString()).isNotEmpty();
		assertThat(body.path("promptTokens").asInt()).isEqualTo(13);
	}

	@Test
	void changeWhenValueIsOutOfRangeIs400AndChangesNothing() throws Exception {
		HttpResponse<String> answer = send("/demo/provider", "{\"overload\": 2}");
		assertThat(answer.statusCode()).isEqualTo(400);
		assertThat(answer.body()).contains("Invalid overload (2.0): must be between 0 and 1.");
		assertThat(new JsonMapper().readTree(send("/demo/provider", null).body()).at("/behaviour/overload").asDouble())
			.isZero();
	}

	@Test
	void pageIsServed() throws Exception {
		assertThat(send("/", null).body()).contains("llm-ratelimit sample");
	}

	private HttpResponse<String> send(String path, String body) throws Exception {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + path));
		if (body != null) {
			request.header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
		}
		return this.http.send(request.build(), BodyHandlers.ofString());
	}

}
