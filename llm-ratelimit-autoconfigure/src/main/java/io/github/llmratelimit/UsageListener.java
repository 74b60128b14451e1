package io.github.llmratelimit;

/**
 * Hears what a call took.
 */
@FunctionalInterface
public interface UsageListener {

	/**
	 * A call succeeded, and its usage is known. Called at most once per call, on whatever
	 * thread ends it, outside of all locks. What it throws is logged and fails nobody's
	 * call.
	 * @param model name of the model that answered, which a call with fallback models
	 * can't know before
	 * @param usage what the call took, with the calls inside it
	 */
	void onUsage(String model, Usage usage);

}
