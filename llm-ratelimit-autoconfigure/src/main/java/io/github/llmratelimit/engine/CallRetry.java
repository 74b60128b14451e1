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

	/**
	 * Begins to decide for a call whose attempts end on no thread that could wait.
	 * Nothing of the decider may block. Repeats nothing unless overridden.
	 * @param call the call and how its latest attempt ended
	 * @return what is asked after each attempt, one at a time
	 */
	default Repeats repeats(LimitedCall call) {
		return Repeats.NONE;
	}

	/**
	 * Decides which attempts of one call are followed by another. How long that one
	 * should wait is told to the call.
	 */
	interface Repeats {

		/** Repeats nothing. */
		Repeats NONE = new Repeats() {
			@Override
			public boolean afterAnswer(@Nullable Object answer) {
				return false;
			}

			@Override
			public boolean afterFailure(Throwable failure) {
				return false;
			}
		};

		/**
		 * Whether another attempt follows an answer.
		 * @param answer what the attempt answered
		 * @return {@code true} if the answer is not good enough
		 */
		boolean afterAnswer(@Nullable Object answer);

		/**
		 * Whether another attempt follows a failure.
		 * @param failure what the attempt failed with, as it was thrown first
		 * @return {@code true} if another attempt follows
		 */
		boolean afterFailure(Throwable failure);

	}

}
