package io.github.llmratelimit.sample.load;

/**
 * Makes the call that a task asks for, on the calling thread.
 */
@FunctionalInterface
interface Caller {

	/**
	 * Makes the call.
	 * @param task what to call
	 * @throws Exception if it got no answer
	 */
	void call(Task task) throws Exception;

}
