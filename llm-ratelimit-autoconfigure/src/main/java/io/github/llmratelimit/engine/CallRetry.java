package io.github.llmratelimit.engine;

import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

/**
 * Repeats the attempts of a call. Every attempt takes budget of its own; what a
 * repetition should wait for is told to the call ({@link LimitedCall#delayNextAttempt}),
 * whose next attempt then waits in its old place in the order of arrival.
 */
public interface CallRetry {

	/** Makes one attempt. */
	CallRetry NEVER = new CallRetry() {
		@Override
		public <T extends @Nullable Object> T run(LimitedCall call, Callable<T> attempt) throws Exception {
			return attempt.call();
		}
	};

	/**
	 * Makes as many attempts as it takes or is allowed.
	 * @param <T> type of the answer
	 * @param call the call and how its latest attempt ended
	 * @param attempt makes one attempt
	 * @return the answer of the last attempt
	 * @throws Exception the failure of the last attempt
	 */
	<T extends @Nullable Object> T run(LimitedCall call, Callable<T> attempt) throws Exception;

}
