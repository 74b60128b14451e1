package io.github.llmratelimit.aop;

import java.math.BigInteger;
import java.util.List;

import io.github.llmratelimit.Cost;
import io.github.llmratelimit.LlmRateLimited;
import io.github.llmratelimit.aop.FakeTokens.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CallCost} where what is stated cannot be used.
 */
@ExtendWith(OutputCaptureExtension.class)
class GuessedCostTests extends CostFixture {

	private final Service service = this.beans.proxy(new Service());

	static List<Object> unusable() {
		return List.of(-1, Long.MIN_VALUE, Long.MAX_VALUE, Double.NaN, Double.POSITIVE_INFINITY, -0.5,
				BigInteger.ONE.shiftLeft(64).add(BigInteger.TEN));
	}

	@ParameterizedTest
	@MethodSource("unusable")
	void numberWhenUnusableIsGuessedFromBytes(Object number) {
		this.service.numberAndText(number, "ninety-nine".repeat(9));
		assertThat(cost()).isEqualTo(Cost.of(33, DEFAULT_OUTPUT));
	}

	@Test
	void numberWhenUnusableKeepsStatedOutput() {
		this.service.computed(-77, 33);
		assertThat(cost()).isEqualTo(Cost.of(1, 33));
	}

	@Test
	void expressionWhenItThrowsIsGuessedFromBytes(CapturedOutput output) {
		this.service.navigation(null, "123456789");
		assertThat(cost()).isEqualTo(Cost.of(3, DEFAULT_OUTPUT));
		assertThat(output).contains("Invalid tokens in a call of").contains("Service.navigation(Message, String)");
	}

	@Test
	void expressionWhenItThrowsAgainIsCountedAndNotLogged(CapturedOutput output) {
		this.service.navigation(null, "123456789");
		this.service.navigation(null, "123456789");
		assertThat(this.beans.failures()).isEqualTo(2);
		assertThat(output).containsOnlyOnce("Service.navigation(Message, String)");
	}

	@Test
	void expressionWhenNullIsGuessedFromBytes() {
		this.service.safeNavigation(null, "123456789");
		assertThat(cost()).isEqualTo(Cost.of(3, DEFAULT_OUTPUT));
	}

	@Test
	void bytesWhenNotAsciiAreCountedAsUtf8() {
		this.service.navigation(null, "日本語");
		assertThat(cost()).isEqualTo(Cost.of(3, DEFAULT_OUTPUT));
	}

	@Test
	void argumentWhenItsTextThrowsDoesNotFailTheCall() {
		this.service.navigation(null, new Broken());
		assertThat(cost()).isEqualTo(Cost.of(1, DEFAULT_OUTPUT));
	}

	@Test
	void outputWhenUnusableTakesTheDefault(CapturedOutput output) {
		this.service.computed(77, -1);
		assertThat(cost()).isEqualTo(Cost.of(77, DEFAULT_OUTPUT));
		assertThat(output).contains("Invalid maxOutputTokens in a call of");
	}

	/** Text that can't be read. */
	private static final class Broken implements CharSequence {

		@Override
		public int length() {
			throw new IllegalStateException("broken");
		}

		@Override
		public char charAt(int index) {
			throw new IllegalStateException("broken");
		}

		@Override
		public CharSequence subSequence(int start, int end) {
			throw new IllegalStateException("broken");
		}

	}

	static class Service {

		@LlmRateLimited(model = "gpt-4o", tokens = "#n", maxOutputTokens = "#max")
		public void computed(int n, Integer max) {
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "#n")
		public void numberAndText(Object n, String prompt) {
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "#message.text.length()")
		public void navigation(Message message, CharSequence prompt) {
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "#message.text.length()")
		public void navigation(Message message, String prompt) {
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "#message?.text")
		public void safeNavigation(Message message, String prompt) {
		}

	}

}
