package io.github.llmratelimit.events;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * The provider refused a call, and all calls of the budget are held back. Published once
 * for each pause, however many calls are refused during it; again only if a pause turns
 * into one for the day.
 *
 * @param model the model whose call was refused
 * @param budget whose budget is paused
 * @param reason {@link Reason#PAUSED}, or {@link Reason#DAY_LIMIT} if the limit of a day
 * is used up
 * @param dimensions what was refused; empty if that is everything, or the provider did
 * not say
 * @param retryAfter how long the pause lasts, as far as is known now: later refusals
 * prolong it
 * @param until when that will be, by the time of day
 * @param cause the exception that carried the refusal; {@code null} if an HTTP client's
 * interceptor saw the response before there was one, as it does for auto-configured
 * clients
 */
public record LlmRateLimitPausedEvent(String model, BudgetKey budget, Reason reason, List<Dimension> dimensions,
		Duration retryAfter, Instant until, @Nullable Throwable cause) implements LlmRateLimitEvent {

	public LlmRateLimitPausedEvent {
		dimensions = List.copyOf(dimensions);
	}

}
