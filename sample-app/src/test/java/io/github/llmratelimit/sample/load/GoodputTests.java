package io.github.llmratelimit.sample.load;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Goodput}.
 */
class GoodputTests {

	private static final Duration WINDOW = Duration.ofSeconds(60);

	@ParameterizedTest
	@CsvSource({ "61,1,61", "90,30,90", "119,59,119", "120,60,120", "150,90,150", "180,60,180", "900,60,900" })
	void measureTakesWholeWindowsAtTheEnd(int load, double from, double to) {
		Goodput goodput = Goodput.measure(Duration.ofSeconds(load), WINDOW, 100,
				(start, end) -> end.minus(start).toSeconds());
		assertThat(goodput).isNotNull();
		assertThat(goodput.fromSeconds()).isEqualTo(from);
		assertThat(goodput.toSeconds()).isEqualTo(to);
		assertThat(goodput.percent()).isEqualTo(60);
	}

	@Test
	void measureIsPercentOfWhatAllWindowsAllow() {
		assertThat(Goodput.measure(Duration.ofSeconds(180), WINDOW, 1_000, (from, to) -> 1_985))
			.isEqualTo(new Goodput(99.3, 1_985, 60, 180));
	}

	@Test
	void measureWhenLoadIsNoLongerThanAWindowIsNothing() {
		assertThat(Goodput.measure(WINDOW, WINDOW, 100, (from, to) -> 1)).isNull();
	}

}
