package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.List;

import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * A provider's refusal from which on nobody is admitted to a budget.
 *
 * @param reason what callers that cannot wait so long are told: {@link Reason#PAUSED},
 * {@link Reason#DAY_LIMIT} or {@link Reason#QUOTA_EXHAUSTED}
 * @param dimensions what was refused; empty if that is everything, or unknown
 * @param length how long it holds, as far as is known now: later refusals prolong it. Of
 * an exhausted quota, how long until one call tries again
 * @param cause the exception that carried the refusal, {@code null} if the response was
 * heard before it became one
 */
public record PauseStart(Reason reason, List<Dimension> dimensions, Duration length, @Nullable Throwable cause) {

	public PauseStart {
		dimensions = List.copyOf(dimensions);
	}

}
