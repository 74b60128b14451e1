package io.github.llmratelimit.aop;

import io.github.llmratelimit.LlmRateLimited;
import org.jspecify.annotations.Nullable;

/**
 * An {@link LlmRateLimited} annotation that cannot work, found while the application
 * starts: better no start than a limit that silently doesn't apply.
 */
public class InvalidLlmRateLimitedException extends IllegalStateException {

	private static final long serialVersionUID = 1L;

	private final String description;

	private final String action;

	/**
	 * Creates the exception.
	 * @param description what is wrong, with class, method and attribute
	 * @param action what to do about it
	 * @param cause what led to it, if anything
	 */
	InvalidLlmRateLimitedException(String description, String action, @Nullable Throwable cause) {
		super(description + " " + action, cause);
		this.description = description;
		this.action = action;
	}

	/**
	 * Returns what is wrong.
	 * @return a sentence with class, method and attribute
	 */
	public String description() {
		return this.description;
	}

	/**
	 * Returns what to do about it.
	 * @return a sentence
	 */
	public String action() {
		return this.action;
	}

}
