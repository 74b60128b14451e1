package io.github.llmratelimit.simulation;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The bound: knows the provider's books and lets the calls in strictly by arrival, each
 * as soon as it fits. No real client can be it.
 */
final class OmniscientClient implements Client {

	private static final long LOOK_NANOS = 5_000_000L;

	private final World world;

	private final Deque<Entry> queue = new ArrayDeque<>();

	OmniscientClient(World world) {
		this.world = world;
		world.time().in(LOOK_NANOS, this::look);
	}

	private void look() {
		while (!this.queue.isEmpty()
				&& this.world.provider().wouldFit(this.queue.peek().call, this.world.time().elapsedNanos())) {
			this.queue.remove().send.run();
		}
		this.world.time().in(LOOK_NANOS, this::look);
	}

	@Override
	public boolean isBeyondTheNetwork() {
		return true;
	}

	@Override
	public void submit(SimulatedCall call, Runnable send, Runnable giveUp) {
		this.queue.add(new Entry(call, send));
	}

	@Override
	public void answered(SimulatedCall call) {
	}

	@Override
	public void refused(SimulatedCall call, Runnable again, Runnable giveUp) {
		throw new IllegalStateException("The bound was refused");
	}

	private record Entry(SimulatedCall call, Runnable send) {
	}

}
