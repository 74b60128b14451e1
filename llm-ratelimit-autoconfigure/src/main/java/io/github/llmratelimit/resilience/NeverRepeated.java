package io.github.llmratelimit.resilience;

import java.util.concurrent.CancellationException;

import io.github.llmratelimit.LlmRateLimitExceededException;
import org.jspecify.annotations.Nullable;

/**
 * Failures that no provider is to blame for, so that no repetition helps: a limiter
 * refused, the caller gave up, or the application stops. What else is not repeated is the
 * signal's to say, and what is unknown carries none.
 */
final class NeverRepeated {

	/** Chains of causes longer than this are not followed; they may be cyclic. */
	private static final int MOST_CAUSES = 50;

	private NeverRepeated() {
	}

	static boolean isIn(Throwable failure) {
		@Nullable Throwable cause = failure;
		for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++) {
			if (cause instanceof LlmRateLimitExceededException || cause instanceof InterruptedException
					|| cause instanceof CancellationException) {
				return true;
			}
			cause = cause.getCause();
		}
		return false;
	}

}
