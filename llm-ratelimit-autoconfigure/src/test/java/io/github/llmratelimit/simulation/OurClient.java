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
import io.github.llmratelimit.engine.EngineClient.Ability;
import org.jspecify.annotations.Nullable;

/**
 * The library's engine. What it isn't told it takes for a rolling minute that books
 * estimates.
 */
final class OurClient implements Client {

	private final EngineClient engine;

	private final Map<SimulatedCall, Object> asked = new IdentityHashMap<>();

	OurClient(World world) {
		Scenario scenario = world.scenario();
		boolean known = scenario.trouble().behaviourKnown();
		Duration window = Duration
			.ofNanos((known ? scenario.account().enforcement() : Enforcement.ROLLING).windowNanos);
		long part = Duration.ofMinutes(1).dividedBy(window);
		this.engine = new EngineClient(
				List.of(new Limit(Dimension.REQUESTS, scenario.configuredRpm() / part, window, LimitOrigin.CONFIGURED),
						new Limit(Dimension.TOKENS, scenario.configuredTpm() / part, window, LimitOrigin.CONFIGURED)),
				known ? scenario.account().booking() : Booking.ESTIMATE, world.time());
	}

	/** What the engine would have to be able to do, or {@code null}. */
	static @Nullable Ability missing(Scenario scenario) {
		if (isMissing(Ability.ACTUAL,
				scenario.account().booking() == Booking.ACTUAL && scenario.trouble().behaviourKnown())) {
			return Ability.ACTUAL;
		}
		if (isMissing(Ability.PRIORITIES, scenario.load().classes())) {
			return Ability.PRIORITIES;
		}
		return isMissing(Ability.TENANTS, scenario.load().noisyShare() > 0) ? Ability.TENANTS : null;
	}

	/** The same for an engine that learns. */
	static @Nullable Ability missingToLearn(Scenario scenario) {
		return EngineClient.NOT_YET.contains(Ability.LEARNING) ? Ability.LEARNING : missing(scenario);
	}

	private static boolean isMissing(Ability ability, boolean needed) {
		return needed && EngineClient.NOT_YET.contains(ability);
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
	public void answered(SimulatedCall call) {
		this.engine.settle(this.asked.remove(call), call.actualTokens());
	}

	@Override
	public void refused(SimulatedCall call, Runnable again, Runnable giveUp) {
		this.engine.refused(this.asked.remove(call));
		submit(call, again, giveUp);
	}

}
