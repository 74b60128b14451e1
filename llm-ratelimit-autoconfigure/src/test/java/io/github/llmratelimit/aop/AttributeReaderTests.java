package io.github.llmratelimit.aop;

import java.util.concurrent.atomic.LongAdder;

import io.github.llmratelimit.LlmRateLimited;
import io.github.llmratelimit.UnknownLlmModelException;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.description.annotation.AnnotationDescription;
import net.bytebuddy.description.modifier.Visibility;
import net.bytebuddy.implementation.FixedValue;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link AttributeReader}, through annotated methods.
 */
class AttributeReaderTests {

	private final LimitedBeans beans = new LimitedBeans();

	private long total() {
		return this.beans.limiter().cost().totalTokens();
	}

	@Test
	void attributeWhenLiteralIsTaken() {
		this.beans.proxy(new Literal()).ask("hello");
		assertThat(total()).isEqualTo(1200);
	}

	@Test
	void attributeWhenPropertyIsResolved() {
		this.beans.withProperty("chat.model", "gpt-4o").withProperty("chat.tokens", "2k");
		this.beans.proxy(new Properties()).ask("hello");
		assertThat(total()).isEqualTo(2000);
	}

	@Test
	void attributeWhenPropertyHoldsAnExpressionIsEvaluated() {
		this.beans.withProperty("chat.model", "gpt-4o").withProperty("chat.tokens", "#{#text.length() * 100}");
		this.beans.proxy(new Properties()).ask("hello");
		assertThat(total()).isEqualTo(500);
	}

	@Test
	void attributeWhenPropertyIsBlankCountsAsAbsent() {
		this.beans.withProperty("chat.model", "gpt-4o").withProperty("chat.tokens", "");
		this.beans.proxy(new Properties()).ask("hello");
		assertThat(this.beans.limiter().cost().inputTokens()).isEqualTo(5);
	}

	@Test
	void attributeWhenPropertyIsMissingIsRefused() {
		refused(Properties.class).withMessageContaining("chat.model").withMessageContaining("${property:default}");
	}

	@Test
	void attributeWhenItStartsWithAVariableIsEvaluated() {
		this.beans.proxy(new Variable()).ask(7);
		assertThat(total()).isEqualTo(70);
	}

	@Test
	void attributeWhenItStartsWithABeanIsEvaluated() {
		this.beans.withBean("sizes", new Sizes());
		this.beans.proxy(new Bean()).ask(7);
		assertThat(total()).isEqualTo(1007);
	}

	@Test
	void attributeWhenWrappedIsEvaluated() {
		this.beans.proxy(new Wrapped()).ask(7);
		assertThat(total()).isEqualTo(1007);
	}

	@Test
	void attributeWhenItNamesTheRootIsEvaluated() {
		this.beans.proxy(new Root()).ask("x", 7);
		assertThat(total()).isEqualTo(3 + 7);
	}

	@Test
	void attributeWhenItNamesPositionsIsEvaluated() {
		this.beans.proxy(new Positions()).ask(7, 5);
		assertThat(total()).isEqualTo(12);
	}

	@Test
	void attributeWhenAnArgumentByNameNeedsNoExpression() {
		AttributeValue value = read(ByName.class, MethodAttributes.TOKENS);
		assertThat(value).isEqualTo(new AttributeValue.Argument(1));
	}

	@Test
	void attributeWhenAnArgumentByPositionNeedsNoExpression() {
		AttributeValue value = read(ByName.class, MethodAttributes.TENANT);
		assertThat(value).isEqualTo(new AttributeValue.Argument(0));
	}

	@Test
	void attributeWhenAWrappedLiteralIsConstant() {
		this.beans.proxy(new QuotedModel()).ask("hello");
		assertThat(this.beans.limiter("claude-sonnet-4@20250514").requests()).hasSize(1);
	}

	@Test
	void attributeWhenAModelHasAnAtSignInsideIsALiteral() {
		this.beans.proxy(new DatedModel()).ask("hello");
		assertThat(this.beans.limiter("claude-sonnet-4@20250514").requests()).hasSize(1);
	}

	@Test
	void variableWhenDeclaredByAnInterfaceIsKnown() {
		this.beans.proxy(new InterfaceNames()).ask("hello", 9);
		assertThat(total()).isEqualTo(9);
	}

	private AttributeValue read(Class<?> type, String attribute) {
		AnnotatedMethod method = this.beans.advisor().types().methods(type).values().iterator().next();
		return new MethodAttributes(method, new AttributeReader(new DefaultListableBeanFactory()),
				new AttributeFailures(method, new LongAdder()))
			.value(attribute);
	}

