package io.github.llmratelimit.sample.load;

import java.time.Duration;

/**
 * Lets the calling thread wait.
 */
@FunctionalInterface
interface Sleeper {

	/**
	 * Really waits.
	 */
	Sleeper SYSTEM = (duration) -> Thread.sleep(duration.toMillis());

	/**
	 * Waits.
	 * @param duration how long
	 * @throws InterruptedException if the thread is interrupted meanwhile
	 */
	void sleep(Duration duration) throws InterruptedException;

}
