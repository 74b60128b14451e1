package io.github.llmratelimit.resilience;

import io.github.llmratelimit.provider.ProviderSignal;
import org.jspecify.annotations.Nullable;

/**
 * Says what the provider of a model meant by a failure that no limited call has seen.
 */
@FunctionalInterface
public interface FailureSignals {

	/**
	 * Reads a failure and its causes.
	 * @param model name of the model
	 * @param failure what was thrown
	 * @return what the provider said, {@code null} if the failure carries no response
	 */
	@Nullable ProviderSignal read(String model, Throwable failure);

}
