package io.github.llmratelimit.sample.provider;

import java.util.Set;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * A provider's wire format: what calls, answers, refusals and errors look like. It knows
 * nothing of limits; what they say reaches it as {@link Verdict}.
 */
interface Dialect {

	/**
	 * Whether calls are posted to a path.
	 * @param path an absolute path
	 * @return whether it is one of this dialect
	 */
	boolean isCallPath(String path);

	/**
	 * Returns the path that lists the models.
	 * @return an absolute path
	 */
	String modelsPath();

	/**
	 * Checks the credentials of a request.
	 * @param headers finds a header's value by its name
	 * @throws InvalidCallException if there is no key
	 */
	void authenticate(UnaryOperator<@Nullable String> headers) throws InvalidCallException;

	/**
	 * Reads a call.
	 * @param path where it was posted
	 * @param body the request's body
	 * @return the call, its model not checked yet
	 * @throws InvalidCallException if the body isn't a valid call
	 */
	ChatCall read(String path, byte[] body) throws InvalidCallException;

	Reply answer(ChatCall call, Completion completion, Verdict verdict);

	Reply refusal(ChatCall call, Verdict verdict);

	/** The provider is busy, whatever the limits say. */
	Reply overloaded();

	/** The account has no money left. */
	Reply quotaExhausted();

	Reply models(Set<String> names);

	Reply unknownModel(String name);

	Reply unknownPath(String method, String path);

	Reply bodyTooLarge(int maxBytes);

	Reply internalError();

}
