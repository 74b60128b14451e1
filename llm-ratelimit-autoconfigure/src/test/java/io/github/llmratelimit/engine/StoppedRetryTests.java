package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.ModelLimits;
import io.github.llmratelimit.engine.settings.EngineSettings;
import io.github.llmratelimit.provider.WrittenDialect;
import io.github.llmratelimit.time.FakeTime;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for calls that are held back for another attempt while the application stops.
 */
class StoppedRetryTests {

	private final FakeTime time = new FakeTime();

	@Test
	void callWhenStoppedWhileHeldBackFailsAsItsLastAttempt() throws Exception {
		IllegalStateException failure = new IllegalStateException("attempt");
		LimiterRegistry registry = registry();
		CompletableFuture<Throwable> thrown = new CompletableFuture<>();
		Thread caller = new Thread(() -> thrown.complete(failureOf(registry, failure)));
		caller.start();
		FakeTime.awaitParked(caller);
		registry.close();
		assertThat(thrown.get(20, TimeUnit.SECONDS)).isSameAs(failure);
	}

	private static Throwable failureOf(LimiterRegistry registry, Exception failure) {
		try {
			return registry.limiter("gpt-4o").call(CallRequest.of(Cost.of(1, 1)), () -> {
				throw failure;
			});
		}
		catch (Exception ex) {
			return ex;
		}
	}

	private LimiterRegistry registry() {
		ModelLimits limits = new ModelLimits("gpt-4o", "gpt-4o", new BudgetKey("own", "gpt-4o"),
				List.of(Limit.perMinute(Dimension.REQUESTS, 10)), Booking.ESTIMATE, ModelLimits.DEFAULT_OUTPUT_TOKENS);
		return new LimiterRegistry(
				List.of(new LimiterDefinition(limits, Set.of(), new WrittenDialect(), Set.of(), LimiterMode.ENFORCE)),
				EngineSettings.DEFAULTS,
				new LimiterRegistry.Parts(this.time, this.time, new OneMore(), List.of(), List.of()));
	}

	/** Makes a second attempt ten seconds after the first. */
	private static final class OneMore implements CallRetry {

		@Override
		public <T> T run(LimitedCall call, Callable<T> attempt) throws Exception {
			try {
				return attempt.call();
			}
			catch (IllegalStateException ex) {
				call.delayNextAttempt(Duration.ofSeconds(10));
				return attempt.call();
			}
		}

	}

}
