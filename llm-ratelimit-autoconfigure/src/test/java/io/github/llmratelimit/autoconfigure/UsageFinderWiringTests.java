package io.github.llmratelimit.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.RateLimitListener;
import io.github.llmratelimit.usage.UsageExtractor;
import io.github.llmratelimit.usage.UsageFinder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for how {@link LlmRateLimitAutoConfiguration} wires the {@link UsageFinder}.
 */
class UsageFinderWiringTests {

	private static final Map<String, Object> CHAT = Map.of("usage",
			Map.of("prompt_tokens", 100, "completion_tokens", 20));

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(LlmRateLimitAutoConfiguration.class))
		.withPropertyValues("llm.ratelimit.models.m.provider=openai", "llm.ratelimit.models.m.tpm=1000",
				"llm.ratelimit.models.m.rpm=10");

	@Test
	void callWhenResultHasUsageTellsItToListeners() {
		Ended ended = new Ended();
		this.runner.withBean(RateLimitListener.class, () -> ended).run((context) -> {
			call(context.getBean(LlmRateLimiterRegistry.class));
			assertThat(ended.usages).containsExactly(Usage.of(100, 20));
		});
	}

	@Test
	void callWhenApplicationHasAnExtractorAsksItFirst() {
		Ended ended = new Ended();
		this.runner.withBean(RateLimitListener.class, () -> ended)
			.withBean(UsageExtractor.class, () -> (result) -> Usage.of(1, 2))
			.run((context) -> {
				call(context.getBean(LlmRateLimiterRegistry.class));
				assertThat(ended.usages).containsExactly(Usage.of(1, 2));
			});
	}

	@Test
	void finderWhenApplicationHasOneBacksOff() {
		UsageFinder own = new UsageFinder(List.of());
		this.runner.withBean(UsageFinder.class, () -> own)
			.run((context) -> assertThat(context).getBean(UsageFinder.class).isSameAs(own));
	}

	private static void call(LlmRateLimiterRegistry registry) throws Exception {
		registry.limiter("m").call(CallRequest.of(Cost.of(10, 10)), () -> CHAT);
	}

	private static final class Ended implements RateLimitListener {

		private final List<@Nullable Usage> usages = new ArrayList<>();

		@Override
		public void onEnd(LlmRateLimiter limiter, Cost cost, @Nullable String tenant, @Nullable Usage usage) {
			this.usages.add(usage);
		}

	}

}
