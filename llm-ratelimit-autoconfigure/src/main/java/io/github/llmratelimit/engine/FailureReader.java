package io.github.llmratelimit.engine;

import io.github.llmratelimit.provider.ProviderResponse;
import org.jspecify.annotations.Nullable;

/**
 * Finds a provider's response in what a call threw, e.g. in the exceptions of an HTTP
 * client.
 */
@FunctionalInterface
public interface FailureReader {

	/**
	 * Reads one exception, not its causes: those are offered one by one.
	 * @param failure what was thrown, or one of its causes
	 * @return the response, or {@code null} if the exception carries none
	 */
	@Nullable ProviderResponse read(Throwable failure);

}
