package io.github.llmratelimit.autoconfigure;

/**
 * A mistake in the configuration that isn't the value of one property: something is
 * missing, or two parts contradict each other.
 */
final class ConfigurationMistakeException extends RuntimeException {

	private final String action;

	/**
	 * Creates the exception.
	 * @param problem what is wrong, and where
	 * @param action what to do about it
	 */
	ConfigurationMistakeException(String problem, String action) {
		super(problem);
		this.action = action;
	}

	String action() {
		return this.action;
	}

}
