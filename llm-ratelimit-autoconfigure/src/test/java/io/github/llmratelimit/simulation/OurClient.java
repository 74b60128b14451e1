package io.github.llmratelimit.simulation;

import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.engine.EngineClient;
import io.github.llmratelimit.provider.DialectTraits;
import io.github.llmratelimit.provider.ProviderSignal;
import io.github.llmratelimit.provider.Quota;
import io.github.llmratelimit.provider.SignalKind;
import io.github.llmratelimit.simulation.SimulatedProvider.Headers;

/**
 * The library's engine. What it isn't told it takes for a rolling minute that books
 * estimates.
 */
final class OurClient implements Client {

	private final EngineClient engine;

	/** What the provider's numbers speak of, which its dialect knows. */
	private final Duration window;

	private final boolean learns;

	private final Map<SimulatedCall, Object> asked = new IdentityHashMap<>();

	/** A client that knows what is configured, and nothing else. */
	static OurClient deaf(World world) {
		return new OurClient(world, false, false);
	}

	/** A client that hears what answers tell. */
	static OurClient learning(World world) {
		return new OurClient(world, true, false);
	}

	/** The same where no refusal is acceptable. */
	static OurClient strict(World world) {
		return new OurClient(world, true, true);
	}

	private OurClient(World world, boolean learns, boolean strict) {
		Scenario scenario = world.scenario();
		boolean known = scenario.trouble().behaviourKnown();
		Duration window = Duration
			.ofNanos((known ? scenario.account().enforcement() : Enforcement.ROLLING).windowNanos);
		long part = Duration.ofMinutes(1).dividedBy(window);
		this.engine = new EngineClient(
				List.of(new Limit(Dimension.REQUESTS, scenario.configuredRpm() / part, window, LimitOrigin.CONFIGURED),
						new Limit(Dimension.TOKENS, scenario.configuredTpm() / part, window, LimitOrigin.CONFIGURED)),
				known ? scenario.account().booking() : Booking.ESTIMATE, world.time(), Duration.ofMinutes(10),
				learns ? traits(known) : null, strict);
		this.window = Duration.ofNanos(scenario.account().enforcement().windowNanos);
		this.learns = learns;
	}

	private static DialectTraits traits(boolean known) {
		DialectTraits exact = DialectTraits.CAUTIOUS.withExactRemaining();
		return known ? exact : exact.withSlices();
	}

	private static CallRequest request(SimulatedCall call) {
		return CallRequest.of(cost(call)).withPriority(call.priority).withTenant(call.tenant());
	}

	private static Cost cost(SimulatedCall call) {
		return Cost.ofTotal(call.estimatedTokens);
	}

	@Override
	public void submit(SimulatedCall call, Runnable send, Runnable giveUp) {
		this.asked.put(call, this.engine.ask(request(call), send, giveUp));
	}

	@Override
	public void onAnswer(SimulatedCall call, Headers headers) {
		if (this.learns) {
			SignalKind kind = call.refused ? SignalKind.RATE_LIMIT_UNKNOWN : SignalKind.OK;
			this.engine.hear(this.asked.get(call),
					new ProviderSignal(kind, true, null, quota(headers.requestLimit(), headers.remainingRequests()),
							quota(headers.tokenLimit(), headers.remainingTokens()), Quota.UNKNOWN, Quota.UNKNOWN));
		}
	}

	private Quota quota(long limit, long remaining) {
		return new Quota(limit, remaining, null, this.window);
	}

	@Override
	public void answered(SimulatedCall call) {
		this.engine.settle(this.asked.remove(call), call.actualTokens());
	}

	@Override
	public void refused(SimulatedCall call, Runnable again, Runnable giveUp) {
		this.engine.refused(this.asked.remove(call), call.refusedFor);
		submit(call, again, giveUp);
	}

}
