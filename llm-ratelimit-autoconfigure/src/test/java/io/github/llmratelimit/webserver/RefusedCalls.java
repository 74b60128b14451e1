package io.github.llmratelimit.webserver;

import java.time.Duration;

import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.LlmRateLimitExceededException;
import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.LlmRateLimitExceededException.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Refused calls of tenant {@code acme} to model {@code gpt-4o}: 40,000 tokens asked for
 * where 30,000 are the limit, to be tried again after 12.3 seconds.
 */
public final class RefusedCalls {

	private RefusedCalls() {
	}

	/**
	 * Creates the exception of a refused call.
	 * @param reason why it was refused
	 * @return the exception
	 */
	public static LlmRateLimitExceededException of(Reason reason) {
		return of(reason, Duration.ofMillis(12_300));
	}

	static LlmRateLimitExceededException of(Reason reason, @Nullable Duration retryAfter) {
		return new LlmRateLimitExceededException(new Refusal(reason, "gpt-4o", "acme", Dimension.TOKENS, 30_000, 40_000,
				retryAfter, Duration.ofSeconds(5)), null);
	}

}
