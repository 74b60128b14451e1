package io.github.llmratelimit.engine;

import java.time.Instant;
import java.util.List;
import java.util.Set;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimiterStatus.State;
import io.github.llmratelimit.LlmCall;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.ModelLimits;
import io.github.llmratelimit.engine.settings.EngineSettings;
import io.github.llmratelimit.provider.HttpFields;
import io.github.llmratelimit.provider.ProviderDialect;
import io.github.llmratelimit.provider.ProviderException;
import io.github.llmratelimit.provider.ProviderResponse;
import io.github.llmratelimit.provider.ProviderSignal;
import io.github.llmratelimit.provider.SignalKind;
import io.github.llmratelimit.time.FakeTime;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for calls whose provider speaks a dialect of the application's own that fails.
 */
class BrokenDialectTests {

	private final FakeTime time = new FakeTime();

	private final LimiterRegistry registry = registry();

	private final LlmRateLimiter limiter = this.registry.limiter("gpt-4o");

	@Test
	void callWhenDialectFailsReturnsTheAnswer() throws Exception {
		assertThat(this.limiter.<String>call(CallRequest.of(Cost.of(1, 1)), () -> {
			((LimitedCall) LlmCall.current().orElseThrow()).onResponse(response(200));
			return "answer";
		})).isEqualTo("answer");
	}

	@Test
	void callWhenDialectFailsOnAFailureThrowsThatFailure() {
		ProviderException failure = new ProviderException(response(429));
		assertThatThrownBy(() -> fail(failure)).isSameAs(failure).hasNoSuppressedExceptions();
	}

	@Test
	void callWhenDialectFailsLeavesNothingInFlight() {
		assertThatThrownBy(() -> fail(new ProviderException(response(429))));
		assertThat(this.limiter.status().inFlight()).isZero();
	}

	@Test
	void callWhenDialectFailsOnARefusalStillPausesEverybody() {
		assertThatThrownBy(() -> fail(new ProviderException(response(429))));
		assertThat(this.limiter.status().state()).isEqualTo(State.PAUSED);
	}

	@Test
	void callWhenDialectFailsStillKnowsTheStatus() {
		assertThatThrownBy(() -> fail(new ProviderException(response(401))));
		assertThat(this.limiter.status().state()).isEqualTo(State.REFUSED_KEY);
	}

	@Test
	void readWhenDialectFailsSaysWhatTheStatusMeans() {
		assertThat(this.registry.read("gpt-4o", new ProviderException(response(429))))
			.isEqualTo(ProviderSignal.of(SignalKind.RATE_LIMIT_UNKNOWN, true, null));
	}

	private void fail(ProviderException failure) throws Exception {
		this.limiter.call(CallRequest.of(Cost.of(1, 1)), () -> {
			throw failure;
		});
	}

	private static ProviderResponse response(int status) {
		return new ProviderResponse(status, HttpFields.EMPTY, "");
	}

	private LimiterRegistry registry() {
		ModelLimits limits = new ModelLimits("gpt-4o", "gpt-4o", new BudgetKey("own", "gpt-4o"),
				List.of(Limit.perMinute(Dimension.REQUESTS, 10)), Booking.ESTIMATE, ModelLimits.DEFAULT_OUTPUT_TOKENS);
		return new LimiterRegistry(
				List.of(new LimiterDefinition(limits, Set.of(), new BrokenDialect(), Set.of(), LimiterMode.ENFORCE)),
				EngineSettings.DEFAULTS, new LimiterRegistry.Parts(this.time, this.time, CallRetry.NEVER,
						List.of(ProviderException::read), List.of()));
	}

	private static final class BrokenDialect implements ProviderDialect {

		@Override
		public String name() {
			return "own";
		}

		@Override
		public ProviderSignal read(ProviderResponse response, Instant now) {
			throw new IllegalStateException("broken");
		}

	}

}
