package io.github.llmratelimit.autoconfigure.metrics;

import java.time.Duration;
import java.util.List;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties;
import io.github.llmratelimit.engine.RateLimitListener;
import io.github.llmratelimit.engine.TestLimiters;
import io.github.llmratelimit.metrics.LlmRateLimitMeterBinder;
import io.github.llmratelimit.metrics.LlmRateLimitMeterListener;
import io.github.llmratelimit.time.FakeTime;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MeterRegistryCustomizer;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link LlmRateLimitMetricsAutoConfiguration}.
 */
class LlmRateLimitMetricsAutoConfigurationTests {

	private final ApplicationContextRunner withoutLimiters = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(LlmRateLimitMetricsAutoConfiguration.class));

	private final ApplicationContextRunner withoutRegistry = this.withoutLimiters
		.withUserConfiguration(LimitersConfiguration.class);

	private final ApplicationContextRunner runner = this.withoutRegistry
		.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class,
				CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class));

	private final ApplicationContextRunner configured = this.runner
		.withUserConfiguration(PropertiesConfiguration.class);

	@Test
	void gaugesWhenNothingIsConfiguredAreBound() {
		this.runner.run((context) -> assertThat(context.getBean(MeterRegistry.class)
			.get("llm.ratelimit.limit")
			.tags("model", "gpt-4o", "dimension", "tokens")
			.gauge()
			.value()).isEqualTo(1000));
	}

	@Test
	void gaugesWhenAWindowIsFoundLaterAreBound() {
		this.runner.run((context) -> {
			TestLimiters.tell(context.getBean(LlmRateLimiterRegistry.class).limiter("gpt-4o"),
					CallRequest.of(Cost.of(1, 1)), 300, Duration.ofSeconds(10));
			assertThat(context.getBean(MeterRegistry.class)
				.get("llm.ratelimit.limit")
				.tags("model", "gpt-4o", "dimension", "tokens", "window", "10s")
				.gauge()
				.value()).isEqualTo(300);
		});
	}

	@Test
	void countersWhenNothingIsConfiguredCount() {
		this.runner.run((context) -> {
			call(context);
			assertThat(admitted(context.getBean(MeterRegistry.class))).isOne();
		});
	}

	@Test
	void countersWhenCalledBeforeTheContextIsReadyCount() {
		this.runner.withUserConfiguration(EarlyCallConfiguration.class)
			.run((context) -> assertThat(admitted(context.getBean(MeterRegistry.class))).isOne());
	}

	@Test
	void countersWhenThereAreSeveralRegistriesReachAll() {
		this.runner.withBean("one", SimpleMeterRegistry.class, SimpleMeterRegistry::new)
			.withBean("other", SimpleMeterRegistry.class, SimpleMeterRegistry::new)
			.run((context) -> {
				call(context);
				assertThat(admitted(context.getBean("one", MeterRegistry.class))).isOne();
				assertThat(admitted(context.getBean("other", MeterRegistry.class))).isOne();
			});
	}

	@Test
	void contextWhenMeterRegistryNeedsTheLimitersStarts() {
		this.runner.withUserConfiguration(CircularConfiguration.class).run((context) -> {
			call(context);
			assertThat(admitted(context.getBean(MeterRegistry.class))).isOne();
		});
	}

	@Test
	void contextWhenInitializedLazilyCounts() {
		this.runner.withInitializer((context) -> context.addBeanFactoryPostProcessor((beans) -> {
			for (String name : beans.getBeanDefinitionNames()) {
				beans.getBeanDefinition(name).setLazyInit(true);
			}
		})).run((context) -> {
			call(context);
			assertThat(admitted(context.getBean(MeterRegistry.class))).isOne();
		});
	}

	@Test
	void metersWhenSwitchedOffAreNotThere() {
		this.runner.withPropertyValues("management.metrics.enable.llm.ratelimit=false").run((context) -> {
			call(context);
			assertThat(context.getBean(MeterRegistry.class).getMeters())
				.noneMatch((meter) -> meter.getId().getName().startsWith("llm.ratelimit"));
		});
	}

	@Test
	void listenerWhenUserHasOneIsTheirs() {
		LlmRateLimitMeterListener own = new LlmRateLimitMeterListener(() -> null);
		this.runner.withBean("own", LlmRateLimitMeterListener.class, () -> own)
			.run((context) -> assertThat(context.getBean(LlmRateLimitMeterListener.class)).isSameAs(own));
	}

	@Test
	void countersWhenNothingIsConfiguredHaveNoTenant() {
		this.configured.run((context) -> {
			callFor(context, "acme");
			assertThat(context.getBean(MeterRegistry.class).find("llm.ratelimit.acquire").tagKeys("tenant").timer())
				.isNull();
		});
	}

	@Test
	void countersWhenTaggedByTenantHaveAsManyAsAllowed() {
		this.configured
			.withPropertyValues("llm.ratelimit.metrics.tenant-tag=true", "llm.ratelimit.metrics.max-tenants=1")
			.run((context) -> {
				callFor(context, "acme");
				callFor(context, "zoo");
				assertThat(context.getBean(MeterRegistry.class)
					.get("llm.ratelimit.acquire")
					.timers()
					.stream()
					.map((timer) -> timer.getId().getTag("tenant"))).containsExactlyInAnyOrder("acme", "other");
			});
	}

	@Test
	void binderWhenUserHasOneIsTheirs() {
		LlmRateLimiterRegistry limiters = mock();
		LlmRateLimitMeterBinder own = new LlmRateLimitMeterBinder(() -> limiters);
		this.runner.withBean("own", LlmRateLimitMeterBinder.class, () -> own)
			.run((context) -> assertThat(context.getBean(LlmRateLimitMeterBinder.class)).isSameAs(own));
	}

	@Test
	void beansWhenThereAreNoLimitersAreNotThere() {
		this.withoutLimiters.run((context) -> assertThat(context).hasNotFailed()
			.doesNotHaveBean(LlmRateLimitMeterBinder.class)
			.doesNotHaveBean(LlmRateLimitMeterListener.class));
	}

	@Test
	void callWhenThereIsNoMeterRegistryWorks() {
		this.withoutRegistry.run((context) -> {
			assertThat(context).hasNotFailed();
			call(context);
		});
	}

	@Test
	void contextWhenMicrometerIsMissingStarts() {
		this.withoutRegistry
			.withClassLoader(new FilteredClassLoader("io.micrometer", "org.springframework.boot.micrometer"))
			.run((context) -> {
				assertThat(context).hasNotFailed()
					.doesNotHaveBean("llmRateLimitMeterBinder")
					.doesNotHaveBean("llmRateLimitMeterListener");
				call(context);
			});
	}

	@Test
	void contextWhenBootsMetricsModuleIsMissingCountsInTheUsersRegistry() {
		this.withoutRegistry.withClassLoader(new FilteredClassLoader("org.springframework.boot.micrometer"))
			.withBean(SimpleMeterRegistry.class, SimpleMeterRegistry::new)
			.run((context) -> {
				call(context);
				assertThat(admitted(context.getBean(MeterRegistry.class))).isOne();
			});
	}

	private static void call(AssertableApplicationContext context) throws InterruptedException {
		context.getBean(LlmRateLimiterRegistry.class).limiter("gpt-4o").acquire(Cost.of(1, 1)).close();
	}

	private static void callFor(AssertableApplicationContext context, String tenant) throws InterruptedException {
		context.getBean(LlmRateLimiterRegistry.class)
			.limiter("gpt-4o")
			.acquire(CallRequest.of(Cost.of(1, 1)).withTenant(tenant))
			.close();
	}

	private static long admitted(MeterRegistry registry) {
		return registry.get("llm.ratelimit.acquire").tags("model", "gpt-4o", "outcome", "admitted").timer().count();
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

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(LlmRateLimitProperties.class)
	static class PropertiesConfiguration {

	}

	@Configuration(proxyBeanMethods = false)
	static class EarlyCallConfiguration {

		@Bean
		InitializingBean warmUp(LlmRateLimiterRegistry limiters) {
			return () -> limiters.limiter("gpt-4o").acquire(Cost.of(1, 1)).close();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class CircularConfiguration {

		@Bean
		MeterRegistryCustomizer<MeterRegistry> modelsAsCommonTag(LlmRateLimiterRegistry limiters) {
			return (registry) -> registry.config().commonTags("models", Integer.toString(limiters.limiters().size()));
		}

	}

}
