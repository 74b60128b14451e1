package io.github.llmratelimit.engine;

import java.util.concurrent.Callable;
import java.util.function.Supplier;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.LlmRateLimiter;
import org.jspecify.annotations.Nullable;

/**
 * Limits methods whose work goes on when they have returned. Beans of this type make
 * further return types possible; the first that supports a type is used.
 */
public interface ReturnTypeAdapter {

	/**
	 * Whether this adapter can limit methods of a return type.
	 * @param type the type that a method declares
	 * @return {@code true} if {@link #adapt} returns something of it
	 */
	boolean supports(Class<?> type);

	/**
	 * Limits one invocation of a method. Must not wait.
	 * @param type the type that the method declares
	 * @param call the invocation
	 * @return what the method returns to its caller
	 */
	Object adapt(Class<?> type, Call call);

	/**
	 * One invocation of a limited method.
	 *
	 * @param limiter chooses the limiter, when the call is about to begin; what it throws
	 * is the failure of the call
	 * @param request what the call needs
	 * @param body invokes the method itself, once for each attempt
	 * @param fallback who answers instead, {@code null} if nobody does
	 */
	record Call(Supplier<LlmRateLimiter> limiter, CallRequest request, Callable<@Nullable Object> body,
			@Nullable Fallback fallback) {
	}

	/** Answers in place of a call that failed or was refused. */
	@FunctionalInterface
	interface Fallback {

		/**
		 * Answers.
		 * @param failure why an answer is needed
		 * @return something of the method's return type
		 * @throws Throwable what the fallback throws, or the failure if none answers for
		 * it
		 */
		@Nullable Object answer(Throwable failure) throws Throwable;

	}

}
