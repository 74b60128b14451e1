package io.github.llmratelimit.simulation;

import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.engine.EngineClient;

/**
 * The library's engine.
 */
final class OurClient implements Client {

	private final EngineClient engine;

	private final Map<SimulatedCall, long[]> taken = new IdentityHashMap<>();

	OurClient(World world) {
		Scenario scenario = world.scenario();
		Duration window = Duration.ofNanos(scenario.enforcement().windowNanos);
		long part = Duration.ofMinutes(1).dividedBy(window);
		this.engine = new EngineClient(
				List.of(new Limit(Dimension.REQUESTS, scenario.rpm() / part, window, LimitOrigin.CONFIGURED),
						new Limit(Dimension.TOKENS, scenario.tpm() / part, window, LimitOrigin.CONFIGURED)),
				(scenario.booking() == Booking.ESTIMATE) ? Booking.ESTIMATE : Booking.SETTLED, world.time());
	}

	@Override
	public void submit(SimulatedCall call, Runnable send, Runnable giveUp) {
		long[] takenAt = new long[1];
		this.taken.put(call, takenAt);
		this.engine.ask(Cost.ofTotal(call.estimatedTokens), send, giveUp, takenAt);
	}

	@Override
	public void answered(SimulatedCall call) {
		this.engine.settle(this.taken.remove(call)[0], Cost.ofTotal(call.estimatedTokens), call.actualTokens);
	}

	@Override
	public void refused(SimulatedCall call, Runnable again, Runnable giveUp) {
		this.engine.refused(this.taken.remove(call)[0], Cost.ofTotal(call.estimatedTokens));
		submit(call, again, giveUp);
	}

}
