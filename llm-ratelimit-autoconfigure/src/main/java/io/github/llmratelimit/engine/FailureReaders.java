package io.github.llmratelimit.engine;

import java.util.List;
import java.util.function.Predicate;

import io.github.llmratelimit.LlmRateLimitExceededException;
import io.github.llmratelimit.provider.ProviderResponse;
import org.jspecify.annotations.Nullable;

/**
 * All readers as one that looks at causes too and does not throw.
 */
final class FailureReaders {

	private final List<FailureReader> readers;

	private final BrokenParts broken = new BrokenParts();

	FailureReaders(List<FailureReader> readers) {
		this.readers = List.copyOf(readers);
	}

	@Nullable ProviderResponse read(Throwable failure) {
		return read(failure, (cause) -> false);
	}

	/**
	 * Finds the response in a failure or one of its causes. What a limiter refused
	 * carries the response to another call, so nothing is read beyond it.
	 * @param foreign tells causes that belong to another call in the same way
	 */
	@Nullable ProviderResponse read(Throwable failure, Predicate<Throwable> foreign) {
		@Nullable Throwable cause = failure;
		for (int depth = 0; cause != null && depth < NeverSent.MOST_CAUSES; depth++) {
			if (cause instanceof LlmRateLimitExceededException || foreign.test(cause)) {
				return null;
			}
			ProviderResponse response = readOne(cause);
			if (response != null) {
				return response;
			}
			cause = cause.getCause();
		}
		return null;
	}

	private @Nullable ProviderResponse readOne(Throwable failure) {
		for (FailureReader reader : this.readers) {
			try {
				ProviderResponse response = reader.read(failure);
				if (response != null) {
					return response;
				}
			}
			catch (Throwable ex) { // whatever it is, the failure at hand must reach the
									// caller
				this.broken.report(reader, ex);
			}
		}
		return null;
	}

}
