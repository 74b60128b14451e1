package io.github.llmratelimit.autoconfigure.reactive;

import java.util.concurrent.CompletableFuture;

import io.github.llmratelimit.LlmRateLimited;
import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.aop.FakeTokens;
import io.github.llmratelimit.autoconfigure.aop.LlmRateLimitAopAutoConfiguration;
import io.github.llmratelimit.engine.TestLimiters;
import io.github.llmratelimit.reactive.ReactiveReturnTypeAdapter;
import io.github.llmratelimit.time.FakeTime;
import io.github.llmratelimit.tokens.TokenEstimator;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests for {@link LlmRateLimitReactiveAutoConfiguration}. */
class LlmRateLimitReactiveAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AopAutoConfiguration.class, LlmRateLimitAopAutoConfiguration.class,
				LlmRateLimitReactiveAutoConfiguration.class))
		.withBean(TokenEstimator.class, FakeTokens::estimator)
		.withBean(LlmRateLimiterRegistry.class, () -> new TestLimiters(new FakeTime()).model("gpt-4o").build());

	@Test
	void monoOfABeanIsLimited() {
		this.runner.withBean(Chat.class).run((context) -> {
			StepVerifier.create(context.getBean(Chat.class).ask("hi")).expectNext("hi").verifyComplete();
			assertThat(inFlightAndTaken(context.getBean(LlmRateLimiterRegistry.class))).isEqualTo(1);
		});
	}

	@Test
	void fluxOfABeanIsLimited() {
		this.runner.withBean(Chat.class).run((context) -> {
			StepVerifier.create(context.getBean(Chat.class).stream("hi")).expectNext("h", "i").verifyComplete();
			assertThat(inFlightAndTaken(context.getBean(LlmRateLimiterRegistry.class))).isEqualTo(1);
		});
	}

	@Test
	void futuresAreLimitedWithoutReactor() {
		this.runner.withClassLoader(new FilteredClassLoader("reactor", "org.reactivestreams"))
			.withBean(Later.class)
			.run((context) -> {
				assertThat(context).doesNotHaveBean("llmReactiveReturnTypeAdapter");
				assertThat(context.getBean(Later.class).ask("hi")).isCompletedWithValue("hi");
				assertThat(inFlightAndTaken(context.getBean(LlmRateLimiterRegistry.class))).isEqualTo(1);
			});
	}

	@Test
	void adapterWhenSwitchedOffIsMissing() {
		this.runner.withPropertyValues("llm.ratelimit.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(ReactiveReturnTypeAdapter.class));
	}

	private static long inFlightAndTaken(LlmRateLimiterRegistry registry) {
		return 10 - registry.limiter("gpt-4o").status().windows().get(0).remaining();
	}

	static class Chat {

		@LlmRateLimited(model = "gpt-4o", tokens = "100")
		public Mono<String> ask(String prompt) {
			return Mono.just(prompt);
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "100")
		public Flux<String> stream(String prompt) {
			return Flux.fromArray(prompt.split(""));
		}

	}

	public static class Later {

		@LlmRateLimited(model = "gpt-4o", tokens = "100")
		public CompletableFuture<String> ask(String prompt) {
			return CompletableFuture.completedFuture(prompt);
		}

	}

}
