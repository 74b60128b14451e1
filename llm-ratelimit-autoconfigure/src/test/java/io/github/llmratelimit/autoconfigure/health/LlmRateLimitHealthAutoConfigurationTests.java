package io.github.llmratelimit.autoconfigure.health;

import java.time.Duration;
import java.util.List;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.engine.RateLimitListener;
import io.github.llmratelimit.engine.TestLimiters;
import io.github.llmratelimit.health.LlmRateLimitHealthIndicator;
import io.github.llmratelimit.health.UsedModels;
import io.github.llmratelimit.provider.SignalKind;
import io.github.llmratelimit.time.FakeTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link LlmRateLimitHealthAutoConfiguration}.
 */
class LlmRateLimitHealthAutoConfigurationTests {

	private final ApplicationContextRunner withoutLimiters = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(LlmRateLimitHealthAutoConfiguration.class,
				HealthContributorRegistryAutoConfiguration.class, HealthContributorAutoConfiguration.class));

	private final ApplicationContextRunner runner = this.withoutLimiters
		.withUserConfiguration(LimitersConfiguration.class);

	@Test
	void contributorWhenNothingIsConfiguredIsThereUnderItsName() {
		this.runner.run((context) -> assertThat(contributor(context).health().getDetails()).containsOnlyKeys("gpt-4o"));
	}

	@Test
	void statusWhenNothingIsConfiguredIsUpThoughNothingWorks() {
		this.runner.run((context) -> {
			exhaust(context);
			assertThat(contributor(context).health().getStatus()).isEqualTo(Status.UP);
		});
	}

	@Test
	void statusWhenToFailIsOutOfServiceOnceNothingWorks() {
		this.runner.withPropertyValues("llm.ratelimit.health.fail=true").run((context) -> {
			assertThat(contributor(context).health().getStatus()).isEqualTo(Status.UP);
			exhaust(context);
			assertThat(contributor(context).health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
		});
	}

	@Test
	void listenerWhenNotToFailIsNotThere() {
		this.runner.run((context) -> assertThat(context).doesNotHaveBean(RateLimitListener.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "management.health.llm-rate-limit.enabled", "management.health.llmRateLimit.enabled",
			"management.health.llmratelimit.enabled", "management.health.defaults.enabled" })
	void contributorWhenSwitchedOffIsNotThere(String property) {
		this.runner.withPropertyValues(property + "=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(LlmRateLimitHealthIndicator.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "llmRateLimitHealthIndicator", "llmRateLimitHealthContributor" })
	void contributorWhenUserHasOneIsTheirs(String name) {
		HealthIndicator own = mock();
		this.runner.withBean(name, HealthIndicator.class, () -> own)
			.run((context) -> assertThat(contributor(context)).isSameAs(own));
	}

	@Test
	void usedModelsWhenUserHasOneAreTheirs() {
		UsedModels own = new UsedModels();
		this.runner.withPropertyValues("llm.ratelimit.health.fail=true")
			.withBean("own", UsedModels.class, () -> own)
			.run((context) -> assertThat(context.getBean(UsedModels.class)).isSameAs(own));
	}

	@Test
	void contributorWhenThereAreNoLimitersIsNotThere() {
		this.withoutLimiters
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(LlmRateLimitHealthIndicator.class));
	}

	@Test
	void contextWhenHealthIsMissingStarts() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(LlmRateLimitHealthAutoConfiguration.class))
			.withUserConfiguration(LimitersConfiguration.class)
			.withClassLoader(
					new FilteredClassLoader("org.springframework.boot.health", "org.springframework.boot.actuate"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("llmRateLimitHealthIndicator"));
	}

	private static HealthIndicator contributor(AssertableApplicationContext context) {
		return (HealthIndicator) context.getBean(HealthContributorRegistry.class).getContributor("llmRateLimit");
	}

	private static void exhaust(AssertableApplicationContext context) {
		TestLimiters.answer(context.getBean(LlmRateLimiterRegistry.class).limiter("gpt-4o"),
				CallRequest.of(Cost.of(1, 1)), 429, SignalKind.QUOTA_EXHAUSTED, Duration.ZERO);
	}

	/** Stands for the main auto-configuration. */
	@Configuration(proxyBeanMethods = false)
	static class LimitersConfiguration {

		@Bean
		LlmRateLimiterRegistry limiters(ObjectProvider<RateLimitListener> listeners) {
			List<RateLimitListener> all = listeners.orderedStream().toList();
			return new TestLimiters(new FakeTime()).model("gpt-4o").build(all.toArray(RateLimitListener[]::new));
		}

	}

}
