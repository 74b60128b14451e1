package io.github.llmratelimit.sample;

/**
 * Thrown if there is no key for the provider.
 */
final class MissingApiKeyException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	MissingApiKeyException() {
		super("There is no API key (demo.provider.api-key is empty)");
	}

}
