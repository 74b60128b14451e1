package io.github.llmratelimit.aop;

import java.util.concurrent.CancellationException;

import io.github.llmratelimit.LlmRateLimited;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link LlmRateLimitInterceptor} where a call is interrupted or cancelled.
 */
class InterruptedCallTests {

	private final LimitedBeans beans = new LimitedBeans();

	private final InterruptedException interruption = new InterruptedException();

	@AfterEach
	void clearInterrupt() {
		Thread.interrupted();
	}

	@Test
	void callWhenTheMethodDeclaresItThrowsIt() {
		this.beans.limiter().refuse(this.interruption);
		Interruptible chat = this.beans.proxy(new Interruptible());
		assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> chat.ask("hi"))
			.isSameAs(this.interruption);
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
	}

	@Test
	void callWhenTheMethodDeclaresNothingIsCancelled() {
		this.beans.limiter().refuse(this.interruption);
		Chat chat = this.beans.proxy(new Chat());
		assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> chat.ask("hi"))
			.withCause(this.interruption);
		assertThat(Thread.currentThread().isInterrupted()).isTrue();
	}

	@Test
	void callWhenTheMethodIsInterruptedItselfThrowsWhatItThrew() {
		Interrupted failing = this.beans.proxy(new Interrupted(this.interruption));
		assertThatExceptionOfType(InterruptedException.class).isThrownBy(failing::ask).isSameAs(this.interruption);
	}

	@Test
	void callWhenInterruptedAsksNoFallback() {
		this.beans.limiter().refuse(this.interruption);
		WithFallback chat = this.beans.proxy(new WithFallback());
		assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> chat.ask("hi"));
	}

	@Test
	void callWhenTheApplicationStopsAsksNoFallback() {
		CancellationException stopped = new CancellationException("stops");
		this.beans.limiter().refuse(stopped);
		WithFallback chat = this.beans.proxy(new WithFallback());
		assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> chat.ask("hi")).isSameAs(stopped);
	}

	static class Chat {

		@LlmRateLimited("gpt-4o")
		public String ask(String prompt) {
			return prompt;
		}

	}

	static class Interrupted {

		private final InterruptedException interruption;

		Interrupted(InterruptedException interruption) {
			this.interruption = interruption;
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "1")
		public String ask() throws InterruptedException {
			throw this.interruption;
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

}
