package io.github.llmratelimit.aop;

import io.github.llmratelimit.LlmRateLimited;
import org.jspecify.annotations.Nullable;

/**
 * An {@link LlmRateLimited} annotation that cannot work, found while the application
 * starts: better no start than a limit that silently doesn't apply.
 */
public class InvalidLlmRateLimitedException extends IllegalStateException {

	private static final long serialVersionUID = 1L;

	private final String method;

	private final @Nullable String attribute;

	private final String description;

	private final String action;

	/**
	 * Creates the exception.
	 * @param method the class and method, as people write them
	 * @param attribute the attribute at fault, {@code null} if it is the method itself
	 * @param description what is wrong
	 * @param action what to do about it
	 * @param cause what led to it, if anything
	 */
	InvalidLlmRateLimitedException(String method, @Nullable String attribute, String description, String action,
			@Nullable Throwable cause) {
		super(description + " " + action, cause);
		this.method = method;
		this.attribute = attribute;
		this.description = description;
		this.action = action;
	}

	/**
	 * Returns where the annotation stands.
	 * @return class and method, e.g. {@code com.acme.Chat.ask(String)}
	 */
	public String method() {
		return this.method;
	}

	/**
	 * Returns which attribute is at fault.
	 * @return its name, or {@code null} if it is the method itself
	 */
	public @Nullable String attribute() {
		return this.attribute;
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
