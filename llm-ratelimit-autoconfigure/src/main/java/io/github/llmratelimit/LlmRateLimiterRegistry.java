package io.github.llmratelimit;

import java.util.Collection;
import java.util.Optional;

/**
 * All limiters of an application, found by the name of the model.
 */
public interface LlmRateLimiterRegistry {

	/**
	 * Finds a model's limiter. Aliases resolve first, then date suffixes
	 * ({@code gpt-4o-2024-11-20} is {@code gpt-4o}).
	 * @param model a model's name, alias, or dated name
	 * @return its limiter
	 * @throws UnknownLlmModelException if there is none
	 */
	LlmRateLimiter limiter(String model);

	/**
	 * As {@link #limiter(String)}, for callers that can do without.
	 * @param model a model's name, alias, or dated name
	 * @return its limiter, or nothing
	 */
	Optional<LlmRateLimiter> find(String model);

	/**
	 * Returns every limiter once.
	 * @return the limiters in the order of configuration
	 */
	Collection<LlmRateLimiter> limiters();

}
