package io.github.llmratelimit.resilience;

import java.time.Duration;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.provider.ProviderException;
import io.github.llmratelimit.provider.SignalKind;
import org.junit.jupiter.api.Test;

import static io.github.llmratelimit.resilience.Draws.MIDDLE;
import static io.github.llmratelimit.resilience.LimitedModel.failing;
import static io.github.llmratelimit.resilience.LimitedModel.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for {@link ResilienceRetry} where a provider refuses without saying for how long.
 */
class UnhintedRetryTests {

	@Test
	void callWhenRefusedWithoutHintWaitsUntilTheOldestCallHasLeftItsWindow() throws Exception {
		LimitedModel exact = LimitedModel.drawing(MIDDLE);
		exact.limiter.acquire(Cost.ofTotal(100)).close();
		exact.time.advance(Duration.ofSeconds(20));
		exact.call(failing(failure(SignalKind.RATE_LIMIT_TOKENS)));
		assertThat(exact.attempts).containsExactly(Duration.ofSeconds(20),
				Duration.ofSeconds(60).plus(LimitedModel.SLOT).plus(widenedGuard()));
	}

	@Test
	void callWhenRefusedWithoutHintIsFreeWithinAWindow() throws Exception {
		LimitedModel twice = new LimitedModel(LimitedModel.settings(2, Duration.ofSeconds(180)), MIDDLE,
				LimitedModel.TOKENS);
		// calls 20 seconds apart leave the window 20 seconds apart
		twice.limiter.acquire(Cost.ofTotal(100)).close();
		twice.time.advance(Duration.ofSeconds(20));
		twice.limiter.acquire(Cost.ofTotal(100)).close();
		twice.time.advance(Duration.ofSeconds(20));
		ProviderException refused = failure(SignalKind.RATE_LIMIT_TOKENS);
		assertThat(twice.call(failing(refused, refused, failure(SignalKind.SERVER_ERROR)))).isEqualTo("answer");
		assertThat(twice.attempts).startsWith(Duration.ofSeconds(40),
				Duration.ofSeconds(60).plus(LimitedModel.SLOT).plus(widenedGuard()),
				Duration.ofSeconds(80).plus(LimitedModel.SLOT).plus(widenedGuard()));
		assertThat(twice.heard).containsExactly(SignalKind.RATE_LIMIT_TOKENS, SignalKind.RATE_LIMIT_TOKENS,
				SignalKind.SERVER_ERROR);
	}

	@Test
	void callWhenRefusedWithoutHintAfterAWindowCountsAttempts() {
		LimitedModel twice = new LimitedModel(LimitedModel.settings(2, Duration.ofHours(1)), MIDDLE,
				LimitedModel.TOKENS);
		ProviderException first = failure(SignalKind.RATE_LIMIT_TOKENS);
		ProviderException second = failure(SignalKind.RATE_LIMIT_TOKENS);
		ProviderException third = failure(SignalKind.RATE_LIMIT_TOKENS);
		CallRequest patient = CallRequest.of(Cost.ofTotal(100)).withMaxWait(Duration.ofHours(1));
		assertThat(catchThrowable(() -> twice.call(patient, failing(first, second, third)))).isSameAs(third);
		assertThat(twice.attempts).hasSize(3);
	}

	@Test
	void callWhenRefusedWithoutHintByAnUnknownLimitWaitsForAll() throws Exception {
		LimitedModel exact = LimitedModel.drawing(MIDDLE);
		exact.call(failing(failure(SignalKind.RATE_LIMIT_UNKNOWN)));
		assertThat(exact.attempts).containsExactly(Duration.ZERO,
				Duration.ofSeconds(60).plus(LimitedModel.SLOT).plus(widenedGuard()));
	}

	/** A guard of zero becomes one slot after a refusal that the ledger can't explain. */
	private static Duration widenedGuard() {
		return LimitedModel.SLOT;
	}

}
