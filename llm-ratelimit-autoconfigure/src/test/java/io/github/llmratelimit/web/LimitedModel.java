package io.github.llmratelimit.web;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LlmCall;
import io.github.llmratelimit.LlmRateLimiter;
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
import io.github.llmratelimit.time.FakeTime;
import org.jspecify.annotations.Nullable;

/**
 * The model {@code gpt-4o} of the account {@code work} with a real limiter, for tests of
 * what its calls see.
 */
final class LimitedModel {

	private final FakeTime time = new FakeTime();

	private final LlmRateLimiter limiter;

	LimitedModel(ProviderDialect dialect, String... hosts) {
		ModelLimits limits = new ModelLimits("gpt-4o", "gpt-4o", new BudgetKey("work", "gpt-4o"),
				List.of(Limit.perMinute(Dimension.TOKENS, 1000)), Booking.ESTIMATE, 512);
		LimiterDefinition definition = new LimiterDefinition(limits, Set.of(), dialect, Set.of(hosts),
				LimiterMode.ENFORCE);
		this.limiter = new LimiterRegistry(List.of(definition), EngineSettings.DEFAULTS,
				new Parts(this.time, this.time, CallRetry.NEVER, List.of(new SpringFailureReader()), List.of()))
			.limiter("gpt-4o");
	}

	/** A dialect that is a function. */
	static ProviderDialect dialect(Function<ProviderResponse, ProviderSignal> reading) {
		return new ProviderDialect() {

			@Override
			public String name() {
				return "function";
			}

			@Override
			public ProviderSignal read(ProviderResponse response, Instant now) {
				return reading.apply(response);
			}

		};
	}

	/** Makes a limited call, which never waits: nobody moves time. */
	<T extends @Nullable Object> T call(Callable<T> body) throws Exception {
		return this.limiter.call(CallRequest.of(Cost.ofTotal(100)).withMaxWait(Duration.ZERO), body);
	}

	/** What the running call has seen of its provider. */
	static @Nullable ProviderSignal seen() {
		return ((LimitedCall) LlmCall.current().orElseThrow()).signal();
	}

	/** How long everybody waits now. */
	Duration paused() {
		return this.limiter.status().paused();
	}

}
