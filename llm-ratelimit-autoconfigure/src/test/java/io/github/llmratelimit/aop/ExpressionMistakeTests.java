package io.github.llmratelimit.aop;

import io.github.llmratelimit.LlmRateLimited;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.description.annotation.AnnotationDescription;
import net.bytebuddy.description.modifier.Visibility;
import net.bytebuddy.implementation.FixedValue;
import org.junit.jupiter.api.Test;

/**
 * Tests for {@link AttributeReader} where an expression is wrong.
 */
class ExpressionMistakeTests {

	private final LimitedBeans beans = new LimitedBeans();

	@Test
	void expressionWhenNotMarkedIsRefused() {
		this.beans.refused(Unmarked.class)
			.withMessageContaining("Unmarked.ask(int)")
			.withMessageContaining("Invalid tokens (1000 + #n)")
			.withMessageContaining("#{1000 + #n}");
	}

	@Test
	void expressionWhenUnmarkedBeanIsRefused() {
		this.beans.refused(UnmarkedBean.class).withMessageContaining("#{1000 + @sizes.small()}");
	}

	@Test
	void expressionWhenTextIsOutsideIsRefused() {
		this.beans.refused(HalfWrapped.class).withMessageContaining("outside of #{…}");
	}

	@Test
	void expressionWhenTextIsBeforeIsRefused() {
		this.beans.refused(PrefixedExpression.class).withMessageContaining("looks like an expression");
	}

	@Test
	void literalWhenQuotedIsRefused() {
		this.beans.refused(Quoted.class).withMessageContaining("#{'gpt-4o'}");
	}

	@Test
	void variableWhenUnknownIsRefused() {
		this.beans.refused(UnknownVariable.class)
			.withMessageContaining("Invalid tokens (#promt)")
			.withMessageContaining("UnknownVariable.ask(String)")
			.withMessageContaining("Use one of #prompt, #p0, #a0, #root.methodName, #root.args");
	}

	@Test
	void variableWhenUnknownInsideAnExpressionIsRefused() {
		this.beans.refused(UnknownInside.class).withMessageContaining("#promt");
	}

	@Test
	void variableWhenNamesAreNotCompiledInNamesTheFlag() {
		this.beans.refused(withoutParameterNames()).withMessageContaining("-parameters").withMessageContaining("#p0");
	}

	@Test
	void positionWhenThereIsNoneIsRefused() {
		this.beans.refused(PositionTooFar.class).withMessageContaining("#p1");
	}

	@Test
	void rootArgumentWhenThereIsNoneIsRefused() {
		this.beans.refused(RootTooFar.class).withMessageContaining("no argument 1: the method has 1");
	}

	@Test
	void syntaxWhenWrongIsRefused() {
		this.beans.refused(BadSyntax.class).withMessageContaining("isn't a valid expression");
	}

	@Test
	void beanWhenMissingIsRefused() {
		this.beans.refused(MissingBean.class).withMessageContaining("no bean 'sizes'");
	}

	@Test
	void modelWhenItLooksLikeABeanTellsHowToWriteIt() {
		this.beans.refused(CloudflareModel.class).withMessageContaining("#{'@cf/meta/llama-3'}");
	}

	@Test
	void functionWhenCalledIsRefused() {
		this.beans.refused(Function.class).withMessageContaining("no functions such as #size");
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

	static class MissingBean {

		@LlmRateLimited(model = "gpt-4o", tokens = "@sizes.plus(#n)")
		public void ask(int n) {
		}

	}

}
