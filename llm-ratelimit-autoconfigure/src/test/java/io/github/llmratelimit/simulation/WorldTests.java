package io.github.llmratelimit.simulation;

import java.util.List;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.simulation.Scenario.Trouble;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link World}.
 */
class WorldTests {

	private static final Scenario SCENARIO = Scenario.big(Enforcement.ROLLING, Booking.ESTIMATE).with(Trouble.NONE, 5);

	@Test
	void runWhenTheSeedIsTheSameEndsTheSame() {
		Outcome first = new World(SCENARIO, 3, OurClient::deaf).run();
		Outcome second = new World(SCENARIO, 3, OurClient::deaf).run();
		assertThat(second.waits().sortedNanos()).isEqualTo(first.waits().sortedNanos());
	}

	@Test
	void runWhenOurEngineKnowsTheProviderIsNeverRefused() {
		assertThat(new World(SCENARIO, 1, OurClient::deaf).run().refusalsPerThousand()).isZero();
	}

	@Test
	void runWhenNobodyLimitsIsRefusedMoreOftenThanNot() {
		assertThat(new World(SCENARIO, 1, BackoffClient::new).run().refusalsPerThousand()).isGreaterThan(1_000);
	}

	@Test
	void runWhenTheLoopIsOpenOffersWhatItSays() {
		Scenario light = SCENARIO.with((load) -> load.offering(0.57)).with(Trouble.NONE, 30);
		assertThat(new World(light, 1, OmniscientClient::new).run().goodputPercent()).isBetween(52.0, 62.0);
	}

	@Test
	void togetherCountsEachRun() {
		Outcome first = new World(SCENARIO, 1, OmniscientClient::new).run();
		Outcome second = new World(SCENARIO, 2, OmniscientClient::new).run();
		assertThat(Outcome.together(List.of(first, second)).waits().sortedNanos())
			.hasSize(first.waits().sortedNanos().length + second.waits().sortedNanos().length);
	}

}
