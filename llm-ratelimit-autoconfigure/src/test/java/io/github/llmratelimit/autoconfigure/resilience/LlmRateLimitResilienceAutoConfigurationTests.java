package io.github.llmratelimit.autoconfigure.resilience;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.ModelLimits;
import io.github.llmratelimit.engine.CallRetry;
import io.github.llmratelimit.engine.settings.EngineSettings;
import io.github.llmratelimit.engine.FailureReader;
import io.github.llmratelimit.engine.LimitedCall;
import io.github.llmratelimit.engine.LimiterDefinition;
import io.github.llmratelimit.engine.LimiterMode;
import io.github.llmratelimit.engine.LimiterRegistry;
import io.github.llmratelimit.engine.LimiterRegistry.Parts;
import io.github.llmratelimit.engine.RateLimitListener;
import io.github.llmratelimit.provider.ProviderException;
import io.github.llmratelimit.provider.SignalKind;
import io.github.llmratelimit.provider.WrittenDialect;
import io.github.llmratelimit.resilience.RateLimiterViews;
import io.github.llmratelimit.resilience.ResilienceRetry;
import io.github.llmratelimit.time.FakeTime;
import io.github.resilience4j.core.functions.Either;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterRegistry;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.retry.RetryRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for {@link LlmRateLimitResilienceAutoConfiguration}.
 */
class LlmRateLimitResilienceAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(LlmRateLimitResilienceAutoConfiguration.class))
		.withUserConfiguration(LimiterConfiguration.class);

	@Test
	void startWhenNothingIsConfiguredFillsRegistries() {
		this.contextRunner.run((context) -> {
			assertThat(context.getBean(RetryRegistry.class).find("gpt-4o")).isPresent();
			assertThat(context.getBean(RateLimiterRegistry.class).find("gpt-4o.tokens")).isPresent();
			assertThat(context.getBean(RateLimiterRegistry.class).find("gpt-4o.requests")).isPresent();
		});
	}

	@Test
	void startWhenABeanAsksForTheRetryEarlyGetsOurs() {
		this.contextRunner.withUserConfiguration(EarlyConfiguration.class)
			.run((context) -> assertThat(interval(context.getBean(Retry.class), Duration.ofSeconds(2))).isBetween(2000L,
					2500L));
	}

	@Test
	void retryWhenUsedAloneReadsTheFailure() {
		this.contextRunner.run((context) -> {
			Retry retry = context.getBean(RetryRegistry.class).retry("gpt-4o");
			assertThat(interval(retry, Duration.ofSeconds(2))).isBetween(2000L, 2500L);
			assertThat(retry.getRetryConfig().getExceptionPredicate()).accepts(failure(SignalKind.SERVER_ERROR))
				.rejects(failure(SignalKind.QUOTA_EXHAUSTED), new IllegalStateException());
		});
	}

	@Test
	void retryWhenPropertiesAreSetFollowsThem() {
		this.contextRunner
			.withPropertyValues("llm.ratelimit.retry.max-attempts=3", "llm.ratelimit.retry.jitter=0",
					"llm.ratelimit.retry.server-error-base-delay=200ms", "llm.ratelimit.retry.max-delay=300ms")
			.run((context) -> {
				RetryConfig config = context.getBean(RetryRegistry.class).retry("gpt-4o").getRetryConfig();
				assertThat(config.getMaxAttempts()).isEqualTo(3);
				Either<Throwable, Object> failed = Either.left(failure(SignalKind.SERVER_ERROR));
				assertThat(config.getIntervalBiFunction().apply(1, failed)).isEqualTo(200);
				assertThat(config.getIntervalBiFunction().apply(2, failed)).isEqualTo(300);
			});
	}

	@Test
	void viewWhenMaxWaitIsSetWaitsSoLong() {
		this.contextRunner.withPropertyValues("llm.ratelimit.queue.max-wait=7s")
			.run((context) -> assertThat(context.getBean(RateLimiterRegistry.class)
				.rateLimiter("gpt-4o.tokens")
				.getRateLimiterConfig()
				.getTimeoutDuration()).isEqualTo(Duration.ofSeconds(7)));
	}

	@Test
	void viewWhenACallIsMadeShowsIt() {
		this.contextRunner.run((context) -> {
			RateLimiter view = context.getBean(RateLimiterRegistry.class).rateLimiter("gpt-4o.tokens");
			int[] permits = new int[1];
			view.getEventPublisher().onSuccess((event) -> permits[0] = event.getNumberOfPermits());
			call(context.getBean(LlmRateLimiterRegistry.class), () -> "answer");
			assertThat(view.getMetrics().getAvailablePermissions()).isEqualTo(900);
			assertThat(permits[0]).isEqualTo(100);
		});
	}

	@Test
	void callWhenMadeIsCountedByTheRetry() {
		this.contextRunner.run((context) -> {
			call(context.getBean(LlmRateLimiterRegistry.class), () -> "answer");
			Retry.Metrics metrics = context.getBean(RetryRegistry.class).retry("gpt-4o").getMetrics();
			assertThat(metrics.getNumberOfSuccessfulCallsWithoutRetryAttempt()).isOne();
		});
	}

	@Test
	void startWhenThereAreRegistriesUsesThose() {
		this.contextRunner.withUserConfiguration(RegistryConfiguration.class).run((context) -> {
			assertThat(context).hasSingleBean(RetryRegistry.class).hasSingleBean(RateLimiterRegistry.class);
			assertThat(context).hasBean("retryRegistry").hasBean("rateLimiterRegistry");
			RetryRegistry registry = context.getBean(RetryRegistry.class);
			assertThat(interval(registry.retry("gpt-4o"), Duration.ofSeconds(2))).isBetween(2000L, 2500L);
			assertThat(context.getBean(RateLimiterRegistry.class).find("gpt-4o.tokens")).isPresent();
		});
	}

	@Test
	void startWhenThereIsARetryOfThatNameUsesThat() {
		this.contextRunner.withBean(RetryRegistry.class, () -> {
			RetryRegistry registry = RetryRegistry.ofDefaults();
			registry.retry("gpt-4o", RetryConfig.custom().maxAttempts(1).build());
			return registry;
		}).run((context) -> {
			IllegalStateException failure = new IllegalStateException();
			assertThat(catchThrowable(() -> call(context.getBean(LlmRateLimiterRegistry.class), () -> {
				throw failure;
			}))).isSameAs(failure);
			Retry retry = context.getBean(RetryRegistry.class).retry("gpt-4o");
			assertThat(retry.getMetrics().getNumberOfFailedCallsWithRetryAttempt()).isOne();
		});
	}

	@Test
	void startWhenThereIsACallRetryUsesThat() {
		this.contextRunner.withBean(CallRetry.class, () -> new CallRetry() {
			@Override
			public <T> T run(LimitedCall call, Callable<T> attempt) throws Exception {
				return attempt.call();
			}
		}).run((context) -> {
			assertThat(context).doesNotHaveBean(ResilienceRetry.class);
			assertThat(context.getBean(RetryRegistry.class).find("gpt-4o")).isEmpty();
			assertThat(context.getBean(RateLimiterRegistry.class).find("gpt-4o.tokens")).isPresent();
		});
	}

	@Test
	void startWhenLazyFillsRegistries() {
		this.contextRunner.withUserConfiguration(RegistryConfiguration.class)
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> assertThat(context.getBean(RateLimiterRegistry.class).find("gpt-4o.tokens")).isPresent());
	}

	@Test
	void startWhenThereAreNoLimitersStarts() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(LlmRateLimitResilienceAutoConfiguration.class))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(RetryRegistry.class).getAllRetries()).isEmpty();
			});
	}

	@Test
	void startWhenDisabledHasNoBeans() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(LlmRateLimitResilienceAutoConfiguration.class))
			.withPropertyValues("llm.ratelimit.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(RetryRegistry.class)
				.doesNotHaveBean(CallRetry.class)
				.doesNotHaveBean(RateLimiterViews.class));
	}

	@Test
	void startWhenResilience4jIsMissingHasNoBeans() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(LlmRateLimitResilienceAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("io.github.resilience4j"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(CallRetry.class));
	}

	private static String call(LlmRateLimiterRegistry registry, Callable<String> body) throws Exception {
		return registry.limiter("gpt-4o").call(CallRequest.of(Cost.ofTotal(100)), body);
	}

	private static ProviderException failure(SignalKind kind) {
		return new ProviderException(WrittenDialect.response(kind));
	}

	private static long interval(Retry retry, Duration hint) {
		ProviderException failure = new ProviderException(WrittenDialect.response(SignalKind.RATE_LIMIT_TOKENS, hint));
		return retry.getRetryConfig().getIntervalBiFunction().apply(1, Either.left(failure));
	}

	@Configuration(proxyBeanMethods = false)
	static class LimiterConfiguration {

		@Bean
		LlmRateLimiterRegistry limiters(CallRetry retry, ObjectProvider<RateLimitListener> listeners) {
			ModelLimits limits = new ModelLimits("gpt-4o", "gpt-4o", new BudgetKey("openai", "gpt-4o"),
					List.of(Limit.perMinute(Dimension.TOKENS, 1000), Limit.perMinute(Dimension.REQUESTS, 10)),
					Booking.ESTIMATE, 512);
			List<FailureReader> readers = List.of(ProviderException::read);
			return new LimiterRegistry(
					List.of(new LimiterDefinition(limits, Set.of(), new WrittenDialect(), Set.of(),
							LimiterMode.ENFORCE)),
					EngineSettings.DEFAULTS, new Parts(new FakeTime(), InstantSource.system(), retry, readers,
							(result) -> null, listeners.orderedStream().toList()));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class RegistryConfiguration {

		@Bean
		RetryRegistry retryRegistry() {
			return RetryRegistry.ofDefaults();
		}

		@Bean
		RateLimiterRegistry rateLimiterRegistry() {
			return RateLimiterRegistry.ofDefaults();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class EarlyConfiguration {

		@Bean
		Retry early(RetryRegistry registry) {
			return registry.retry("gpt-4o");
		}

	}

}
