package io.github.llmratelimit.engine;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.llmratelimit.LlmRateLimitExceededException;
import io.github.llmratelimit.provider.ProviderResponse;
import org.jspecify.annotations.Nullable;

/**
 * All readers as one that looks at causes too and does not throw.
 */
final class FailureReaders {

	private static final Logger logger = System.getLogger(FailureReader.class.getName());

	private final List<FailureReader> readers;

	private final Set<Class<?>> broken = ConcurrentHashMap.newKeySet();

	FailureReaders(List<FailureReader> readers) {
		this.readers = List.copyOf(readers);
	}

	/**
	 * Finds the response in a failure or one of its causes. What a limiter refused
	 * carries the response to another call, so nothing is read beyond it.
	 */
	@Nullable ProviderResponse read(Throwable failure) {
		@Nullable Throwable cause = failure;
		for (int depth = 0; cause != null && depth < NeverSent.MOST_CAUSES; depth++) {
			if (cause instanceof LlmRateLimitExceededException) {
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
			catch (RuntimeException ex) {
				if (this.broken.add(reader.getClass())) {
					logger.log(Level.WARNING,
							"A failure reader failed and is still asked; further failures are not logged: "
									+ reader.getClass().getName(),
							ex);
				}
			}
		}
		return null;
	}

}
