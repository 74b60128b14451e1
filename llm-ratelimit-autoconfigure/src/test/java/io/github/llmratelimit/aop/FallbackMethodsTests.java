package io.github.llmratelimit.aop;

import java.io.IOException;
import java.io.UncheckedIOException;

import io.github.llmratelimit.LlmRateLimitExceededException;
import io.github.llmratelimit.LlmRateLimited;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link FallbackMethods}.
 */
class FallbackMethodsTests {

	private final LimitedBeans beans = new LimitedBeans();

	@Test
	void fallbackWhenRefusedAnswers() throws Exception {
		this.beans.limiter().refuse();
		assertThat(this.beans.proxy(new Service(null)).ask("hi", 1)).isEqualTo("refused hi");
	}

	@Test
	void fallbackWhenNotNeededIsNotAsked() throws Exception {
		assertThat(this.beans.proxy(new Service(null)).ask("hi", 1)).isEqualTo("answer hi");
	}

	@Test
	void fallbackWhenTheMethodFailsAnswersByTheClosestType() throws Exception {
		Service service = this.beans.proxy(new Service(new UncheckedIOException(new IOException("lost"))));
		assertThat(service.ask("hi", 1)).isEqualTo("io hi");
	}

	@Test
	void fallbackWhenNoTypeIsCloserTakesTheMostGeneral() throws Exception {
		Service service = this.beans.proxy(new Service(new IllegalStateException("wrong")));
		assertThat(service.ask("hi", 1)).isEqualTo("runtime hi");
	}

	@Test
	void fallbackWhenNoTypeFitsTakesTheOneWithoutException() throws Exception {
		Service service = this.beans.proxy(new Service(new IOException("checked")));
		assertThat(service.ask("hi", 1)).isEqualTo("any hi");
	}