	private ThrowableAssertAlternative<InvalidLlmRateLimitedException> refused(Class<?> type) {
		return assertThatExceptionOfType(InvalidLlmRateLimitedException.class).isThrownBy(() -> this.beans.read(type));
	}

	@Nested
	class WhenWrong {

		@Test
		void expressionWhenNotMarkedIsRefused() {
			refused(Unmarked.class).withMessageContaining("Unmarked.ask(int)")
				.withMessageContaining("Invalid tokens (1000 + #n)")
				.withMessageContaining("#{1000 + #n}");
		}

		@Test
		void expressionWhenUnmarkedBeanIsRefused() {
			refused(UnmarkedBean.class).withMessageContaining("#{1000 + @sizes.small()}");
		}

		@Test
		void expressionWhenTextIsOutsideIsRefused() {
			refused(HalfWrapped.class).withMessageContaining("outside of #{…}");
		}

		@Test
		void expressionWhenTextIsBeforeIsRefused() {
			refused(PrefixedExpression.class).withMessageContaining("looks like an expression");
		}

		@Test
		void literalWhenQuotedIsRefused() {
			refused(Quoted.class).withMessageContaining("#{'gpt-4o'}");
		}

		@Test
		void variableWhenUnknownIsRefused() {
			refused(UnknownVariable.class).withMessageContaining("Invalid tokens (#promt)")
				.withMessageContaining("UnknownVariable.ask(String)")
				.withMessageContaining("Use one of #prompt, #p0, #a0, #root.methodName, #root.args");
		}

		@Test
		void variableWhenUnknownInsideAnExpressionIsRefused() {
			refused(UnknownInside.class).withMessageContaining("#promt");
		}

		@Test
		void variableWhenNamesAreNotCompiledInNamesTheFlag() {
			refused(withoutParameterNames()).withMessageContaining("-parameters").withMessageContaining("#p0");
		}

		@Test
		void positionWhenThereIsNoneIsRefused() {
			refused(PositionTooFar.class).withMessageContaining("#p1");
		}

		@Test
		void rootArgumentWhenThereIsNoneIsRefused() {
			refused(RootTooFar.class).withMessageContaining("no argument 1: the method has 1");
		}

		@Test
		void syntaxWhenWrongIsRefused() {
			refused(BadSyntax.class).withMessageContaining("isn't a valid expression");
		}

		@Test
		void beanWhenMissingIsRefused() {
			refused(Bean.class).withMessageContaining("no bean 'sizes'");
		}

		@Test
		void modelWhenItLooksLikeABeanTellsHowToWriteIt() {
			refused(CloudflareModel.class).withMessageContaining("#{'@cf/meta/llama-3'}");
		}

		@Test
		void functionWhenCalledIsRefused() {
			refused(Function.class).withMessageContaining("no functions such as #size");
		}

		@Test
		void modelWhenUnknownListsTheKnown() {
			refused(UnknownModel.class).withMessageContaining("Invalid model (gpt-5)")
				.withMessageContaining("Known: gpt-4o, gpt-4o-mini")
				.withCauseInstanceOf(UnknownLlmModelException.class);
		}

		@Test
		void modelWhenMissingIsRefused() {
			refused(NoModel.class).withMessageContaining("no model is stated");
		}

		@Test
		void modelWhenStatedTwiceDifferentlyIsRefused() {
			refused(TwoModels.class).withMessageContaining("value names another model (gpt-4o-mini)");
		}

		@Test
		void tokensWhenNoNumberIsRefused() {
			refused(WordAsTokens.class).withMessageContaining("Invalid tokens (prompt)")
				.withMessageContaining("must be a number such as 30000");
		}

		@Test
		void tokensWhenNegativeIsRefused() {
			refused(NegativeTokens.class).withMessageContaining("Invalid tokens (-5)");
		}

		@Test
		void maxOutputTokensWhenAbsurdIsRefused() {
			refused(AbsurdOutput.class).withMessageContaining("Invalid maxOutputTokens (9999999999999999)")
				.withMessageContaining("must be between 0 and");
		}

		@Test
		void priorityWhenUnknownIsRefused() {
			refused(BadPriority.class).withMessageContaining("Invalid priority (URGENT)")
				.withMessageContaining("HIGH, NORMAL or BATCH");
		}

		@ParameterizedTest
		@ValueSource(classes = { NoUnit.class, NegativeWait.class, WordAsWait.class })
		void maxWaitWhenNoDurationIsRefused(Class<?> type) {
			refused(type).withMessageContaining("Invalid maxWait (");
		}

		@Test
		void fallbackModelWhenUnknownIsRefused() {
			refused(BadFallbackModel.class).withMessageContaining("Invalid fallbackModels (gpt-5)");
		}

