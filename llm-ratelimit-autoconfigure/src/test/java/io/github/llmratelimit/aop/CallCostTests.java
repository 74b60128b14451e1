package io.github.llmratelimit.aop;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LlmRateLimited;
import io.github.llmratelimit.aop.FakeTokens.Message;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CallCost}.
 */
@ExtendWith(OutputCaptureExtension.class)
class CallCostTests {

	private static final long DEFAULT_OUTPUT = 512;

	/** What an estimator counts for nothing. */
	private static final long EMPTY_PROMPT = 7;

	private final LimitedBeans beans = new LimitedBeans();

	private final Service service = this.beans.proxy(new Service());

	private Cost cost() {
		return this.beans.limiter().cost();
	}

	@Test
	void numberWhenAloneIsTheTotal() {
		this.service.total();
		assertThat(cost()).isEqualTo(Cost.ofTotal(1000));
	}

	@Test
	void numberWhenWithOutputIsTheInput() {
		this.service.inputAndOutput();
		assertThat(cost()).isEqualTo(Cost.of(1000, 200));
	}

	@Test
	void numberWhenComputedAloneIsTheTotal() {
		this.service.computed(77);
		assertThat(cost()).isEqualTo(Cost.ofTotal(77));
	}

	@Test
	void numberWhenComputedWithOutputIsTheInput() {
		this.service.computed(77, 33);
		assertThat(cost()).isEqualTo(Cost.of(77, 33));
	}

	@Test
	void numberWhenOutputIsNullTakesTheDefaultOutput() {
		this.service.computed(77, null);
		assertThat(cost()).isEqualTo(Cost.of(77, DEFAULT_OUTPUT));
		assertThat(this.beans.failures()).isZero();
	}

	@Test
	void numberWhenLiteralWithComputedOutputIsTheInput() {
		this.service.literalAndComputed(5);
		assertThat(cost()).isEqualTo(Cost.of(1000, 5));
	}

	@Test
	void numberWhenFractionalIsRoundedUp() {
		this.service.tokens(10.2);
		assertThat(cost()).isEqualTo(Cost.ofTotal(11));
	}

	@Test
	void numberWhenZeroIsWhatTheUserStates() {
		this.service.tokens(0);
		assertThat(cost()).isEqualTo(Cost.ofTotal(0));
	}

	@Test
	void numberWhenInAnOptionalIsUnwrapped() {
		this.service.tokens(OptionalInt.of(9));
		assertThat(cost()).isEqualTo(Cost.ofTotal(9));
	}

	@Test
	void textWhenNamedIsCounted() {
		this.service.named("four", "not counted");
		assertThat(cost()).isEqualTo(Cost.of(4, DEFAULT_OUTPUT));
	}

	@Test
	void textWhenNamedIsCountedForTheProvidersModel() {
		this.service.named("four", "not counted");
		assertThat(this.beans.tokens().model()).isEqualTo("provider-gpt-4o");
	}

	@Test
	void textWhenInAnOptionalIsCounted() {
		this.service.tokens(Optional.of("four"));
		assertThat(cost()).isEqualTo(Cost.of(4, DEFAULT_OUTPUT));
	}

	@Test
	void textWhenItIsDigitsIsCountedAndNotRead() {
		this.service.tokens("1000");
		assertThat(cost()).isEqualTo(Cost.of(4, DEFAULT_OUTPUT));
	}

	@Test
	void listWhenNamedIsCounted() {
		this.service.tokens(List.of("four", "five5"));
		assertThat(cost()).isEqualTo(Cost.of(9, DEFAULT_OUTPUT));
	}

	@Test
	void messageWhenNamedIsCounted() {
		this.service.tokens(new Message("me", "seven77"));
		assertThat(cost()).isEqualTo(Cost.of(7, DEFAULT_OUTPUT));
	}

	@Test
	void textWhenWithOutputAddsIt() {
		this.service.textAndOutput("four", 100);
		assertThat(cost()).isEqualTo(Cost.of(4, 100));
	}

	@Test
	void textWhenEmptyIsNeverZero() {
		this.service.named("", "");
		assertThat(cost()).isEqualTo(Cost.of(1, DEFAULT_OUTPUT));
	}

	@Test
	void textWhenNullIsNeverZero() {
		this.service.named(null, null);
		assertThat(cost()).isEqualTo(Cost.of(EMPTY_PROMPT, DEFAULT_OUTPUT));
		assertThat(this.beans.failures()).isZero();
	}

	@Nested
	class WhenAbsent {

