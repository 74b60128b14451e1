package io.github.llmratelimit.aop;

import io.github.llmratelimit.LlmRateLimited;
import io.github.llmratelimit.UnknownLlmModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests for {@link MethodAttributes} where a value is wrong.
 */
class AttributeMistakeTests {

	private final LimitedBeans beans = new LimitedBeans();

	@Test
	void modelWhenUnknownListsTheKnown() {
		this.beans.refused(UnknownModel.class)
			.withMessageContaining("Invalid model (gpt-5)")
			.withMessageContaining("Known: gpt-4o, gpt-4o-mini")
			.withCauseInstanceOf(UnknownLlmModelException.class);
	}

	@Test
	void modelWhenMissingIsRefused() {
		this.beans.refused(NoModel.class).withMessageContaining("no model is stated");
	}

	@Test
	void modelWhenStatedTwiceDifferentlyIsRefused() {
		this.beans.refused(TwoModels.class).withMessageContaining("value names another model (gpt-4o-mini)");
	}

	@Test
	void tokensWhenNoNumberIsRefused() {
		this.beans.refused(WordAsTokens.class)
			.withMessageContaining("Invalid tokens (prompt)")
			.withMessageContaining("must be a number such as 30000");
	}

	@Test
	void tokensWhenNegativeIsRefused() {
		this.beans.refused(NegativeTokens.class).withMessageContaining("Invalid tokens (-5)");
	}

	@Test
	void maxOutputTokensWhenAbsurdIsRefused() {
		this.beans.refused(AbsurdOutput.class)
			.withMessageContaining("Invalid maxOutputTokens (9999999999999999)")
			.withMessageContaining("must be between 0 and");
	}

	@Test
	void priorityWhenUnknownIsRefused() {
		this.beans.refused(BadPriority.class)
			.withMessageContaining("Invalid priority (URGENT)")
			.withMessageContaining("HIGH, NORMAL or BATCH");
	}

	@ParameterizedTest
	@ValueSource(classes = { NoUnit.class, NegativeWait.class, WordAsWait.class })
	void maxWaitWhenNoDurationIsRefused(Class<?> type) {
		this.beans.refused(type).withMessageContaining("Invalid maxWait (");
	}

	@Test
	void fallbackModelWhenUnknownIsRefused() {
		this.beans.refused(BadFallbackModel.class).withMessageContaining("Invalid fallbackModels (gpt-5)");
	}

	@Test
	void fallbackAfterWhenNoDurationIsRefused() {
		this.beans.refused(BadFallbackAfter.class).withMessageContaining("Invalid fallbackAfter (soon)");
	}

	static class UnknownModel {

		@LlmRateLimited("gpt-5")
		public void ask(String prompt) {
		}

	}

	static class NoModel {

		@LlmRateLimited(tokens = "5")
		public void ask(String prompt) {
		}

	}

	static class TwoModels {

		@LlmRateLimited(value = "gpt-4o-mini", model = "gpt-4o")
		public void ask(String prompt) {
		}

	}

	static class WordAsTokens {

		@LlmRateLimited(model = "gpt-4o", tokens = "prompt")
		public void ask(String prompt) {
		}

	}

	static class NegativeTokens {

		@LlmRateLimited(model = "gpt-4o", tokens = "-5")
		public void ask(String prompt) {
		}

	}

	static class AbsurdOutput {

		@LlmRateLimited(model = "gpt-4o", maxOutputTokens = "9999999999999999")
		public void ask(String prompt) {
		}

	}

	static class BadPriority {

		@LlmRateLimited(model = "gpt-4o", priority = "URGENT")
		public void ask(String prompt) {
		}

	}

	static class NoUnit {

		@LlmRateLimited(model = "gpt-4o", maxWait = "30")
		public void ask(String prompt) {
		}

	}

	static class NegativeWait {

		@LlmRateLimited(model = "gpt-4o", maxWait = "-1s")
		public void ask(String prompt) {
		}

	}

	static class WordAsWait {

		@LlmRateLimited(model = "gpt-4o", maxWait = "forever")
		public void ask(String prompt) {
		}

	}

	static class BadFallbackModel {

		@LlmRateLimited(model = "gpt-4o", fallbackModels = { "gpt-4o-mini", "gpt-5" })
		public void ask(String prompt) {
		}

	}

	static class BadFallbackAfter {

		@LlmRateLimited(model = "gpt-4o", fallbackModels = "gpt-4o-mini", fallbackAfter = "soon")
		public void ask(String prompt) {
		}

	}

}
