package io.github.llmratelimit.aop;

import java.util.concurrent.atomic.LongAdder;

import io.github.llmratelimit.LlmRateLimited;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AttributeReader}.
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
		this.beans.refused(Properties.class)
			.withMessageContaining("chat.model")
			.withMessageContaining("${property:default}");
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

	/** A bean that expressions call. */
	public static class Sizes {

		public int plus(int n) {
			return 1000 + n;
		}

	}

}