		@Test
		void argumentsWhenTextAreCounted() {
			CallCostTests.this.service.absent("four", new StringBuilder("five5"), 17);
			assertThat(cost()).isEqualTo(Cost.of(9, DEFAULT_OUTPUT));
		}

		@Test
		void argumentsWhenMessagesAreCounted() {
			CallCostTests.this.service.messages(List.of(new Message("me", "seven77")), "four");
			assertThat(cost()).isEqualTo(Cost.of(11, DEFAULT_OUTPUT));
		}

		@Test
		void argumentsWhenOtherAttributesUseThemAreNotCounted() {
			CallCostTests.this.service.used("gpt-4o", "acme", "HIGH", "four");
			assertThat(cost()).isEqualTo(Cost.of(4, DEFAULT_OUTPUT));
		}

		@Test
		void argumentsWhenExpressionsReadThemAreNotCounted() {
			CallCostTests.this.service.usedInExpression("acme-7", "four");
			assertThat(cost()).isEqualTo(Cost.of(4, DEFAULT_OUTPUT));
		}

		@Test
		void argumentsWhenNamedThroughTheRootAreNotCounted() {
			CallCostTests.this.service.usedThroughRoot("acme-7", "four");
			assertThat(cost()).isEqualTo(Cost.of(4, DEFAULT_OUTPUT));
		}

		@Test
		void messageWhenOnlyItsUserIsReadIsCounted() {
			CallCostTests.this.service.userOfMessage(new Message("me", "seven77"));
			assertThat(cost()).isEqualTo(Cost.of(7, DEFAULT_OUTPUT));
			assertThat(CallCostTests.this.beans.limiter().request().tenant()).isEqualTo("me");
		}

		@Test
		void argumentsWhenNullAreSkipped() {
			CallCostTests.this.service.absent("four", null, 1);
			assertThat(cost()).isEqualTo(Cost.of(4, DEFAULT_OUTPUT));
		}

		@Test
		void argumentsWhenOutputIsStatedAddsIt() {
			CallCostTests.this.service.absentWithOutput("four");
			assertThat(cost()).isEqualTo(Cost.of(4, 300));
		}

		@Test
		void argumentsWhenNoneCanBeCountedTakesTheDefaultOutput() {
			CallCostTests.this.beans.proxy(new Nothing()).ask(5);
			assertThat(cost()).isEqualTo(Cost.of(EMPTY_PROMPT, DEFAULT_OUTPUT));
		}

		@Test
		void argumentsWhenNoneCanBeCountedIsLoggedAtStartUp(CapturedOutput output) {
			new LimitedBeans().read(Nothing.class);
			assertThat(output).containsOnlyOnce("Nothing.ask(int) has no argument whose tokens can be counted");
		}

		@Test
		void argumentsWhenNoneIsAPromptIsLoggedOnce(CapturedOutput output) {
			CallCostTests.this.service.unknown(new Object[0]);
			CallCostTests.this.service.unknown(new Object[0]);
			assertThat(output).containsOnlyOnce("no argument is a prompt");
			assertThat(CallCostTests.this.beans.failures()).isEqualTo(2);
		}

	}

	@Nested
	class WhenLimitIsSmall {

		@Test
		void defaultOutputWhenAboveTheLimitIsCut() {
			limit(Limit.perMinute(Dimension.TOKENS, 100));
			CallCostTests.this.service.named("four", "");
			assertThat(cost()).isEqualTo(Cost.of(4, 96));
		}

		@Test
		void defaultOutputWhenAboveTheOutputLimitIsCut() {
			limit(Limit.perMinute(Dimension.INPUT_TOKENS, 100), Limit.perMinute(Dimension.OUTPUT_TOKENS, 50));
			CallCostTests.this.service.named("four", "");
			assertThat(cost()).isEqualTo(Cost.of(4, 50));
		}

		@Test
		void defaultOutputWhenInputIsAboveTheLimitIsNothing() {
			limit(Limit.perMinute(Dimension.TOKENS, 3));
			CallCostTests.this.service.named("four", "");
			assertThat(cost()).isEqualTo(Cost.of(4, 0));
		}

		@Test
		void statedOutputWhenAboveTheLimitIsKept() {
			limit(Limit.perMinute(Dimension.TOKENS, 100));
			CallCostTests.this.service.textAndOutput("four", 1000);
			assertThat(cost()).isEqualTo(Cost.of(4, 1000));
		}

		@Test
		void guessIsNeitherTheWholeLimitNorNothing() {
			limit(Limit.perMinute(Dimension.TOKENS, 100));
			CallCostTests.this.service.navigation(null, "x".repeat(9_000));
			assertThat(cost()).isEqualTo(Cost.of(50, 50));
		}

