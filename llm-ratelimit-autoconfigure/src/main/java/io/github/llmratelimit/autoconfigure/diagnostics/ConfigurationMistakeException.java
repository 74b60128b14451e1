package io.github.llmratelimit.autoconfigure.diagnostics;

/**
 * A mistake in the configuration that isn't the value of one property: something is
 * missing, or two parts contradict each other.
 */
public final class ConfigurationMistakeException extends RuntimeException {

	private final String action;

	/**
	 * Creates the exception.
	 * @param problem what is wrong, and where
	 * @param action what to do about it
	 */
	public ConfigurationMistakeException(String problem, String action) {
		super(problem);
		this.action = action;
	}

	/** What to do about it. */
	public String action() {
		return this.action;
	}

}
