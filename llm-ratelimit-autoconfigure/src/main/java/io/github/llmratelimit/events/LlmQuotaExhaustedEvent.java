package io.github.llmratelimit.events;

import java.time.Duration;
import java.time.Instant;

import io.github.llmratelimit.BudgetKey;
import org.jspecify.annotations.Nullable;

/**
 * The provider says that the account's money or quota is used up: calls are refused, but
 * for one now and again that finds out whether it still is. Published once, not for each
 * of those; somebody has to look at plan and billing.
 *
 * @param model the model whose call was refused
 * @param budget whose calls are refused
 * @param retryAfter how long until the first call tries again
 * @param until when that will be, by the time of day
 * @param cause the exception that carried the refusal; {@code null} if an HTTP client's
 * interceptor saw the response before there was one
 */
public record LlmQuotaExhaustedEvent(String model, BudgetKey budget, Duration retryAfter, Instant until,
		@Nullable Throwable cause) implements LlmRateLimitEvent {
}
