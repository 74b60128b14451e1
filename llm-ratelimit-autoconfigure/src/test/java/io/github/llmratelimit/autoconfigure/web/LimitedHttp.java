package io.github.llmratelimit.autoconfigure.web;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.ModelLimits;
import io.github.llmratelimit.autoconfigure.resilience.LlmRateLimitResilienceAutoConfiguration;
import io.github.llmratelimit.engine.CallRetry;
import io.github.llmratelimit.engine.settings.EngineSettings;
import io.github.llmratelimit.engine.FailureReader;
import io.github.llmratelimit.engine.LimiterDefinition;
import io.github.llmratelimit.engine.LimiterMode;
import io.github.llmratelimit.engine.LimiterRegistry;
import io.github.llmratelimit.engine.LimiterRegistry.Parts;
import io.github.llmratelimit.engine.RateLimitListener;
import io.github.llmratelimit.provider.ProviderDialects;
import io.github.llmratelimit.time.SelfMovingTime;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * An application that makes limited calls of {@code gpt-4o} over HTTP, with a real
 * server, the retry, and OpenAI's dialect. Only time is fake.
 */
final class LimitedHttp implements AutoCloseable {

	static final String REFUSED = """
			{"error":{"message":"Rate limit reached for gpt-4o on tokens per min (TPM): Limit 30000, Used 29000, \
			Requested 2000.","type":"tokens","param":null,"code":"rate_limit_exceeded"}}""";

	static final CallRequest REQUEST = CallRequest.of(Cost.ofTotal(100));

	final ScriptedServer server = new ScriptedServer();

	/** When each attempt ran. */
	final List<Duration> attempts = new ArrayList<>();

	private final SelfMovingTime time = new SelfMovingTime();

	private final ApplicationContextRunner runner;

	/**
	 * Creates the application.
	 * @param clients the auto-configurations of the clients that it uses
	 */
	LimitedHttp(Class<?>... clients) {
		this.runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(LlmRateLimitWebAutoConfiguration.class,
					LlmRateLimitResilienceAutoConfiguration.class))
			.withConfiguration(AutoConfigurations.of(clients))
			.withBean(SelfMovingTime.class, () -> this.time)
			.withUserConfiguration(LimiterConfiguration.class)
			.withPropertyValues("llm.ratelimit.retry.jitter=0");
	}

	/** The server refuses once, for two seconds, and then answers. */
	void refuseOnce() {
		this.server.answers(429, REFUSED, Map.of("Retry-After", "2")).answers(200, "answer", Map.of());
	}

	void run(ContextConsumer<AssertableApplicationContext> consumer) {
		this.runner.run(consumer);
	}

	<T> T call(AssertableApplicationContext context, Callable<T> body) throws Exception {
		return limiter(context).call(REQUEST, () -> {
			this.attempts.add(this.time.passed());
			return body.call();
		});
	}

	static LlmRateLimiter limiter(AssertableApplicationContext context) {
		return context.getBean(LlmRateLimiterRegistry.class).limiter("gpt-4o");
	}

	@Override
	public void close() {
		this.server.close();
	}

	@Configuration(proxyBeanMethods = false)
	static class LimiterConfiguration {

		@Bean
		LlmRateLimiterRegistry limiters(SelfMovingTime time, CallRetry retry, ObjectProvider<FailureReader> readers,
				ObjectProvider<RateLimitListener> listeners) {
			ModelLimits limits = new ModelLimits("gpt-4o", "gpt-4o", new BudgetKey("openai", "gpt-4o"),
					List.of(Limit.perMinute(Dimension.TOKENS, 1000)), Booking.ESTIMATE, 512);
			LimiterDefinition definition = new LimiterDefinition(limits, Set.of(), ProviderDialects.named("openai"),
					Set.of("127.0.0.1"), LimiterMode.ENFORCE);
			return new LimiterRegistry(List.of(definition), EngineSettings.DEFAULTS, new Parts(time, time.time(), retry,
					readers.orderedStream().toList(), listeners.orderedStream().toList()));
		}

	}

}
