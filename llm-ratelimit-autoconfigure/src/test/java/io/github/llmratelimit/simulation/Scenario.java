package io.github.llmratelimit.simulation;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.simulation.SimulatedProvider.Enforcement;

/**
 * What is simulated.
 *
 * @param name for the table
 * @param users users that each make one call after another
 * @param rpm requests per minute that the provider grants
 * @param tpm tokens per minute that the provider grants
 * @param largestShare largest estimate of a call, as a part of what a window of the
 * provider grants
 * @param enforcement how the provider enforces it
 * @param booking how the provider books a call
 * @param minutes length, after three minutes that are not measured
 */
record Scenario(String name, int users, long rpm, long tpm, double largestShare, Enforcement enforcement,
		Booking booking, int minutes) {

	static final int WARM_UP_MINUTES = 3;

	/** Largest estimate of a call. */
	long largestEstimate() {
		return (long) (this.largestShare * this.tpm * this.enforcement.windowNanos / 60_000_000_000L);
	}

	static Scenario big(Enforcement enforcement, Booking booking) {
		return new Scenario("big", 200, 1_000, 2_000_000, 0.2, enforcement, booking, 30);
	}

	static Scenario small(Enforcement enforcement, Booking booking) {
		return new Scenario("small", 30, 1_000, 100_000, 0.2, enforcement, booking, 60);
	}

}
