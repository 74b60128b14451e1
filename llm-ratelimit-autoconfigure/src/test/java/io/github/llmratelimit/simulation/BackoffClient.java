package io.github.llmratelimit.simulation;

/**
 * No limiter: everything is sent at once and repeated after exponential backoff with
 * jitter, six attempts in all.
 */
final class BackoffClient implements Client {

	private static final int ATTEMPTS = 6;

	private final World world;

	BackoffClient(World world) {
		this.world = world;
	}

	@Override
	public void submit(SimulatedCall call, Runnable send, Runnable giveUp) {
		send.run();
	}

	@Override
	public void answered(SimulatedCall call) {
	}

	@Override
	public void refused(SimulatedCall call, Runnable again, Runnable giveUp) {
		if (call.attempts == ATTEMPTS) {
			giveUp.run();
			return;
		}
		double seconds = Math.min(60, Math.pow(2, call.attempts - 1)) * (0.75 + 0.5 * this.world.random().nextDouble());
		this.world.time().in((long) (seconds * 1e9), again);
	}

}
