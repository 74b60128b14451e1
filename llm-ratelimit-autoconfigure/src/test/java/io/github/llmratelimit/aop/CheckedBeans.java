package io.github.llmratelimit.aop;

import io.github.llmratelimit.LlmRateLimited;
import io.github.llmratelimit.autoconfigure.aop.LlmRateLimitAopAutoConfiguration;
import io.github.llmratelimit.tokens.TokenEstimator;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications for the tests of {@link LimitedBeanChecker}, and what is asserted of them.
 */
final class CheckedBeans {

	private CheckedBeans() {
	}

	/** Starts applications whose beans are checked. */
	static ApplicationContextRunner runner() {
		return new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(AopAutoConfiguration.class, LlmRateLimitAopAutoConfiguration.class))
			.withBean(FakeRegistry.class, () -> new FakeRegistry("gpt-4o"))
			.withBean(TokenEstimator.class, FakeTokens::estimator);
	}

	/** The same, where proxies have only the interfaces of their beans. */
	static ApplicationContextRunner withInterfaceProxies() {
		return runner().withPropertyValues("spring.aop.proxy-target-class=false");
	}

	/** The start was refused, with these words. */
	static ContextConsumer<AssertableApplicationContext> refused(String... parts) {
		return (context) -> {
			assertThat(context).hasFailed();
			assertThat(mistake(context.getStartupFailure())).hasMessageContainingAll(parts);
		};
	}

	/** What the check complained of. */
	static Throwable mistake(Throwable failure) {
		Throwable cause = failure;
		while (cause != null && !(cause instanceof InvalidLlmRateLimitedException)) {
			cause = cause.getCause();
		}
		assertThat(cause).as("%s", failure).isNotNull();
		return cause;
	}

	/** A call of the bean was limited. */
	static ContextConsumer<AssertableApplicationContext> limited(Class<? extends Api> type) {
		return (context) -> {
			assertThat(context.getBean(type).ask("hi")).isEqualTo("hi");
			assertThat(context.getBean(FakeRegistry.class).calls("gpt-4o")).isEqualTo(1);
		};
	}

	@FunctionalInterface
	interface Api {

		@LlmRateLimited("gpt-4o")
		String ask(String prompt);

	}

	static class Chat implements Api {

		@Override
		public String ask(String prompt) {
			return prompt;
		}

	}

	static class Wrong {

		@LlmRateLimited(model = "gpt-4o", tokens = "#promt")
		public String ask(String prompt) {
			return prompt;
		}

	}

}
