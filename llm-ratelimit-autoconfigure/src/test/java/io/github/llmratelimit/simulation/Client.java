package io.github.llmratelimit.simulation;

import io.github.llmratelimit.simulation.SimulatedProvider.Headers;

/**
 * What stands between users and the provider.
 */
interface Client {

	/**
	 * Whether calls reach the provider in the instant they are sent.
	 * @return {@code true} for the bound only
	 */
	default boolean isBeyondTheNetwork() {
		return false;
	}

	/**
	 * A call wants to be sent.
	 * @param call the call
	 * @param send sends it, once, when it may go
	 * @param giveUp tells that it never will
	 */
	void submit(SimulatedCall call, Runnable send, Runnable giveUp);

	/**
	 * The headers of an answer or of a refusal are there, for clients that learn. They
	 * say what was true when the call arrived, and come when it ends: the worst case.
	 * Called before {@link #answered} or {@link #refused}.
	 * @param call the call
	 * @param headers what the provider says of its limits
	 */
	default void onAnswer(SimulatedCall call, Headers headers) {
	}

	/**
	 * A call was answered.
	 * @param call the call
	 */
	void answered(SimulatedCall call);

	/**
	 * A call was refused by the provider.
	 * @param call the call
	 * @param again sends it again
	 * @param giveUp tells that it never will be
	 */
	void refused(SimulatedCall call, Runnable again, Runnable giveUp);

}
