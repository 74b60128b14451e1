package io.github.llmratelimit.engine;

import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LlmCall;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.ModelLimits;
import io.github.llmratelimit.engine.LimiterRegistry.Parts;
import io.github.llmratelimit.engine.settings.EngineSettings;
import io.github.llmratelimit.provider.ProviderException;
import io.github.llmratelimit.provider.ProviderSignal;
import io.github.llmratelimit.provider.SignalKind;
import io.github.llmratelimit.provider.WrittenDialect;
import io.github.llmratelimit.time.FakeTime;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for what a {@link LimiterRegistry} tells a retry.
 */
class LimiterRegistryReadTests {

	private static final Duration HINT = Duration.ofSeconds(2);

	private final FakeTime time = new FakeTime();

	private final List<SignalKind> retries = new ArrayList<>();

	private final LimiterRegistry registry = registry(LimiterMode.ENFORCE);

	@Test
	void readWhenModelIsKnownReadsInItsDialect() {
		ProviderException failure = new ProviderException(WrittenDialect.response(SignalKind.RATE_LIMIT_TOKENS, HINT));
		ProviderSignal signal = this.registry.read("gpt-4o-2024-11-20", failure);
		assertThat(signal).isEqualTo(ProviderSignal.of(SignalKind.RATE_LIMIT_TOKENS, true, HINT));
	}

	@Test
	void readWhenNotActedOnPausesNobody() {
		this.registry.read("gpt-4o",
				new ProviderException(WrittenDialect.response(SignalKind.RATE_LIMIT_TOKENS, HINT)));
		assertThat(this.registry.limiter("gpt-4o").status().paused()).isZero();
	}

	@Test
	void readWhenNeverSentIsAFailedServer() {
		ProviderSignal signal = this.registry.read("gpt-4o", new IllegalStateException(new ConnectException()));
		assertThat(signal).isEqualTo(ProviderSignal.of(SignalKind.SERVER_ERROR, true, null));
	}

	@Test
	void readWhenFailureIsUnknownIsNull() {
		assertThat(this.registry.read("gpt-4o", new IllegalStateException())).isNull();
	}

	@Test
	void readWhenModelIsUnknownIsNull() {
		assertThat(this.registry.read("o9", new ConnectException())).isNull();
	}

	@Test
	void retryingWhenSignalWasSeenTellsItsKind() throws Exception {
		call(this.registry, () -> {
			LimitedCall call = (LimitedCall) LlmCall.current().orElseThrow();
			call.onResponse(WrittenDialect.response(SignalKind.OVERLOADED));
			call.retrying();
			return null;
		});
		assertThat(this.retries).containsExactly(SignalKind.OVERLOADED);
	}

	@Test
	void retryingWhenNothingWasSeenTellsAServerError() throws Exception {
		call(this.registry, () -> {
			((LimitedCall) LlmCall.current().orElseThrow()).retrying();
			return null;
		});
		assertThat(this.retries).containsExactly(SignalKind.SERVER_ERROR);
	}

	@Test
	void callWhenOnlyObservedIsNotRepeated() {
		ProviderException failure = new ProviderException(WrittenDialect.response(SignalKind.SERVER_ERROR));
		assertThatExceptionOfType(ProviderException.class).isThrownBy(() -> call(registry(LimiterMode.OBSERVE), () -> {
			throw failure;
		})).isSameAs(failure);
		assertThat(this.retries).isEmpty();
	}

	private <T> T call(LimiterRegistry registry, Callable<T> body) throws Exception {
		return registry.limiter("gpt-4o").call(CallRequest.of(Cost.of(10, 10)), body);
	}

	private LimiterRegistry registry(LimiterMode mode) {
		ModelLimits limits = new ModelLimits("gpt-4o", "gpt-4o", new BudgetKey("openai", "gpt-4o"),
				List.of(Limit.perMinute(Dimension.TOKENS, 1000)), Booking.ESTIMATE, 512);
		CallRetry once = new CallRetry() {
			@Override
			public <T> T run(LimitedCall call, Callable<T> attempt) throws Exception {
				try {
					return attempt.call();
				}
				catch (ProviderException ex) {
					call.retrying();
					return attempt.call();
				}
			}
		};
		RateLimitListener listener = new RateLimitListener() {
			@Override
			public void onRetry(LlmRateLimiter limiter, SignalKind kind) {
				LimiterRegistryReadTests.this.retries.add(kind);
			}
		};
		return new LimiterRegistry(
				List.of(new LimiterDefinition(limits, Set.of(), new WrittenDialect(), Set.of(), mode)),
				EngineSettings.DEFAULTS, new Parts(this.time, this.time, once, List.of(ProviderException::read),
						(result) -> null, List.of(listener)));
	}

}
