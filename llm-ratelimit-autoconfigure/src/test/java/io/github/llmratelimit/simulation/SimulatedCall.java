package io.github.llmratelimit.simulation;

import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Priority;
import org.jspecify.annotations.Nullable;

/**
 * One call of a simulated user.
 */
final class SimulatedCall {

	final int user;

	final Priority priority;

	final long inputTokens;

	final long outputTokens;

	final long estimatedTokens;

	final long latencyNanos;

	final long createdNanos;

	int attempts;

	/** Whether its latest attempt was refused. */
	boolean refused;

	/** Of what there was too little left then. */
	Dimension refusedFor = Dimension.REQUESTS;

	/** What the provider took for it. */
	ProviderWindow.@Nullable Entry booked;

	SimulatedCall(int user, Priority priority, Size size, long createdNanos) {
		this.user = user;
		this.priority = priority;
		this.inputTokens = size.inputTokens;
		this.outputTokens = size.outputTokens;
		this.estimatedTokens = size.estimatedTokens;
		this.latencyNanos = size.latencyNanos;
		this.createdNanos = createdNanos;
	}

	String tenant() {
		return "user-" + this.user;
	}

	long actualTokens() {
		return this.inputTokens + this.outputTokens;
	}

	/**
	 * How large a call is.
	 *
	 * @param inputTokens real tokens of the prompt
	 * @param outputTokens real tokens of the answer
	 * @param estimatedTokens what the client takes it for
	 * @param latencyNanos time from its arrival until the answer is complete
	 */
	record Size(long inputTokens, long outputTokens, long estimatedTokens, long latencyNanos) {
	}

}
