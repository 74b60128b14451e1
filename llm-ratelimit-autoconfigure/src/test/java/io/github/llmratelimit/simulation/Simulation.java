package io.github.llmratelimit.simulation;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.simulation.SimulatedProvider.Enforcement;
import io.github.llmratelimit.simulation.World.Result;

/**
 * Prints how the engine and its rivals do against each kind of provider. Run it with
 * {@code mvn -q test -Psimulation -pl llm-ratelimit-autoconfigure}.
 */
public final class Simulation {

	private Simulation() {
	}

	/**
	 * Runs everything.
	 * @param arguments number of seeds, 1 by default
	 */
	public static void main(String[] arguments) {
		int seeds = (arguments.length > 0) ? Integer.parseInt(arguments[0]) : 1;
		Map<String, Function<World, Client>> clients = new LinkedHashMap<>();
		clients.put("bound", OmniscientClient::new);
		clients.put("ours", OurClient::new);
		clients.put("Resilience4j", Rivals::resilience4j);
		clients.put("Bucket4j", Rivals::bucket4j);
		clients.put("backoff only", BackoffClient::new);
		System.out.printf("%-7s %-9s %-23s %-13s %9s %8s %8s %7s %7s %7s %7s%n", "size", "booking", "provider",
				"client", "429/1000", "given up", "goodput", "p50 s", "p99 s", "worst s", "Jain");
		for (Booking booking : new Booking[] { Booking.ESTIMATE, Booking.SETTLED }) {
			for (Enforcement enforcement : Enforcement.values()) {
				for (Scenario scenario : new Scenario[] { Scenario.big(enforcement, booking),
						Scenario.small(enforcement, booking) }) {
					clients.forEach((name, client) -> {
						for (int seed = 1; seed <= seeds; seed++) {
							print(scenario, name, new World(scenario, seed, client).run());
						}
					});
				}
			}
		}
	}

	private static void print(Scenario scenario, String client, Result result) {
		System.out.printf(Locale.ROOT, "%-7s %-9s %-23s %-13s %9.2f %8d %8.1f %7.1f %7.1f %7.1f %7.4f%n",
				scenario.name(), scenario.booking(), scenario.enforcement(), client, result.refusalsPerThousand(),
				result.givenUp(), result.goodputPercent(), result.waitP50(), result.waitP99(), result.waitWorst(),
				result.jain());
	}

}
