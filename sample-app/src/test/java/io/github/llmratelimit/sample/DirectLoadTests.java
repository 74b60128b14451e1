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
 * Tests for the load without the limiter. The window outlasts the test, so the provider
 * admits as many calls as its limit however fast the machine makes them.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "demo.provider.port=0", "demo.provider.window=1h", "demo.provider.latency-scale=0.02",
				"demo.provider.models.gpt-4o.rpm=5", "demo.load.think-time=20ms" })
@Timeout(60)
class DirectLoadTests {

	private static final int LIMIT = 5;

	@LocalServerPort
	private int port;

	@Autowired
	private SimulatedProvider provider;

	@Test
	void loadWithoutLimiterIsRefusedBeyondTheLimitAndCountsAsTheProviderDoes() throws Exception {
		ModelStats before = this.provider.stats("gpt-4o");
		HttpRequest request = HttpRequest
			.newBuilder(
					URI.create("http://localhost:%d/demo/load?users=12&seconds=5&limiter=false".formatted(this.port)))
			.header("Accept", "application/json")
			.build();
		String body = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
		JsonNode report = new JsonMapper().readTree(body);
		ModelStats after = this.provider.stats("gpt-4o");
		long calls = after.calls() - before.calls();
		long admitted = after.admitted() - before.admitted();
		long refused = after.refused() - before.refused();
		long cutOff = report.at("/cutOff").asLong();
		assertThat(after.admitted()).as(body).isEqualTo(LIMIT);
		assertThat(refused).isPositive().isEqualTo(calls - admitted);
		assertThat(report.at("/succeeded").asLong()).isEqualTo(admitted);
		assertThat(report.at("/refused/total").asLong()).isEqualTo(refused);
		assertThat(report.at("/refused/byRequests").asLong()).isEqualTo(refused);
		assertThat(report.at("/givenUp/HTTP 429").asLong()).isBetween(refused - cutOff, refused);
		assertThat(calls).isBetween(report.at("/calls").asLong() - cutOff, report.at("/calls").asLong());
		assertThat(report.at("/maxTokensInAnyWindow").asLong()).isEqualTo(after.maxTokensInAnyWindow());
	}

}
