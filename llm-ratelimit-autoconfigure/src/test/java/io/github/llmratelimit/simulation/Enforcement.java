package io.github.llmratelimit.simulation;

/**
 * How a provider enforces a limit per minute.
 */
enum Enforcement {

	/** No interval of a minute holds more. */
	ROLLING(60),

	/** Counters go back to zero at each full minute. */
	FIXED_MINUTES(60),

	/** A bucket that holds one minute's amount and refills all the time. */
	BUCKET(60),

	/** Counters for a sixth of the amount go back to zero every ten seconds. */
	SLICES(10),

	/** As {@link #ROLLING}, and a refused call takes a request where one is left. */
	ROLLING_REFUSALS_COUNT(60);

	final long windowNanos;

	Enforcement(long seconds) {
		this.windowNanos = seconds * 1_000_000_000L;
	}

}
