package io.github.llmratelimit.aop;

import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LlmRateLimited;
import io.github.llmratelimit.aop.FakeTokens.Message;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CallCost} where the limit is small.
 */
class SmallLimitCostTests extends CostFixture {

	private final Service service = this.beans.proxy(new Service());

	@Test
	void defaultOutputWhenAboveTheLimitIsCut() {
		limit(Limit.perMinute(Dimension.TOKENS, 100));
		this.service.named("four", "");
		assertThat(cost()).isEqualTo(Cost.of(4, 96));
	}

	@Test
	void defaultOutputWhenAboveTheOutputLimitIsCut() {
		limit(Limit.perMinute(Dimension.INPUT_TOKENS, 100), Limit.perMinute(Dimension.OUTPUT_TOKENS, 50));
		this.service.named("four", "");
		assertThat(cost()).isEqualTo(Cost.of(4, 50));
	}

	@Test
	void defaultOutputWhenInputIsAboveTheLimitIsNothing() {
		limit(Limit.perMinute(Dimension.TOKENS, 3));
		this.service.named("four", "");
		assertThat(cost()).isEqualTo(Cost.of(4, 0));
	}

	@Test
	void statedOutputWhenAboveTheLimitIsKept() {
		limit(Limit.perMinute(Dimension.TOKENS, 100));
		this.service.textAndOutput("four", 1000);
		assertThat(cost()).isEqualTo(Cost.of(4, 1000));
	}

	@Test
	void guessIsNeitherTheWholeLimitNorNothing() {
		limit(Limit.perMinute(Dimension.TOKENS, 100));
		this.service.navigation(null, "x".repeat(9_000));
		assertThat(cost()).isEqualTo(Cost.of(50, 50));
	}

	private void limit(Limit... limits) {
		this.beans.limiter().limits(DEFAULT_OUTPUT, limits);
	}

	static class Service {

		@LlmRateLimited(model = "gpt-4o", tokens = "#prompt")
		public void named(String prompt, String other) {
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "#prompt", maxOutputTokens = "#max")
		public void textAndOutput(String prompt, int max) {
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "#message.text.length()")
		public void navigation(Message message, String prompt) {
		}

	}

}
