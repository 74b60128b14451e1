package io.github.llmratelimit.events;

import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.LlmRateLimitExceededException.Reason;

/**
 * Calls of a budget are admitted again. Follows each {@link LlmRateLimitPausedEvent} when
 * the pause and all that prolonged it have passed, whether or not calls wait then; and
 * each {@link LlmQuotaExhaustedEvent} when a call was answered again.
 *
 * @param model the model whose call was refused; of an exhausted quota, whose call was
 * answered
 * @param budget whose budget is no longer held back
 * @param reason why it was: {@link Reason#PAUSED}, {@link Reason#DAY_LIMIT} or
 * {@link Reason#QUOTA_EXHAUSTED}
 */
public record LlmRateLimitResumedEvent(String model, BudgetKey budget, Reason reason) implements LlmRateLimitEvent {
}
