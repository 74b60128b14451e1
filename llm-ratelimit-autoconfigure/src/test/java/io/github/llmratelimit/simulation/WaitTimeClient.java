package io.github.llmratelimit.simulation;

/**
 * A limiter that says how long to sleep when permits are taken, as Resilience4j's and
 * Bucket4j's do: one for requests and one for tokens, asked one after the other. What is
 * refused is repeated by the {@link BackoffClient}'s rules.
 */
final class WaitTimeClient implements Client {

	private final World world;

	private final Limiter requests;

	private final Limiter tokens;

	private final Client backoff;

	WaitTimeClient(World world, Limiter requests, Limiter tokens) {
		this.world = world;
		this.requests = requests;
		this.tokens = tokens;
		this.backoff = new BackoffClient(world);
	}

	@Override
	public void submit(SimulatedCall call, Runnable send, Runnable giveUp) {
		waitFor(this.requests.nanosToWait(1), giveUp,
				() -> waitFor(this.tokens.nanosToWait(call.estimatedTokens), giveUp, send));
	}

	private void waitFor(long nanos, Runnable giveUp, Runnable then) {
		if (nanos < 0) {
			giveUp.run();
		}
		else if (nanos == 0) {
			then.run();
		}
		else {
			this.world.time().in(nanos, then);
		}
	}

	@Override
	public void answered(SimulatedCall call) {
	}

	@Override
	public void refused(SimulatedCall call, Runnable again, Runnable giveUp) {
		this.backoff.refused(call, () -> submit(call, again, giveUp), giveUp);
	}

	/** One limiter. */
	@FunctionalInterface
	interface Limiter {

		/**
		 * Takes permits.
		 * @param permits how many
		 * @return how long to sleep before they may be used; negative if refused
		 */
		long nanosToWait(long permits);

	}

}
