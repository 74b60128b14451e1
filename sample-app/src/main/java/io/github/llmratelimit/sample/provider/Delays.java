package io.github.llmratelimit.sample.provider;

/**
 * Makes what takes time wait. Real time is the usual way; a test may let it jump.
 */
@FunctionalInterface
public interface Delays {

	/**
	 * Does something later.
	 * @param nanos how much later, in nanoseconds; zero or more
	 * @param task what to do; may write an answer to the network
	 */
	void after(long nanos, Runnable task);

}
