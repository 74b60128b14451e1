package io.github.llmratelimit.simulation;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.simulation.Scenario.Load;
import io.github.llmratelimit.simulation.Scenario.Trouble;
import io.github.llmratelimit.simulation.Section.Contestant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what the engine promises: few 429s, the whole limit, fairness. In virtual
 * time, always with the same seeds, so nothing is left to chance. Goodput is compared to
 * what is possible for somebody who knows everything in advance.
 */
@Tag("virtual-time")
class TargetTests {

	private static final int SEEDS = 1;

	/**
	 * A small limit lets a thousand calls in during an hour: too few to tell how many of
	 * a thousand are refused.
	 */
	private static final int SEEDS_OF_SMALL = 12;

	private static final List<Enforcement> MINUTES = List.of(Enforcement.ROLLING, Enforcement.FIXED_MINUTES,
			Enforcement.BUCKET);

	/** What comes of each run; those that several tests need are made once. */
	private static final Map<Run, Outcome> OUTCOMES = new ConcurrentHashMap<>();

	@BeforeAll
	static void run() {
		Stream.of(known(), actual(), actualOnSlices(), strict(), small(), smallActual(), unknown(), doubled(), light())
			.flatMap((scenarios) -> scenarios)
			.distinct()
			.toList()
			.parallelStream()
			.forEach((scenario) -> {
				outcome(scenario, Contestant.BOUND);
				outcome(scenario, Contestant.LEARNING);
			});
		strict().parallel().forEach((scenario) -> outcome(scenario, Contestant.STRICT));
	}

	private static Outcome outcome(Scenario scenario, Contestant contestant) {
		return OUTCOMES.computeIfAbsent(new Run(scenario, contestant),
				(run) -> contestant.run(scenario, seeds(scenario)));
	}

	private static int seeds(Scenario scenario) {
		boolean small = scenario.name().equals("small") && scenario.account().booking() == Booking.ACTUAL;
		return small ? SEEDS_OF_SMALL : SEEDS;
	}

	/** Providers that book estimates, or settle them. */
	static Stream<Scenario> known() {
		return Stream.of(Booking.ESTIMATE, Booking.SETTLED)
			.flatMap((booking) -> MINUTES.stream().map((enforcement) -> Scenario.big(enforcement, booking)));
	}

	static Stream<Scenario> actual() {
		return MINUTES.stream()
			.map((enforcement) -> Scenario.big(enforcement, Booking.ACTUAL))
			.flatMap((scenario) -> Stream.of(scenario, scenario.named("short").with(Load::withShortAnswers)));
	}

	static Stream<Scenario> actualOnSlices() {
		return Stream.of(Scenario.big(Enforcement.SLICES, Booking.ACTUAL));
	}

	static Stream<Scenario> strict() {
		return MINUTES.stream().map((enforcement) -> Scenario.big(enforcement, Booking.ACTUAL).named("strict"));
	}

	static Stream<Scenario> small() {
		return Stream.of(Booking.ESTIMATE, Booking.SETTLED)
			.flatMap((booking) -> MINUTES.stream().map((enforcement) -> Scenario.small(enforcement, booking)));
	}

	static Stream<Scenario> smallActual() {
		return MINUTES.stream().map((enforcement) -> Scenario.small(enforcement, Booking.ACTUAL));
	}

	static Stream<Scenario> unknown() {
		return Arrays.stream(Booking.values())
			.flatMap((booking) -> MINUTES.stream()
				.map((enforcement) -> Scenario.big(enforcement, booking).named("unknown").with(Trouble.UNKNOWN, 22)));
	}

	static Stream<Scenario> doubled() {
		return known().map((scenario) -> scenario.named("doubled").with(Trouble.DOUBLED, 22));
	}

	/** A bucket that settles is left out: nobody tells how it refills (1.15 to 1.16). */
	static Stream<Scenario> queueing() {
		return known().filter((scenario) -> scenario.account().enforcement() != Enforcement.BUCKET
				|| scenario.account().booking() == Booking.ESTIMATE);
	}

	static Stream<Scenario> light() {
		return Stream.of(Booking.ESTIMATE, Booking.SETTLED)
			.map((booking) -> Scenario.big(Enforcement.ROLLING, booking))
			.map((scenario) -> scenario.named("light").with((load) -> load.offering(0.57)));
	}

	@ParameterizedTest
	@MethodSource({ "known", "small" })
	void refusalsWhenEstimatesCountAreNone(Scenario scenario) {
		assertThat(ours(scenario).refusalsPerThousand()).isZero();
	}

	@ParameterizedTest
	@MethodSource("known")
	void goodputWhenEstimatesCountIsAllThatIsPossible(Scenario scenario) {
		assertThat(percentOfBound(scenario, Contestant.LEARNING)).isGreaterThanOrEqualTo(99);
	}

