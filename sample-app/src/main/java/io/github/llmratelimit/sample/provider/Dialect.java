package io.github.llmratelimit.sample.provider;

import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A provider's wire format: what calls, answers, refusals and errors look like. It knows
 * nothing of limits; what they say reaches it as {@link Verdict}.
 */
interface Dialect {

	/**
	 * Returns the path to which calls are posted.
	 * @return an absolute path
	 */
	String callPath();

	/**
	 * Returns the path that lists the models.
	 * @return an absolute path
	 */
	String modelsPath();

	/**
	 * Checks the credentials of a request.
	 * @param authorization value of the header {@code Authorization}
	 * @throws InvalidCallException if there is no key
	 */
	void authenticate(@Nullable String authorization) throws InvalidCallException;

	/**
	 * Reads a call.
	 * @param body the request's body
	 * @return the call, its model not checked yet
	 * @throws InvalidCallException if the body isn't a valid call
	 */
	ChatCall read(byte[] body) throws InvalidCallException;

	Reply answer(ChatCall call, Completion completion, Verdict verdict);

	Reply refusal(ChatCall call, Verdict verdict);

	Reply models(Set<String> names);

	Reply unknownModel(String name);

	Reply unknownPath(String method, String path);

	Reply bodyTooLarge(int maxBytes);

	Reply internalError();

}
