package io.github.llmratelimit.aop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.LimiterStatus;
import io.github.llmratelimit.LlmCall;
import io.github.llmratelimit.LlmRateLimitExceededException;
import io.github.llmratelimit.LlmRateLimited;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.UnknownLlmModelException;
import io.github.llmratelimit.engine.TestLimiters;
import io.github.llmratelimit.time.FakeTime;
import io.github.llmratelimit.tokens.TokenEstimator;
import org.junit.jupiter.api.Test;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests for {@link StageAdapter} and what calls it, on real limiters in fake time. */
class LaterMethodTests {

	private final FakeTime time = new FakeTime();

	private final LlmRateLimiterRegistry registry = new TestLimiters(this.time).model("gpt-4o")
		.model("gpt-4o-mini")
		.build();

	private final LlmRateLimiter limiter = this.registry.limiter("gpt-4o");

	private final Chat chat = proxy(new Chat());

	@Test
	void callWhenThereIsBudgetAnswers() {
		CompletableFuture<String> call = this.chat.ask("hi");
		assertThat(call).isNotDone();
		this.chat.answers().get(0).complete("hello");
		assertThat(call).isCompletedWithValue("hello");
	}

	@Test
	void callWhenThereIsNoBudgetReturnsAndStartsWhenItComesBack() {
		spend();
		CompletableFuture<String> call = this.chat.ask("hi");
		assertThat(this.chat.answers()).isEmpty();
		this.time.advance(Duration.ofSeconds(61));
		this.chat.answers().get(0).complete("hello");
		assertThat(call).isCompletedWithValue("hello");
	}

	@Test
	void callWhenCancelledWhileWaitingLeavesNothing() {
		spend();
		this.chat.ask("hi").cancel(true);
		assertThat(this.limiter.status().queued()).isZero();
	}

	@Test
	void callWhenRefusedIsAnsweredByTheFallback() {
		spend();
		assertThat(this.chat.impatient("hi").toCompletableFuture())
			.isCompletedWithValue("instead of " + LlmRateLimitExceededException.class.getSimpleName());
	}

	@Test
	void callWhenTheMethodThrowsIsAnsweredByTheFallback() {
		assertThat(this.chat.impatient(null).toCompletableFuture())
			.isCompletedWithValue("instead of " + NullPointerException.class.getSimpleName());
	}

	@Test
	void callWithFallbackWhenCancelledCancelsTheMethodsStage() {
		this.chat.impatient("hi").toCompletableFuture().cancel(true);
		assertThat(this.chat.answers().get(0)).isCancelled();
		assertThat(this.limiter.status().inFlight()).isZero();
	}

	@Test
	void callWhenItsModelIsUnknownFailsInTheStage() {
		assertThat(this.chat.model("gpt-9")).failsWithin(Duration.ZERO)
			.withThrowableThat()
			.withCauseInstanceOf(UnknownLlmModelException.class);
	}

	@Test
	void callWhenItWouldWaitGetsTheFallbackModel() {
		spend();
		assertThat(this.chat.spilling("hi")).isCompletedWithValue("gpt-4o-mini");
		assertThat(this.limiter.status().queued()).isZero();
	}

	@Test
	void callWhenItNeedNotWaitGetsItsOwnModel() {
		assertThat(this.chat.spilling("hi")).isCompletedWithValue("gpt-4o");
	}

	@Test
	void callOfASynchronousMethodGetsTheFallbackModelToo() {
		spend();
		assertThat(this.chat.now("hi")).isEqualTo("gpt-4o-mini");
		assertThat(requestsLeft("gpt-4o-mini")).isEqualTo(9);
	}

	private void spend() {
		this.limiter.tryAcquire(Cost.ofTotal(1000)).orElseThrow().close();
	}

	private long requestsLeft(String model) {
		return this.registry.limiter(model)
			.status()
			.windows()
			.stream()
			.filter((window) -> window.limit().dimension() == Dimension.REQUESTS)
			.findAny()
			.map(LimiterStatus.Window::remaining)
			.orElseThrow();
	}

	private Chat proxy(Chat target) {
		ProxyFactory factory = new ProxyFactory(target);
		factory.setProxyTargetClass(true);
		factory.addAdvisor(new LlmRateLimitAdvisor(new DefaultListableBeanFactory(), () -> this.registry,
				() -> new TokenEstimator(List.of(new FakeTokens())), () -> 0));
		return (Chat) factory.getProxy();
	}

	static class Chat {

		private final List<CompletableFuture<String>> answers = new ArrayList<>();

		List<CompletableFuture<String>> answers() {
			return this.answers;
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "100")
		public CompletableFuture<String> ask(String prompt) {
			CompletableFuture<String> answer = new CompletableFuture<>();
			answers().add(answer);
			return answer;
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "100", maxWait = "0s", fallbackMethod = "instead")
		public CompletionStage<String> impatient(String prompt) {
			prompt.length();
			return ask0();
		}

		private CompletionStage<String> ask0() {
			CompletableFuture<String> answer = new CompletableFuture<>();
			answers().add(answer);
			return answer;
		}

		private CompletionStage<String> instead(String prompt, Exception failure) {
			return CompletableFuture.completedFuture("instead of " + failure.getClass().getSimpleName());
		}

		@LlmRateLimited(model = "#model", tokens = "100")
		public CompletableFuture<String> model(String model) {
			return CompletableFuture.completedFuture(model);
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "100", fallbackModels = "gpt-4o-mini", fallbackAfter = "2s")
		public CompletableFuture<String> spilling(String prompt) {
			return CompletableFuture.completedFuture(LlmCall.current().orElseThrow().model());
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "100", fallbackModels = "gpt-4o-mini", fallbackAfter = "2s")
		public String now(String prompt) {
			return LlmCall.current().orElseThrow().model();
		}

	}

}
