package io.github.llmratelimit.autoconfigure.web;

import java.util.Map;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.autoconfigure.LlmRateLimitAutoConfiguration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a model without stated limits takes over those in a provider's answers.
 */
class LearnedLimitsTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(LlmRateLimitAutoConfiguration.class,
				LlmRateLimitWebAutoConfiguration.class, RestClientAutoConfiguration.class))
		.withPropertyValues("llm.ratelimit.providers.openai.hosts=127.0.0.1", "llm.ratelimit.models.m.provider=openai",
				"llm.ratelimit.models.m.learn=true");

	@AutoClose
	private final ScriptedServer server = new ScriptedServer();

	@Test
	void limitWhenAnswerTellsMoreIsRaised() {
		assertLearned(Map.of("x-ratelimit-limit-requests", "500", "x-ratelimit-remaining-requests", "499",
				"x-ratelimit-reset-requests", "120ms"), Dimension.REQUESTS, 500);
	}

	@Test
	void limitWhenAnswerTellsLessIsLowered() {
		assertLearned(Map.of("x-ratelimit-limit-tokens", "6000", "x-ratelimit-remaining-tokens", "5900",
				"x-ratelimit-reset-tokens", "1s"), Dimension.TOKENS, 6_000);
	}

	private void assertLearned(Map<String, String> headers, Dimension dimension, long amount) {
		this.server.answers(200, "{}", headers);
		this.contextRunner.run((context) -> {
			LlmRateLimiter limiter = context.getBean(LlmRateLimiter.class);
			RestClient client = context.getBean(RestClient.Builder.class).build();
			limiter.call(CallRequest.of(Cost.of(10, 90)),
					() -> client.post().uri(this.server.uri()).body("{}").retrieve().body(String.class));
			Limit limit = limiter.limits()
				.limits()
				.stream()
				.filter((each) -> each.dimension() == dimension)
				.findFirst()
				.orElseThrow();
			assertThat(limit.amount()).isEqualTo(amount);
			assertThat(limit.origin()).isEqualTo(LimitOrigin.LEARNED);
		});
	}

}
