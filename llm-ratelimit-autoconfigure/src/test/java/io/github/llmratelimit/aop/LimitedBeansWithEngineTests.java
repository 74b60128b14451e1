package io.github.llmratelimit.aop;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LlmCall;
import io.github.llmratelimit.LlmRateLimitExceededException;
import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.LlmRateLimited;
import io.github.llmratelimit.ModelLimits;
import io.github.llmratelimit.engine.CallRetry;
import io.github.llmratelimit.engine.settings.EngineSettings;
import io.github.llmratelimit.engine.LimitedCall;
import io.github.llmratelimit.engine.LimiterDefinition;
import io.github.llmratelimit.engine.LimiterMode;
import io.github.llmratelimit.engine.LimiterRegistry;
import io.github.llmratelimit.engine.LimiterRegistry.Parts;
import io.github.llmratelimit.provider.ProviderDialect;
import io.github.llmratelimit.provider.ProviderResponse;
import io.github.llmratelimit.provider.ProviderSignal;
import io.github.llmratelimit.time.AlarmClock;
import org.junit.jupiter.api.Test;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of limited beans with real limiters.
 */
class LimitedBeansWithEngineTests {

	private static final long TOKENS_PER_MINUTE = 1000;

	private final LimiterRegistry registry = new LimiterRegistry(List.of(definition()), EngineSettings.DEFAULTS,
			new Parts(new StoppedClock(), InstantSource.system(), new TwoAttempts(), List.of(), (result) -> null,
					List.of()));

	private final Chat chat = proxy(new Chat());

	private long remaining() {
		return this.registry.limiter("gpt-4o").status().windows().get(0).remaining();
	}

	@Test
	void callWhenAdmittedTakesItsTokens() {
		this.chat.ask(400);
		assertThat(remaining()).isEqualTo(600);
	}

	@Test
	void callWhenMadeIsTheCurrentOne() {
		assertThat(this.chat.ask(400)).isEqualTo("gpt-4o");
		assertThat(LlmCall.current()).isEmpty();
	}

	@Test
	void callWhenLargerThanTheLimitIsRefused() {
		assertThatExceptionOfType(LlmRateLimitExceededException.class).isThrownBy(() -> this.chat.ask(1001))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(Reason.REQUEST_TOO_LARGE))
			.satisfies((ex) -> assertThat(ex.requested()).isEqualTo(1001));
	}

	@Test
	void callWhenItMayNotWaitIsRefusedAtOnce() {
		this.chat.ask(800);
		assertThatExceptionOfType(LlmRateLimitExceededException.class).isThrownBy(() -> this.chat.askNow(400))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(Reason.WAIT_TOO_LONG));
	}

	@Test
	void callWhenRefusedLeavesNothingBehind() {
		this.chat.ask(800);
		assertThatExceptionOfType(LlmRateLimitExceededException.class).isThrownBy(() -> this.chat.askNow(400));
		assertThat(remaining()).isEqualTo(200);
	}

	@Test
	void callWhenRefusedAsksTheFallback() {
		this.chat.ask(800);
		assertThat(this.chat.askOr(400)).isEqualTo("later");
	}

	@Test
	void callWhenRepeatedTakesBudgetForEachAttempt() {
		assertThat(this.chat.askTwice(100)).isEqualTo("attempt 2");
		assertThat(remaining()).isEqualTo(800);
	}

	@Test
	void callWhenTheDefaultOutputIsAboveTheLimitIsNotRefusedForIt() {
		this.chat.text("four");
		assertThat(remaining()).isZero();
	}

	private static LimiterDefinition definition() {
		ModelLimits limits = new ModelLimits("gpt-4o", "gpt-4o", new BudgetKey("openai", "gpt-4o"),
				List.of(Limit.perMinute(Dimension.TOKENS, TOKENS_PER_MINUTE)), Booking.ESTIMATE, 5_000);
		return new LimiterDefinition(limits, Set.of(), new SilentDialect(), Set.of(), LimiterMode.ENFORCE);
	}

	private Chat proxy(Chat target) {
		ProxyFactory factory = new ProxyFactory(target);
		factory.setProxyTargetClass(true);
		factory.addAdvisor(new LlmRateLimitAdvisor(new DefaultListableBeanFactory(), () -> this.registry,
				FakeTokens::estimator, () -> 0));
		return (Chat) factory.getProxy();
	}

	static class Chat {

		@LlmRateLimited(model = "gpt-4o", tokens = "#n")
		public String ask(int n) {
			return LlmCall.current().map(LlmCall::model).orElseThrow();
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "#n", maxWait = "0s")
		public String askNow(int n) {
			return "now";
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "#n", maxWait = "0s", fallbackMethod = "later")
		public String askOr(int n) {
			return "now";
		}

		String later(int n) {
			return "later";
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "#n")
		public String askTwice(int n) {
			int attempt = LlmCall.current().orElseThrow().attempt();
			if (attempt == 1) {
				throw new IllegalStateException("first attempt");
			}
			return "attempt " + attempt;
		}

		@LlmRateLimited("gpt-4o")
		public void text(String prompt) {
		}

	}

	private static final class StoppedClock implements AlarmClock {

		@Override
		public long nanos() {
			return 0;
		}

		@Override
		public Alarm newAlarm(Runnable task) {
			return (atNanos) -> {
			};
		}

	}

	private static final class TwoAttempts implements CallRetry {

		@Override
		public <T> T run(LimitedCall call, Callable<T> attempt) throws Exception {
			try {
				return attempt.call();
			}
			catch (IllegalStateException ex) {
				return attempt.call();
			}
		}

	}

	private static final class SilentDialect implements ProviderDialect {

		@Override
		public String name() {
			return "silent";
		}

		@Override
		public ProviderSignal read(ProviderResponse response, Instant now) {
			throw new UnsupportedOperationException();
		}

	}

}
