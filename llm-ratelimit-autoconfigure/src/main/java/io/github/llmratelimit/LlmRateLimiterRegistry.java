package io.github.llmratelimit;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

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
	 * Chooses the model of a call: the first that would start it within
	 * {@code fallbackAfter}, by exact forecast and before the call queues anywhere. If
	 * none would, the first that can be waited for at all; if none can, the first, which
	 * will refuse.
	 * @param models the models in order of preference; where there is only one, the
	 * fallback models of its configuration follow
	 * @param request what the call needs
	 * @param fallbackAfter how long the call may have to wait before another model is
	 * preferred; {@code null} is the first model's configuration, else the call's
	 * {@code maxWait}
	 * @return the limiter of the model
	 * @throws UnknownLlmModelException if a model that is asked for does not exist
	 */
	default LlmRateLimiter choose(List<String> models, CallRequest request, @Nullable Duration fallbackAfter) {
		return new ModelChoice(this, request).choose(models, fallbackAfter);
	}

	/**
	 * Makes a call to the first of several models that starts it soon enough. The body
	 * learns by {@link LlmCall#model()} which one it is.
	 * @param <T> type of the answer
	 * @param models the models in order of preference
	 * @param request what the call needs
	 * @param fallbackAfter as in {@link #choose}
	 * @param body the call itself
	 * @return the body's answer
	 * @throws Exception as {@link LlmRateLimiter#call}
	 */
	default <T extends @Nullable Object> T call(List<String> models, CallRequest request,
			@Nullable Duration fallbackAfter, Callable<T> body) throws Exception {
		return choose(models, request, fallbackAfter).call(request, body);
	}

	/**
	 * Returns every limiter once.
	 * @return the limiters in the order of configuration
	 */
	Collection<LlmRateLimiter> limiters();

}
