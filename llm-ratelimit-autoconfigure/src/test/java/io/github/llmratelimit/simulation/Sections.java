package io.github.llmratelimit.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.Priority;
import io.github.llmratelimit.simulation.Scenario.Load;
import io.github.llmratelimit.simulation.Scenario.Trouble;
import io.github.llmratelimit.simulation.Section.Column;
import io.github.llmratelimit.simulation.Section.Contestant;

/**
 * All that is simulated.
 */
final class Sections {

	private static final List<Contestant> ALL = List.of(Contestant.BOUND, Contestant.OURS, Contestant.LEARNING,
			Contestant.RESILIENCE4J, Contestant.BUCKET4J, Contestant.BACKOFF);

	private static final List<Contestant> LIMITERS = List.of(Contestant.BOUND, Contestant.OURS, Contestant.RESILIENCE4J,
			Contestant.BUCKET4J);

	private static final List<Contestant> LEARNERS = List.of(Contestant.BOUND, Contestant.OURS, Contestant.LEARNING,
			Contestant.BACKOFF);

	private static final List<Column> STANDARD = List.of(Column.REFUSALS, Column.GIVEN_UP, Column.GOODPUT,
			Column.OF_BOUND, Column.P50, Column.P99, Column.WORST, Column.BIG_P99, Column.JAIN);

	private static final List<Column> TROUBLED = List.of(Column.EARLY_REFUSALS, Column.REFUSALS, Column.GIVEN_UP,
			Column.GOODPUT, Column.OF_BOUND, Column.P50, Column.P99);

	private static final Enforcement[] MINUTES = { Enforcement.ROLLING, Enforcement.FIXED_MINUTES, Enforcement.BUCKET };

	private static final Enforcement[] SHAPES = { Enforcement.ROLLING, Enforcement.FIXED_MINUTES, Enforcement.BUCKET,
			Enforcement.SLICES };

	private Sections() {
	}

	static List<Section> all() {
		List<Section> sections = new ArrayList<>();
		sections.add(new Section("big", "200 users that want more than 1,000 RPM and 2,000,000 TPM",
				each(Enforcement.values(), Scenario::big), ALL, STANDARD));
		sections.add(new Section("short", "The load of 'big' with more short answers than long ones",
				each(SHAPES, (enforcement,
						booking) -> Scenario.big(enforcement, booking).named("short").with(Load::withShortAnswers)),
				List.of(Contestant.BOUND, Contestant.OURS, Contestant.LEARNING), STANDARD));
		sections.add(new Section("small", "30 users on 100,000 TPM; a call may need a fifth of it",
				each(Enforcement.values(), Scenario::small), ALL, STANDARD));
		sections
			.add(new Section("light", "57 % of the limit, at random instants (open loop)", each(SHAPES, (enforcement,
					booking) -> Scenario.big(enforcement, booking).named("light").with((load) -> load.offering(0.57))),
					LIMITERS, List.of(Column.REFUSALS, Column.GIVEN_UP, Column.GOODPUT, Column.OF_BOUND, Column.P50,
							Column.P99, Column.WORST)));
		sections.add(new Section("classes", "The load of 'big'; 10 % of the users are HIGH, 40 % NORMAL, 50 % BATCH",
				each(MINUTES, (enforcement,
						booking) -> Scenario.big(enforcement, booking).named("classes").with(Load::withClasses)),
				List.of(Contestant.BOUND, Contestant.OURS),
				List.of(Column.REFUSALS, Column.GIVEN_UP, Column.GOODPUT, Column.OF_BOUND, Column.p99(Priority.HIGH),
						Column.p99(Priority.NORMAL), Column.p99(Priority.BATCH), Column.WORST)));
		sections
			.add(new Section("noisy", "1.3 times the limit is offered (open loop), 60 % of it by one of 200 tenants",
					each(MINUTES,
							(enforcement, booking) -> Scenario.big(enforcement, booking)
								.named("noisy")
								.with((load) -> load.offering(1.3).withNoisy(0.6))
								.with(Trouble.NONE, 20)),
					LIMITERS, List.of(Column.REFUSALS, Column.GIVEN_UP, Column.GOODPUT, Column.OF_BOUND, Column.P50,
							Column.P99, Column.OTHERS_P50, Column.OTHERS_P99)));
		sections.add(new Section("doubled", "Twice the true limits are configured",
				each(MINUTES, (enforcement, booking) -> troubled("doubled", enforcement, booking, Trouble.DOUBLED)),
				LEARNERS, TROUBLED));
		sections.add(new Section("shared-key", "Another user of the key wants 30 % for 10 of 22 minutes",
				each(MINUTES,
						(enforcement, booking) -> troubled("shared-key", enforcement, booking, Trouble.SHARED_KEY)),
				LEARNERS, TROUBLED));
		sections.add(new Section("unknown", "Nothing is known but the limits per minute",
				each(SHAPES, (enforcement, booking) -> troubled("unknown", enforcement, booking, Trouble.UNKNOWN)),
				LEARNERS, TROUBLED));
		sections.add(new Section("strict", "Real tokens count, and no refusal is acceptable",
				Arrays.stream(SHAPES)
					.map((enforcement) -> Scenario.big(enforcement, Booking.ACTUAL).named("strict"))
					.toList(),
				List.of(Contestant.BOUND, Contestant.LEARNING, Contestant.STRICT), STANDARD));
		sections.add(new Section("produced", "Real output tokens count while they are produced; the bound knows that",
				Arrays.stream(SHAPES)
					.map((enforcement) -> Scenario.big(enforcement, Booking.ACTUAL)
						.named("produced")
						.countingOutputAsProduced())
					.toList(),
				ALL, STANDARD));
		return sections;
	}

	private static Scenario troubled(String name, Enforcement enforcement, Booking booking, Trouble trouble) {
		return Scenario.big(enforcement, booking).named(name).with(trouble, 22);
	}

	private static List<Scenario> each(Enforcement[] enforcements, BiFunction<Enforcement, Booking, Scenario> make) {
		List<Scenario> scenarios = new ArrayList<>();
		for (Booking booking : Booking.values()) {
			for (Enforcement enforcement : enforcements) {
				scenarios.add(make.apply(enforcement, booking));
			}
		}
		return scenarios;
	}

}
