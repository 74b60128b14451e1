package io.github.llmratelimit.sample.provider;

/**
 * Thrown if the port of the built-in provider is taken.
 */
public final class ProviderPortException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final int port;

	ProviderPortException(int port, Throwable cause) {
		super("Port %d, for the built-in provider, is taken".formatted(port), cause);
		this.port = port;
	}

	/**
	 * Returns the port that is taken.
	 * @return the port
	 */
	public int port() {
		return this.port;
	}

}