	@Test
	void fallbackWhenTheMethodThrowsAnErrorIsNotAsked() {
		Error error = new AssertionError("broken");
		Service service = this.beans.proxy(new Service(error));
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> service.ask("hi", 1)).isSameAs(error);
	}

	@Test
	void fallbackWhenNoneFitsTheFailureLeavesIt() {
		IllegalStateException failure = new IllegalStateException("wrong");
		OnlyRefusals service = this.beans.proxy(new OnlyRefusals(failure));
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> service.ask("hi")).isSameAs(failure);
	}

	@Test
	void fallbackWhenItTakesOnlyTheExceptionAnswers() {
		this.beans.limiter().refuse();
		assertThat(this.beans.proxy(new OnlyRefusals(null)).ask("hi")).isEqualTo("WAIT_TOO_LONG");
	}

	@Test
	void fallbackWhenItThrowsItsExceptionReachesTheCaller() {
		this.beans.limiter().refuse();
		Throwing service = this.beans.proxy(new Throwing());
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> service.ask("hi")).withMessage("no fallback");
	}

	@Test
	void fallbackWhenNamedByAPropertyAnswers() {
		this.beans.withProperty("fallback", "later").limiter().refuse();
		assertThat(this.beans.proxy(new ByProperty()).ask("hi")).isEqualTo("later hi");
	}

	@Test
	void fallbackWhenADefaultMethodOfTheInterfaceAnswers() {
		this.beans.limiter().refuse();
		Api api = this.beans.proxy(Api.class, new Implementation());
		assertThat(api.ask("hi")).isEqualTo("default hi");
	}

	@Test
	void fallbackWhenOnTheClassServesAllItsMethods() {
		this.beans.limiter().refuse();
		WholeClass service = this.beans.proxy(new WholeClass());
		assertThat(service.ask("hi")).isEqualTo("later hi");
		assertThat(service.later("hi")).isEqualTo("later hi");
	}

	@Test
	void fallbackWhenItBelongsToASuperclassAnswers() {
		this.beans.limiter().refuse();
		assertThat(this.beans.proxy(new Derived()).ask("hi")).isEqualTo("base hi");
	}

	@Nested
	class WhenWrong {

		@Test
		void fallbackWhenMissingIsRefused() {
			refused(Missing.class).withMessageContaining("Invalid fallbackMethod (cached)")
				.withMessageContaining("Add String cached(String) or String cached(String, Exception)")
				.withMessageContaining("There is: no method of that name.");
		}

		@Test
		void fallbackWhenItsArgumentsDifferListsWhatThereIs() {
			refused(OtherArguments.class).withMessageContaining("There is: String cached(int).");
		}

		@Test
		void fallbackWhenItsReturnTypeDiffersIsRefused() {
			refused(OtherReturnType.class).withMessageContaining("There is: Object cached(String).");
		}

		@Test
		void fallbackWhenItIsTheMethodItselfIsRefused() {
			refused(Itself.class).withMessageContaining("Invalid fallbackMethod (ask)");
		}

		@Test
		void fallbackWhenAnExpressionIsRefused() {
			refused(Expression.class).withMessageContaining("must be the name of a method");
		}

		private ThrowableAssertAlternative<InvalidLlmRateLimitedException> refused(Class<?> type) {
			return assertThatExceptionOfType(InvalidLlmRateLimitedException.class)
				.isThrownBy(() -> FallbackMethodsTests.this.beans.read(type));
		}

	}

	@SuppressWarnings("unused")
	static class Service {

		private final Throwable failure;

		Service(Throwable failure) {
			this.failure = failure;
		}

		@LlmRateLimited(model = "gpt-4o", fallbackMethod = "later")
		public String ask(String prompt, int n) throws IOException {
			if (this.failure instanceof IOException checked) {
				throw checked;
			}
			if (this.failure instanceof RuntimeException unchecked) {
				throw unchecked;
			}
			if (this.failure instanceof Error error) {
				throw error;
			}
			return "answer " + prompt;
		}

		private String later(String prompt, int n, RuntimeException ex) {
			return "runtime " + prompt;
		}

		String later(String prompt, int n, UncheckedIOException ex) {
			return "io " + prompt;
		}

		private String later(String prompt, int n, LlmRateLimitExceededException ex) {
			return "refused " + prompt;
		}

		public String later(String prompt, int n) {
			return "any " + prompt;
		}

		private String later(RuntimeException ex) {
			return "only exception";
		}

	}

	@SuppressWarnings("unused")
	static class OnlyRefusals {

		private final RuntimeException failure;

		OnlyRefusals(RuntimeException failure) {
			this.failure = failure;
		}

		@LlmRateLimited(model = "gpt-4o", fallbackMethod = "later")
		public String ask(String prompt) {
			throw this.failure;
		}

		private String later(LlmRateLimitExceededException ex) {
			return ex.reason().name();
		}

	}

	@SuppressWarnings("unused")
	static class Throwing {

		@LlmRateLimited(model = "gpt-4o", fallbackMethod = "later")
		public String ask(String prompt) throws IOException {
			return prompt;
		}

		private String later(String prompt) throws IOException {
			throw new IOException("no fallback");
		}

	}

	static class ByProperty {

		@LlmRateLimited(model = "gpt-4o", fallbackMethod = "${fallback}")
		public String ask(String prompt) {
			return prompt;
		}

		static String later(String prompt) {
			return "later " + prompt;
		}

	}

	interface Api {

		@LlmRateLimited(model = "gpt-4o", fallbackMethod = "later")
		String ask(String prompt);

		default String later(String prompt) {
			return "default " + prompt;
		}

	}

	static class Implementation implements Api {

		@Override
		public String ask(String prompt) {
			return prompt;
		}

	}

	@LlmRateLimited(model = "gpt-4o", fallbackMethod = "later")
	static class WholeClass {

		public String ask(String prompt) {
			return prompt;
		}

		public String later(String prompt) {
			return "later " + prompt;
		}

	}

	@SuppressWarnings("unused")
	static class Base {

		private String later(String prompt) {
			return "base " + prompt;
		}

	}

	static class Derived extends Base {

		@LlmRateLimited(model = "gpt-4o", fallbackMethod = "later")
		public String ask(String prompt) {
			return prompt;
		}

	}

	static class Missing {

		@LlmRateLimited(model = "gpt-4o", fallbackMethod = "cached")
		public String ask(String prompt) {
			return prompt;
		}

	}

	static class OtherArguments {

		@LlmRateLimited(model = "gpt-4o", fallbackMethod = "cached")
		public String ask(String prompt) {
			return prompt;
		}

		String cached(int n) {
			return "";
		}

	}

	static class OtherReturnType {

		@LlmRateLimited(model = "gpt-4o", fallbackMethod = "cached")
		public String ask(String prompt) {
			return prompt;
		}

		Object cached(String prompt) {
			return prompt;
		}

	}

	static class Itself {

		@LlmRateLimited(model = "gpt-4o", fallbackMethod = "ask")
		public String ask(String prompt) {
			return prompt;
		}

	}

	static class Expression {

		@LlmRateLimited(model = "gpt-4o", fallbackMethod = "#prompt")
		public String ask(String prompt) {
			return prompt;
		}

	}

}
