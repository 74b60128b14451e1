package io.github.llmratelimit.sample;

import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.sample.chat.ChatService;
import io.github.llmratelimit.sample.provider.SimulatedProvider;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the profiles start the sample with a provider of another dialect, and that
 * the limiter holds the limits that this provider enforces.
 */
@Timeout(120)
class ProfilesTests {

	@ParameterizedTest
	@CsvSource({ "azure, gpt-4o-azure, TOKENS, AZURE_OPENAI",
			"anthropic, claude-sonnet-4-6, OUTPUT_TOKENS, ANTHROPIC" })
	void startWhenProfileIsActiveSpeaksItsDialect(String profile, String model, Dimension dimension, String dialect) {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(SampleApplication.class).run(
				"--spring.profiles.active=" + profile, "--server.port=0", "--demo.provider.port=0",
				"--demo.provider.latency-scale=0")) {
			assertThat(context.getBean(ChatService.class).chat("Hello", 10).text()).isNotEmpty();
			SimulatedProvider provider = context.getBean(SimulatedProvider.class);
			assertThat(provider.behaviour().dialect()).hasToString(dialect);
			assertThat(provider.stats(model).refused()).isZero();
			assertThat(context.getBean(LlmRateLimiterRegistry.class).limiter(model).status().windows())
				.anySatisfy((window) -> assertThat(window.limit().dimension()).isEqualTo(dimension));
		}
	}

}