	@ParameterizedTest
	@MethodSource({ "actual", "smallActual" })
	void refusalsWhenRealTokensCountAreAtMostTwoOfAThousand(Scenario scenario) {
		assertThat(ours(scenario).refusalsPerThousand()).isLessThanOrEqualTo(2);
	}

	@ParameterizedTest
	@MethodSource("actual")
	void goodputWhenRealTokensCountIsNearlyAllThatIsPossible(Scenario scenario) {
		assertThat(percentOfBound(scenario, Contestant.LEARNING)).isGreaterThanOrEqualTo(98);
	}

	@ParameterizedTest
	@MethodSource("actualOnSlices")
	void goodputWhenRealTokensCountInSlicesIsMostOfWhatIsPossible(Scenario scenario) {
		assertThat(percentOfBound(scenario, Contestant.LEARNING)).isGreaterThanOrEqualTo(95);
	}

	@ParameterizedTest
	@MethodSource("smallActual")
	void goodputWhenCallsAreLargeIsMostOfWhatIsPossible(Scenario scenario) {
		assertThat(percentOfBound(scenario, Contestant.LEARNING)).isGreaterThanOrEqualTo(96);
	}

	@ParameterizedTest
	@MethodSource("strict")
	void refusalsWhenNoneIsAcceptableAreNone(Scenario scenario) {
		assertThat(outcome(scenario, Contestant.STRICT).refusalsPerThousand()).isZero();
	}

	@ParameterizedTest
	@MethodSource("strict")
	void goodputWhenNoRefusalIsAcceptableIsMostOfWhatIsPossible(Scenario scenario) {
		assertThat(percentOfBound(scenario, Contestant.STRICT)).isGreaterThanOrEqualTo(97);
	}

	@ParameterizedTest
	@MethodSource("unknown")
	void refusalsWhenOnlyTheLimitsAreKnownAreOneWhileLearning(Scenario scenario) {
		assertThat(ours(scenario).earlyRefusals()).isLessThanOrEqualTo(1);
	}

	@ParameterizedTest
	@MethodSource("unknown")
	void goodputWhenOnlyTheLimitsAreKnownIsMostOfWhatIsPossible(Scenario scenario) {
		assertThat(percentOfBound(scenario, Contestant.LEARNING)).isGreaterThanOrEqualTo(leastWhenUnknown(scenario));
	}

	/**
	 * Where a minute ends at once, what calls give back after its last answer is not
	 * seen: 3 % are missing there.
	 */
	private static double leastWhenUnknown(Scenario scenario) {
		return switch (scenario.account().booking()) {
			case ESTIMATE -> 99;
			case SETTLED -> (scenario.account().enforcement() == Enforcement.FIXED_MINUTES) ? 87 : 90;
			case ACTUAL -> 90;
		};
	}

	@ParameterizedTest
	@MethodSource("doubled")
	void refusalsWhenLimitsAreDoubledAreNoneOnceTheLimitIsLearned(Scenario scenario) {
		assertThat(ours(scenario).refusalsPerThousand()).isZero();
	}

	@ParameterizedTest
	@MethodSource("doubled")
	void goodputWhenLimitsAreDoubledIsMostOfWhatIsPossible(Scenario scenario) {
		assertThat(percentOfBound(scenario, Contestant.LEARNING)).isGreaterThanOrEqualTo(95);
	}

	@ParameterizedTest
	@MethodSource("known")
	void usersWhenTheyCompeteGetAsMuchAsInOrderOfArrival(Scenario scenario) {
		assertThat(ours(scenario).jain()).isGreaterThanOrEqualTo(outcome(scenario, Contestant.BOUND).jain() - 0.001);
	}

	@ParameterizedTest
	@MethodSource("queueing")
	void longestWaitsWhenUsersCompeteAreAsInOrderOfArrival(Scenario scenario) {
		assertThat(ours(scenario).waits().p99())
			.isLessThanOrEqualTo(1.15 * outcome(scenario, Contestant.BOUND).waits().p99());
	}

	@ParameterizedTest
	@MethodSource("light")
	void callsWhenLoadIsLightHardlyWait(Scenario scenario) {
		assertThat(ours(scenario).waits().p99()).isLessThanOrEqualTo(0.1);
	}

	private static Outcome ours(Scenario scenario) {
		return outcome(scenario, Contestant.LEARNING);
	}

	private static double percentOfBound(Scenario scenario, Contestant contestant) {
		return 100 * outcome(scenario, contestant).goodputPercent()
				/ outcome(scenario, Contestant.BOUND).goodputPercent();
	}

	private record Run(Scenario scenario, Contestant contestant) {
	}

}
