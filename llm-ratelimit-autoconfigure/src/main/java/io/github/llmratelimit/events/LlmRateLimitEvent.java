package io.github.llmratelimit.events;

import io.github.llmratelimit.BudgetKey;

/**
 * Something happened to a budget that an operator may want to hear of. A method with
 * {@code @EventListener} and a parameter of this type hears all of them, one with a
 * parameter of a type below only those.
 * <p>
 * Events are published on a thread of their own, one after another: a slow or failing
 * listener delays or fails no call, and no transaction or request is bound to the thread.
 */
public sealed interface LlmRateLimitEvent
		permits LlmRateLimitPausedEvent, LlmRateLimitResumedEvent, LlmQuotaExhaustedEvent, LlmLimitChangedEvent {

	/**
	 * Returns the model whose call brought it to light. What happened concerns all models
	 * of the {@link #budget() budget}.
	 * @return its name
	 */
	String model();

	/**
	 * Returns whose budget it is.
	 * @return provider and pool
	 */
	BudgetKey budget();

}
