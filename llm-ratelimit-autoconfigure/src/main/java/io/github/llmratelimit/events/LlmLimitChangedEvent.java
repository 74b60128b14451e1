package io.github.llmratelimit.events;

import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.learning.LimitChange;
import org.jspecify.annotations.Nullable;

/**
 * What the provider told of a limit has changed the limit in force, or would have, had
 * the application not stated a lower one; or it told of a limit that nobody had stated.
 *
 * @param model the model whose call was answered
 * @param budget whose limit it is
 * @param cause why it changed; with {@link LimitChange.Cause#ABOVE_CEILING} it did not
 * @param from the limit before; {@code null} with {@link LimitChange.Cause#FOUND}: the
 * limit is new
 * @param to the limit now, with its dimension, window and amount
 * @param told the whole amount that the provider told, before this instance's share was
 * taken; 0 if nothing was told
 */
public record LlmLimitChangedEvent(String model, BudgetKey budget, LimitChange.Cause cause, @Nullable Limit from,
		Limit to, long told) implements LlmRateLimitEvent {
}
