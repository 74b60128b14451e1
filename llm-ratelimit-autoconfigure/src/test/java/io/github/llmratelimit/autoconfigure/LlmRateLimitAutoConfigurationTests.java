package io.github.llmratelimit.autoconfigure;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.engine.CallRetry;
import io.github.llmratelimit.engine.settings.EngineSettings;
import io.github.llmratelimit.engine.LimiterRegistry;
import io.github.llmratelimit.time.AlarmClock;
import io.github.llmratelimit.time.FakeTime;
import io.github.llmratelimit.time.WallClock;
import io.github.llmratelimit.tokens.TokenEstimator;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.mock;

/**
 * Tests for {@link LlmRateLimitAutoConfiguration} among all other auto-configurations of
 * ours.
 */
class LlmRateLimitAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AopAutoConfiguration.class))
		.withConfiguration(AutoConfigurations.of(ours()))
		.withPropertyValues("llm.ratelimit.providers.openai.tier=build");

	private static Class<?>[] ours() {
		ClassLoader loader = LlmRateLimitAutoConfigurationTests.class.getClassLoader();
		return ImportCandidates.load(AutoConfiguration.class, loader)
			.getCandidates()
			.stream()
			.filter((name) -> name.startsWith("io.github.llmratelimit."))
			.map((name) -> ClassUtils.resolveClassName(name, loader))
			.toArray(Class<?>[]::new);
	}

	@Test
	void contextWhenTierIsStatedHasItsLimiters() {
		this.runner
			.run((context) -> assertThat(context.getBean(LlmRateLimiterRegistry.class).limiter("gpt-4o").limits())
				.extracting((limits) -> limits.limits().get(1).amount())
				.isEqualTo(450_000L));
	}

	@Test
	void contextWhenNothingIsConfiguredHasNoLimiter() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(ours()))
			.run((context) -> assertThat(context.getBean(LlmRateLimiterRegistry.class).limiters()).isEmpty());
	}

	@Test
	void contextWhenDisabledHasNoBeanOfOurs() {
		this.runner.withPropertyValues("llm.ratelimit.enabled=false")
			.run((context) -> assertThat(List.of(context.getBeanDefinitionNames()))
				.noneMatch((name) -> name.toLowerCase(Locale.ROOT).contains("llm")));
	}

	@Test
	void limiterWhenInjectedByQualifierIsTheModels() {
		this.runner.withUserConfiguration(Injected.class)
			.run((context) -> assertThat(context.getBean(Injected.class).limiter.model()).isEqualTo("gpt-4o-mini"));
	}

	@Test
	void limiterBeanWhenUserHasOneGivesWay() {
		this.runner.withBean("llmRateLimiter.gpt-4o", LlmRateLimiter.class, () -> mock(LlmRateLimiter.class, "own"))
			.run((context) -> assertThat(context.getBean("llmRateLimiter.gpt-4o")).hasToString("own"));
	}

	@Test
	void registryWhenUserHasOneGivesWay() {
		LlmRateLimiterRegistry own = registry();
		this.runner.withBean("own", LlmRateLimiterRegistry.class, () -> own)
			.run((context) -> assertThat(context.getBean(LlmRateLimiterRegistry.class)).isSameAs(own));
	}

	@Test
	void clockWhenUserHasOneIsUsed() {
		FakeTime time = new FakeTime();
		this.runner.withBean(AlarmClock.class, () -> time).run((context) -> {
			LlmRateLimiter limiter = context.getBean(LlmRateLimiterRegistry.class).limiter("gpt-4o");
			limiter.acquire(Cost.ofTotal(450_000)).close();
			time.advance(Duration.ofMinutes(2));
			assertThat(limiter.tryAcquire(Cost.ofTotal(450_000))).isPresent();
		});
	}

	@Test
	void estimatorWhenUserHasOneGivesWay() {
		TokenEstimator own = new TokenEstimator(List.of());
		this.runner.withBean(TokenEstimator.class, () -> own)
			.run((context) -> assertThat(context.getBean(TokenEstimator.class)).isSameAs(own));
	}

	@Test
	void contextWhenUserHasAClockStarts() {
		this.runner.withBean(Clock.class, Clock::systemUTC).run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void limiterWhenModeIsOffAdmitsEverything() {
		this.runner.withPropertyValues("llm.ratelimit.mode=off").run((context) -> {
			LlmRateLimiter limiter = context.getBean(LlmRateLimiterRegistry.class).limiter("gpt-4o");
			limiter.acquire(Cost.ofTotal(450_000)).close();
			assertThat(limiter.tryAcquire(Cost.ofTotal(450_000))).isPresent();
		});
	}

	@Test
	void limiterWhenModeIsObserveAdmitsEverything() {
		this.runner.withPropertyValues("llm.ratelimit.mode=observe").run((context) -> {
			LlmRateLimiter limiter = context.getBean(LlmRateLimiterRegistry.class).limiter("gpt-4o");
			limiter.acquire(Cost.ofTotal(450_000)).close();
			assertThat(limiter.tryAcquire(Cost.ofTotal(450_000))).isPresent();
		});
	}

	@Test
	void limitsWhenChangedAtRunTimeSayTheirOrigin() {
		this.runner.run((context) -> {
			LlmRateLimiter limiter = context.getBean(LlmRateLimiterRegistry.class).limiter("gpt-4o");
			limiter.changeLimit(Dimension.TOKENS, Duration.ofMinutes(1), 1_000);
			assertThat(limiter.limits().limits().get(1).origin()).isEqualTo(LimitOrigin.RUNTIME);
		});
	}

	@Test
	void contextWhenActuatorIsMissingStarts() {
		startsWithout("org.springframework.boot.health", "org.springframework.boot.actuate");
	}

	@Test
	void contextWhenMicrometerIsMissingStarts() {
		startsWithout("io.micrometer", "org.springframework.boot.micrometer");
	}

	@Test
	void contextWhenHttpClientsAreMissingStarts() {
		startsWithout("org.springframework.boot.restclient", "org.springframework.web", "org.springframework.http");
	}

	@Test
	void contextWhenAspectjIsMissingStarts() {
		startsWithout("org.aspectj");
	}

	private void startsWithout(String... packages) {
		this.runner.withClassLoader(new FilteredClassLoader(packages))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(LlmRateLimiterRegistry.class));
	}

	private static LimiterRegistry registry() {
		return new LimiterRegistry(List.of(), EngineSettings.DEFAULTS,
				new LimiterRegistry.Parts(new FakeTime(), WallClock.system(), CallRetry.NEVER, List.of(), List.of()));
	}

	static class Injected {

		private final LlmRateLimiter limiter;

		@Autowired
		Injected(@Qualifier("gpt-4o-mini") LlmRateLimiter limiter) {
			this.limiter = limiter;
		}

	}

}
