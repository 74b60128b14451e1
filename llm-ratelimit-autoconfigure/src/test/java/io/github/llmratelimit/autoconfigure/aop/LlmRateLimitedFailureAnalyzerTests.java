package io.github.llmratelimit.autoconfigure.aop;

import io.github.llmratelimit.LlmRateLimited;
import io.github.llmratelimit.aop.FakeRegistry;
import io.github.llmratelimit.aop.FakeTokens;
import io.github.llmratelimit.tokens.TokenEstimator;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LlmRateLimitedFailureAnalyzer}.
 */
class LlmRateLimitedFailureAnalyzerTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AopAutoConfiguration.class, LlmRateLimitAopAutoConfiguration.class))
		.withBean(FakeRegistry.class, () -> new FakeRegistry("gpt-4o"))
		.withBean(TokenEstimator.class, FakeTokens::estimator);

	@Test
	void analyzeWhenAnAttributeIsWrongSaysWhereAndWhatToDo() {
		this.runner.withBean(Chat.class).run((context) -> {
			FailureAnalysis analysis = new LlmRateLimitedFailureAnalyzer().analyze(context.getStartupFailure());
			assertThat(analysis.getDescription())
				.isEqualTo("Invalid maxWait (soon) in @LlmRateLimited on " + Chat.class.getName()
						+ ".ask(String): must be a duration with its unit, such as 30s, 500ms, 2m " + "or PT30S.");
			assertThat(analysis.getAction()).startsWith("Write a literal, a ${property}, or an expression");
		});
	}

	static class Chat {

		@LlmRateLimited(model = "gpt-4o", maxWait = "soon")
		public String ask(String prompt) {
			return prompt;
		}

	}

}