		@Test
		void fallbackAfterWhenNoDurationIsRefused() {
			refused(BadFallbackAfter.class).withMessageContaining("Invalid fallbackAfter (soon)");
		}

		private Class<?> withoutParameterNames() {
			return new ByteBuddy().subclass(Object.class)
				.name("com.acme.Unnamed")
				.defineMethod("ask", String.class, Visibility.PUBLIC)
				.withParameters(String.class)
				.intercept(FixedValue.value("answer"))
				.annotateMethod(AnnotationDescription.Builder.ofType(LlmRateLimited.class)
					.define("model", "gpt-4o")
					.define("tokens", "#prompt")
					.build())
				.make()
				.load(getClass().getClassLoader())
				.getLoaded();
		}

	}

	static class Literal {

		@LlmRateLimited(model = "gpt-4o", tokens = "1_200")
		public String ask(String text) {
			return text;
		}

	}

	static class Properties {

		@LlmRateLimited(model = "${chat.model}", tokens = "${chat.tokens}")
		public String ask(String text) {
			return text;
		}

	}

	static class Variable {

		@LlmRateLimited(model = "gpt-4o", tokens = "#n * 10")
		public void ask(int n) {
		}

	}

	static class Bean {

		@LlmRateLimited(model = "gpt-4o", tokens = "@sizes.plus(#n)")
		public void ask(int n) {
		}

	}

	static class Wrapped {

		@LlmRateLimited(model = "gpt-4o", tokens = "#{1000 + #n}")
		public void ask(int n) {
		}

	}

	static class Root {

		@LlmRateLimited(model = "gpt-4o", tokens = "#root.methodName.length() + #root.args[1]")
		public void ask(String text, int n) {
		}

	}

	static class Positions {

		@LlmRateLimited(model = "gpt-4o", tokens = "#p0 + #a1")
		public void ask(int n, int m) {
		}

	}

	static class ByName {

		@LlmRateLimited(model = "gpt-4o", tokens = "#prompt", tenant = "#p0")
		public void ask(String user, String prompt) {
		}

	}

	static class QuotedModel {

		@LlmRateLimited("#{'claude-sonnet-4@20250514'}")
		public void ask(String prompt) {
		}

	}

	static class DatedModel {

		@LlmRateLimited("claude-sonnet-4@20250514")
		public void ask(String prompt) {
		}

	}

	interface Named {

		@LlmRateLimited(model = "gpt-4o", tokens = "#expected")
		void ask(String question, int expected);

	}

	static class InterfaceNames implements Named {

		@Override
		public void ask(String q, int n) {
		}

	}

	static class Unmarked {

		@LlmRateLimited(model = "gpt-4o", tokens = "1000 + #n")
		public void ask(int n) {
		}

	}

	static class UnmarkedBean {

		@LlmRateLimited(model = "gpt-4o", tokens = "1000 + @sizes.small()")
		public void ask(int n) {
		}

	}

	static class HalfWrapped {

		@LlmRateLimited("#{#size}-latest")
		public void ask(String size) {
		}

	}

	static class PrefixedExpression {

		@LlmRateLimited("gpt-#{#size}")
		public void ask(String size) {
		}

	}

	static class Quoted {

		@LlmRateLimited("'gpt-4o'")
		public void ask(String size) {
		}

	}

	static class UnknownVariable {

		@LlmRateLimited(model = "gpt-4o", tokens = "#promt")
		public void ask(String prompt) {
		}

	}

	static class UnknownInside {

		@LlmRateLimited(model = "gpt-4o", tokens = "#{#prompt.length() + (#promt != null ? 1 : 2)}")
		public void ask(String prompt) {
		}

	}

	static class PositionTooFar {

		@LlmRateLimited(model = "gpt-4o", tokens = "#p1")
		public void ask(String prompt) {
		}

	}

	static class RootTooFar {

		@LlmRateLimited(model = "gpt-4o", tokens = "#root.args[1]")
		public void ask(String prompt) {
		}

	}

	static class BadSyntax {

		@LlmRateLimited(model = "gpt-4o", tokens = "#{#prompt.length( + 3}")
		public void ask(String prompt) {
		}

	}

	static class CloudflareModel {

		@LlmRateLimited("@cf/meta/llama-3")
		public void ask(String prompt) {
		}

	}

	static class Function {

		@LlmRateLimited(model = "gpt-4o", tokens = "#size(#prompt)")
		public void ask(String prompt) {
		}

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

	/** A bean that expressions call. */
	public static class Sizes {

		public int plus(int n) {
			return 1000 + n;
		}

	}

}