		private void limit(Limit... limits) {
			CallCostTests.this.beans.limiter().limits(DEFAULT_OUTPUT, limits);
		}

	}

	@Nested
	class WhenBroken {

		static List<Object> unusable() {
			return List.of(-1, Long.MIN_VALUE, Long.MAX_VALUE, Double.NaN, Double.POSITIVE_INFINITY, -0.5,
					BigInteger.ONE.shiftLeft(64).add(BigInteger.TEN));
		}

		@ParameterizedTest
		@MethodSource("unusable")
		void numberWhenUnusableIsGuessedFromBytes(Object number) {
			CallCostTests.this.service.numberAndText(number, "ninety-nine".repeat(9));
			assertThat(cost()).isEqualTo(Cost.of(33, DEFAULT_OUTPUT));
		}

		@Test
		void numberWhenUnusableKeepsStatedOutput() {
			CallCostTests.this.service.computed(-77, 33);
			assertThat(cost()).isEqualTo(Cost.of(1, 33));
		}

		@Test
		void expressionWhenItThrowsIsGuessedFromBytes(CapturedOutput output) {
			CallCostTests.this.service.navigation(null, "123456789");
			assertThat(cost()).isEqualTo(Cost.of(3, DEFAULT_OUTPUT));
			assertThat(output).contains("Invalid tokens in a call of").contains("Service.navigation(Message, String)");
		}

		@Test
		void expressionWhenItThrowsAgainIsCountedAndNotLogged(CapturedOutput output) {
			CallCostTests.this.service.navigation(null, "123456789");
			CallCostTests.this.service.navigation(null, "123456789");
			assertThat(CallCostTests.this.beans.failures()).isEqualTo(2);
			assertThat(output).containsOnlyOnce("Service.navigation(Message, String)");
		}

		@Test
		void expressionWhenNullIsGuessedFromBytes() {
			CallCostTests.this.service.safeNavigation(null, "123456789");
			assertThat(cost()).isEqualTo(Cost.of(3, DEFAULT_OUTPUT));
		}

		@Test
		void bytesWhenNotAsciiAreCountedAsUtf8() {
			CallCostTests.this.service.navigation(null, "日本語");
			assertThat(cost()).isEqualTo(Cost.of(3, DEFAULT_OUTPUT));
		}

		@Test
		void argumentWhenItsTextThrowsDoesNotFailTheCall() {
			CallCostTests.this.service.navigation(null, new Broken());
			assertThat(cost()).isEqualTo(Cost.of(1, DEFAULT_OUTPUT));
		}

		@Test
		void outputWhenUnusableTakesTheDefault(CapturedOutput output) {
			CallCostTests.this.service.computed(77, -1);
			assertThat(cost()).isEqualTo(Cost.of(77, DEFAULT_OUTPUT));
			assertThat(output).contains("Invalid maxOutputTokens in a call of");
		}

	}

	static class Nothing {

		@LlmRateLimited("gpt-4o")
		public void ask(int n) {
		}

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

		@LlmRateLimited(model = "gpt-4o", tokens = "1000")
		public void total() {
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "1000", maxOutputTokens = "200")
		public void inputAndOutput() {
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "#n")
		public void computed(int n) {
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "#n", maxOutputTokens = "#max")
		public void computed(int n, Integer max) {
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "1000", maxOutputTokens = "#max")
		public void literalAndComputed(int max) {
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "#value")
		public void tokens(Object value) {
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "#prompt")
		public void named(String prompt, String other) {
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "#prompt", maxOutputTokens = "#max")
		public void textAndOutput(String prompt, int max) {
		}

		@LlmRateLimited("gpt-4o")
		public void absent(String prompt, CharSequence system, int n) {
		}

		@LlmRateLimited("gpt-4o")
		public void messages(List<Message> messages, String system) {
		}

		@LlmRateLimited(model = "#model", tenant = "#tenant", priority = "#p2")
		public void used(String model, String tenant, String priority, String prompt) {
		}

		@LlmRateLimited(model = "gpt-4o", tenant = "#{#tenant.toUpperCase()}")
		public void usedInExpression(String tenant, String prompt) {
		}

		@LlmRateLimited(model = "gpt-4o", tenant = "#root.args[0].trim()")
		public void usedThroughRoot(String tenant, String prompt) {
		}

		@LlmRateLimited(model = "gpt-4o", tenant = "#message.user")
		public void userOfMessage(Message message) {
		}

		@LlmRateLimited(model = "gpt-4o", maxOutputTokens = "300")
		public void absentWithOutput(String prompt) {
		}

		@LlmRateLimited("gpt-4o")
		public void unknown(Object value) {
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
