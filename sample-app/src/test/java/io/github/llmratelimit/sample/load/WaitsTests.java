package io.github.llmratelimit.sample.load;

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Waits}.
 */
class WaitsTests {

	private final Waits waits = new Waits();

	@Test
	void summaryWhenEmptyIsZero() {
		assertThat(this.waits.summary()).isEqualTo(new Waits.Summary(0, 0, 0));
	}

	@Test
	void summaryOfOneIsThatOne() {
		add(1_234);
		assertThat(this.waits.summary()).isEqualTo(new Waits.Summary(1.234, 1.234, 1.234));
	}

	@Test
	void summaryOfManyHasExactPercentiles() {
		for (int i = 2_000; i >= 1; i--) {
			add(i);
		}
		assertThat(this.waits.summary()).isEqualTo(new Waits.Summary(1, 1.98, 2));
	}

	private void add(long millis) {
		this.waits.add(TimeUnit.MILLISECONDS.toNanos(millis));
	}

}
