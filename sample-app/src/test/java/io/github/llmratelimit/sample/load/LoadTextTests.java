package io.github.llmratelimit.sample.load;

import java.util.Map;

import io.github.llmratelimit.sample.load.LoadReport.Limits;
import io.github.llmratelimit.sample.load.LoadReport.Refused;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LoadText} and the arithmetic of {@link LoadReport}.
 */
class LoadTextTests {

	@Test
	void tableShowsEveryNumber() {
		assertThat(LoadText.table(report(new Goodput(99.3, 446_850, 60, 120), Map.of("HTTP 429", 1_280L))))
			.isEqualTo("""

					calls                            1,600
					  answered                       300
					  given up                       1,280  (HTTP 429 1,280)
					  not sent when the load ended   20
					429s, counted by the provider    1,280  = 800.0 per 1,000 calls
					  requests / tokens / too large  0 / 1,279 / 1
					goodput                          99.3 % of the token limit, measured from 60 s to 120 s
					most tokens in any 60 s          449,996 of 450,000
					wait until sent                  p50 0.1 s, p99 2.5 s, max 3.0 s
					elapsed                          125.4 s
					""");
	}

	@Test
	void tableWhenLoadIsTooShortSaysThatGoodputIsNotMeasured() {
		assertThat(LoadText.table(report(null, Map.of())))
			.contains(
					"goodput                          not measured: the load must last longer than one window of 60 s")
			.contains("given up                       0\n");
	}

	@Test
	void lineIsOneLine() {
		assertThat(LoadText.line(new LoadProgress(7, 120, 80, 3, 4, 20, 17, 225_000, 450_000)))
			.isEqualTo("   7 s     120      80         3       4       20       17      225,000   50.0 %\n");
	}

	@Test
	void refusedWhenThereWereNoCallsIsZeroPerThousand() {
		assertThat(Refused.of(0, 0, 0, 0).per1000Calls()).isZero();
	}

	@Test
	void refusedAddsUpAndRounds() {
		assertThat(Refused.of(1, 2, 3, 7)).isEqualTo(new Refused(6, 1, 2, 3, 857.1));
	}

	private static LoadReport report(Goodput goodput, Map<String, Long> givenUp) {
		return new LoadReport(new LoadRequest(50, 120, false, false, 1), "gpt-4o", new Limits(5_000, 450_000, 60),
				1_600, 300, givenUp, 20, Refused.of(0, 1_279, 1, 1_600), goodput, 449_996,
				new Waits.Summary(0.051, 2.5, 3.001), 125.4);
	}

}
