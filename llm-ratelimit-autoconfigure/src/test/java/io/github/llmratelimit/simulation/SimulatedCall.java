package io.github.llmratelimit.simulation;

/**
 * One call of a simulated user.
 */
final class SimulatedCall {

	final int user;

	final long actualTokens;

	final long estimatedTokens;

	final long latencyNanos;

	final long createdNanos;

	int attempts;

	SimulatedCall(int user, long actualTokens, long estimatedTokens, long latencyNanos, long createdNanos) {
		this.user = user;
		this.actualTokens = actualTokens;
		this.estimatedTokens = estimatedTokens;
		this.latencyNanos = latencyNanos;
		this.createdNanos = createdNanos;
	}

}
