package io.github.llmratelimit.aop;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.LlmRateLimitExceededException;
import io.github.llmratelimit.LlmRateLimited;
import io.github.llmratelimit.Priority;
import io.github.llmratelimit.UnknownLlmModelException;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link LlmRateLimitInterceptor} and {@link LimitedMethod}.
 */
@ExtendWith(OutputCaptureExtension.class)
class LlmRateLimitInterceptorTests {

	private final LimitedBeans beans = new LimitedBeans();

	@AfterEach
	void clearInterrupt() {
		Thread.interrupted();
	}

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

	@Nested
	class WhenInterrupted {

		private final InterruptedException interruption = new InterruptedException();

		@Test
		void callWhenTheMethodDeclaresItThrowsIt() {
			LlmRateLimitInterceptorTests.this.beans.limiter().refuse(this.interruption);
			Interruptible chat = LlmRateLimitInterceptorTests.this.beans.proxy(new Interruptible());
			assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> chat.ask("hi"))
				.isSameAs(this.interruption);
			assertThat(Thread.currentThread().isInterrupted()).isFalse();
		}

		@Test
		void callWhenTheMethodDeclaresNothingIsCancelled() {
			LlmRateLimitInterceptorTests.this.beans.limiter().refuse(this.interruption);
			Chat chat = LlmRateLimitInterceptorTests.this.beans.proxy(new Chat());
			assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> chat.ask("hi"))
				.withCause(this.interruption);
			assertThat(Thread.currentThread().isInterrupted()).isTrue();
		}

		@Test
		void callWhenTheMethodIsInterruptedItselfThrowsWhatItThrew() {
			Failing failing = LlmRateLimitInterceptorTests.this.beans.proxy(new Failing(this.interruption));
			assertThatExceptionOfType(InterruptedException.class).isThrownBy(failing::ask).isSameAs(this.interruption);
		}

		@Test
		void callWhenInterruptedAsksNoFallback() {
			LlmRateLimitInterceptorTests.this.beans.limiter().refuse(this.interruption);
			WithFallback chat = LlmRateLimitInterceptorTests.this.beans.proxy(new WithFallback());
			assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> chat.ask("hi"));
		}

		@Test
		void callWhenTheApplicationStopsAsksNoFallback() {
			CancellationException stopped = new CancellationException("stops");
			LlmRateLimitInterceptorTests.this.beans.limiter().refuse(stopped);
			WithFallback chat = LlmRateLimitInterceptorTests.this.beans.proxy(new WithFallback());
			assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> chat.ask("hi")).isSameAs(stopped);
		}

	}

	@Nested
	class Request {

		private final Terms terms = LlmRateLimitInterceptorTests.this.beans.proxy(new Terms());

		private CallRequest request() {
			return LlmRateLimitInterceptorTests.this.beans.limiter().request();
		}

		@Test
		void requestWhenNothingIsStatedHasTheDefaults() {
			this.terms.defaults();
			assertThat(request()).isEqualTo(new CallRequest(Cost.ofTotal(5), Priority.NORMAL, null, null));
		}

		@Test
		void requestWhenAllIsConstantHasIt() {
			this.terms.constants();
			assertThat(request())
				.isEqualTo(new CallRequest(Cost.ofTotal(5), Priority.BATCH, "acme", Duration.ofSeconds(30)));
		}

		@Test
		void requestWhenAllIsConstantIsTheSameObject() {
			this.terms.constants();
			this.terms.constants();
			List<CallRequest> requests = LlmRateLimitInterceptorTests.this.beans.limiter().requests();
			assertThat(requests.get(0)).isSameAs(requests.get(1));
		}

		@Test
		void requestWhenArgumentsSayItHasIt() {
			this.terms.arguments("HIGH", 42, Duration.ofMillis(5));
			assertThat(request())
				.isEqualTo(new CallRequest(Cost.ofTotal(5), Priority.HIGH, "42", Duration.ofMillis(5)));
		}

		@Test
		void requestWhenArgumentsAreOfTheTypesHasIt() {
			this.terms.arguments(Priority.BATCH, Optional.of("acme"), "PT2M");
			assertThat(request())
				.isEqualTo(new CallRequest(Cost.ofTotal(5), Priority.BATCH, "acme", Duration.ofMinutes(2)));
		}

		@Test
		void requestWhenArgumentsAreNullHasTheDefaults() {
			this.terms.arguments(null, null, null);
			assertThat(request()).isEqualTo(new CallRequest(Cost.ofTotal(5), Priority.NORMAL, null, null));
			assertThat(LlmRateLimitInterceptorTests.this.beans.failures()).isZero();
		}

		@Test
		void requestWhenTheTenantIsBlankHasNone() {
			this.terms.arguments(null, " ", null);
			assertThat(request().tenant()).isNull();
		}

		@Test
		void requestWhenArgumentsMakeNoSenseHasTheDefaults(CapturedOutput output) {
			this.terms.arguments("URGENT", "acme", -1);
			assertThat(request()).isEqualTo(new CallRequest(Cost.ofTotal(5), Priority.NORMAL, "acme", null));
			assertThat(output).contains("must be HIGH, NORMAL or BATCH, but is URGENT")
				.contains("must be a duration such as 30s, but is a java.lang.Integer");
		}

		@Test
		void requestWhenMaxWaitIsNegativeHasTheDefault() {
			this.terms.arguments(null, null, Duration.ofSeconds(-1));
			assertThat(request().maxWait()).isNull();
		}

		@Test
		void requestWhenExpressionsFailHasTheDefaults() {
			this.terms.broken(null);
			this.terms.broken(null);
			assertThat(LlmRateLimitInterceptorTests.this.beans.limiter().requests())
				.containsOnly(new CallRequest(Cost.ofTotal(5), Priority.NORMAL, null, null));
			assertThat(LlmRateLimitInterceptorTests.this.beans.failures()).isEqualTo(6);
		}

		@Test
		void requestWhenMaxWaitIsZeroNeverWaits() {
			this.terms.noWait();
			assertThat(request().maxWait()).isEqualTo(Duration.ZERO);
		}

	}

	@Nested
	class Model {

		private final Dynamic chat = LlmRateLimitInterceptorTests.this.beans.proxy(new Dynamic());

		@Test
		void modelWhenAnArgumentIsFoundByEachCall() {
			this.chat.ask("gpt-4o", "hi");
			this.chat.ask("gpt-4o-mini", "hi");
			assertThat(LlmRateLimitInterceptorTests.this.beans.limiter("gpt-4o").requests()).hasSize(1);
			assertThat(LlmRateLimitInterceptorTests.this.beans.limiter("gpt-4o-mini").requests()).hasSize(1);
		}

		@Test
		void modelWhenUnknownListsTheKnown() {
			assertThatExceptionOfType(UnknownLlmModelException.class).isThrownBy(() -> this.chat.ask("gpt-5", "hi"))
				.withMessageContaining("'gpt-5'")
				.withMessageContaining("gpt-4o, gpt-4o-mini");
		}

		@Test
		void modelWhenNullIsUnknown() {
			assertThatExceptionOfType(UnknownLlmModelException.class).isThrownBy(() -> this.chat.ask(null, "hi"))
				.withMessageContaining("gpt-4o, gpt-4o-mini");
		}

		@Test
		void modelWhenTheExpressionFailsIsUnknownWithTheCause() {
			assertThatExceptionOfType(UnknownLlmModelException.class).isThrownBy(() -> this.chat.trimmed(null))
				.withCauseInstanceOf(RuntimeException.class);
		}

	}

	@Nested
	class StartUp {

		@ParameterizedTest
		@ValueSource(classes = { ReturnsFuture.class, ReturnsPublisher.class })
		void methodWhenNobodyCanTellWhenItEndsIsRefused(Class<?> type) {
			assertThatExceptionOfType(InvalidLlmRateLimitedException.class)
				.isThrownBy(() -> LlmRateLimitInterceptorTests.this.beans.read(type))
				.withMessageContaining(type.getSimpleName() + ".ask(String)")
				.withMessageContaining("cannot be limited");
		}

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

	static class Interruptible {

		@LlmRateLimited("gpt-4o")
		public String ask(String prompt) throws InterruptedException {
			return prompt;
		}

	}

	static class WithFallback {

		@LlmRateLimited(model = "gpt-4o", fallbackMethod = "later")
		public String ask(String prompt) {
			return prompt;
		}

		String later(String prompt) {
			return "later";
		}

	}

	static class Terms {

		@LlmRateLimited(model = "gpt-4o", tokens = "5")
		public void defaults() {
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "5", priority = "batch", tenant = "acme", maxWait = "30s")
		public void constants() {
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "5", priority = "#priority", tenant = "#tenant", maxWait = "#wait")
		public void arguments(Object priority, Object tenant, Object wait) {
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "5", priority = "#text.trim()", tenant = "#text.trim()",
				maxWait = "#text.trim()")
		public void broken(String text) {
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "5", maxWait = "0s")
		public void noWait() {
		}

	}

	static class Dynamic {

		@LlmRateLimited(model = "#model")
		public void ask(String model, String prompt) {
		}

		@LlmRateLimited(model = "#model.trim()", tokens = "1")
		public void trimmed(String model) {
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
