package io.github.llmratelimit.sample;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

import io.github.llmratelimit.sample.provider.ProviderStats.ModelStats;
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
 * Tests for the load with the limiter, with windows of four seconds. The guard is wide,
 * since a busy build machine delays calls by more than a quiet network does. Nothing is
 * learned: OpenAI's headers speak of a minute, which these four seconds are not.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = { "demo.provider.port=0",
		"demo.provider.window=4s", "demo.provider.latency-scale=0.02", "demo.provider.models.gpt-4o.rpm=5000",
		"demo.provider.models.gpt-4o.tpm=60000", "demo.load.think-time=20ms", "llm.ratelimit.queue.guard=1s",
		"llm.ratelimit.models.gpt-4o.limits[0].dimension=tokens", "llm.ratelimit.models.gpt-4o.limits[0].amount=60000",
		"llm.ratelimit.models.gpt-4o.limits[0].per=4s", "llm.ratelimit.learning.limits=false",
		"llm.ratelimit.learning.remaining=false", "llm.ratelimit.learning.credit=false" })
@Timeout(60)
class LimitedLoadTests {

	@LocalServerPort
	private int port;

	@Autowired
	private SimulatedProvider provider;

	@Test
	void loadWithLimiterIsNeverRefused() throws Exception {
		ModelStats before = this.provider.stats("gpt-4o");
		HttpRequest request = HttpRequest
			.newBuilder(URI.create("http://localhost:%d/demo/load?users=12&seconds=12".formatted(this.port)))
			.header("Accept", "application/json")
			.build();
		String body = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
		JsonNode report = new JsonMapper().readTree(body);
		assertThat(this.provider.stats("gpt-4o").refused()).as(body).isEqualTo(before.refused());
		assertThat(report.path("givenUp")).isEmpty();
		assertThat(report.at("/waitSeconds/max").asDouble()).as("some calls waited").isPositive();
		assertThat(report.at("/goodput/percent").asDouble()).isGreaterThan(50);
	}

}
