package io.github.llmratelimit.provider;

import org.jspecify.annotations.Nullable;

/**
 * What a client might throw: an exception that carries the response. For tests.
 */
public class ProviderException extends RuntimeException {

	private final transient ProviderResponse response;

	/**
	 * Creates the exception.
	 * @param response what was received
	 */
	public ProviderException(ProviderResponse response) {
		super(response.status() + " " + response.body());
		this.response = response;
	}

	/**
	 * Reads a failure as clients' exceptions are read.
	 * @param failure what was thrown
	 * @return the response, {@code null} if it is another exception
	 */
	public static @Nullable ProviderResponse read(Throwable failure) {
		return (failure instanceof ProviderException exception) ? exception.response : null;
	}

}
