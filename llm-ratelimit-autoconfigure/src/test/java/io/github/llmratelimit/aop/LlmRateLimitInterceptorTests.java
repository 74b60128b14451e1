package io.github.llmratelimit.aop;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;

import io.github.llmratelimit.LlmRateLimitExceededException;
import io.github.llmratelimit.LlmRateLimited;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aop.framework.ProxyFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link LlmRateLimitInterceptor}.
 */
class LlmRateLimitInterceptorTests {

	private final LimitedBeans beans = new LimitedBeans();

	@Test
	void callWhenAdmittedAnswers() {
		assertThat(this.beans.proxy(new Chat()).ask("hi")).isEqualTo("answer to hi");
	}

	@Test
	void callWhenThroughAnInterfaceProxyIsLimited() {
		Api api = this.beans.proxy(Api.class, new Chat());
		assertThat(api.ask("hi")).isEqualTo("answer to hi");
		assertThat(this.beans.limiter().requests()).hasSize(1);
	}

	@Test
	void callWhenTheMethodIsNotAnnotatedIsNotLimited() {
		this.beans.proxy(new Chat()).free();
		assertThat(this.beans.limiter().requests()).isEmpty();
	}

	@Test
	void callWhenItsObjectIsAProxyItselfIsLimited() {
		Api inner = (Api) new ProxyFactory(Api.class, (MethodInterceptor) (call) -> "inner").getProxy();
		Api outer = this.beans.proxy(Api.class, inner);
		assertThat(outer.ask("hi")).isEqualTo("inner");
		assertThat(this.beans.limiter().requests()).hasSize(1);
	}

	@Test
	void callWhenRefusedThrowsTheRefusal() {
		this.beans.limiter().refuse();
		Chat chat = this.beans.proxy(new Chat());
		assertThatExceptionOfType(LlmRateLimitExceededException.class).isThrownBy(() -> chat.ask("hi"));
	}

	@Test
	void callWhenItFailsThrowsTheSameFailure() {
		IOException failure = new IOException("lost");
		Failing failing = this.beans.proxy(new Failing(failure));
		assertThatExceptionOfType(IOException.class).isThrownBy(failing::ask).isSameAs(failure);
	}

	@Test
	void callWhenItThrowsAnErrorThrowsTheSameError() {
		Error failure = new StackOverflowError();
		Failing failing = this.beans.proxy(new Failing(failure));
		assertThatExceptionOfType(StackOverflowError.class).isThrownBy(failing::ask).isSameAs(failure);
	}

	@Test
	void callWhenRepeatedPassesAllInnerAdviceAgain() {
		List<String> seen = new ArrayList<>();
		FailingOnce target = new FailingOnce();
		this.beans.limiter().attempts(2);
		ProxyFactory factory = new ProxyFactory(target);
		factory.setProxyTargetClass(true);
		factory.addAdvisor(this.beans.advisor());
		factory.addAdvice((MethodInterceptor) (invocation) -> {
			seen.add("inner");
			return invocation.proceed();
		});
		assertThat(((FailingOnce) factory.getProxy()).ask("hi")).isEqualTo("hi");
		assertThat(seen).hasSize(2);
	}

	@ParameterizedTest
	@ValueSource(classes = { ReturnsFuture.class, ReturnsPublisher.class })
	void methodWhenNobodyCanTellWhenItEndsIsRefused(Class<?> type) {
		this.beans.refused(type)
			.withMessageContaining(type.getSimpleName() + ".ask(String)")
			.withMessageContaining("cannot be limited");
	}

	interface Api {

		@LlmRateLimited("gpt-4o")
		String ask(String prompt);

	}

	static class Chat implements Api {

		@Override
		public String ask(String prompt) {
			return "answer to " + prompt;
		}

		public void free() {
		}

	}

	static class Failing {

		private final Throwable failure;

		Failing(Throwable failure) {
			this.failure = failure;
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "1")
		public String ask() throws Throwable {
			throw this.failure;
		}

	}

	static class FailingOnce {

		private boolean failed;

		@LlmRateLimited("gpt-4o")
		public String ask(String prompt) {
			if (!this.failed) {
				this.failed = true;
				throw new IllegalStateException("first attempt");
			}
			return prompt;
		}

	}

	static class ReturnsFuture {

		@LlmRateLimited("gpt-4o")
		public Future<String> ask(String prompt) {
			return CompletableFuture.completedFuture(prompt);
		}

	}

	static class ReturnsPublisher {

		@LlmRateLimited("gpt-4o")
		public Flow.Publisher<String> ask(String prompt) {
			return (subscriber) -> {
			};
		}

	}

}
