package io.github.llmratelimit.sample.provider;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link RollingWindow}.
 */
class RollingWindowTests {

	private static final long WINDOW = 60;

	private final RollingWindow window = new RollingWindow(100, WINDOW);

	@Test
	void nanosUntilFitsWhenEmptyIsZero() {
		assertThat(this.window.nanosUntilFits(0, 100)).isZero();
	}

	@Test
	void nanosUntilFitsWhenFullIsUntilEnoughHasLeft() {
		this.window.take(0, 40);
		this.window.take(10, 40);
		this.window.take(20, 20);
		assertThat(this.window.nanosUntilFits(30, 40)).isEqualTo(30);
		assertThat(this.window.nanosUntilFits(30, 41)).isEqualTo(40);
	}

	@Test
	void nanosUntilFitsWhenAmountExceedsLimitThrows() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.window.nanosUntilFits(0, 101))
			.withMessage("Invalid amount (101): must be at most the limit (100)");
	}

	@Test
	void usedWhenExactlyOneWindowOldNoLongerCounts() {
		this.window.take(0, 100);
		assertThat(this.window.used(WINDOW - 1)).isEqualTo(100);
		assertThat(this.window.used(WINDOW)).isZero();
	}

	@Test
	void nanosUntilFullIsUntilTheNewestHasLeft() {
		this.window.take(0, 10);
		this.window.take(25, 10);
		assertThat(this.window.nanosUntilFull(30)).isEqualTo(55);
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5 })
	void neverExceedsLimitAndNeverWaitsTooLongOnRandomArrivals(long seed) {
		Random random = new Random(seed);
		List<long[]> taken = new ArrayList<>();
		long now = Long.MAX_VALUE - 500;
		for (int i = 0; i < 5_000; i++) {
			now += random.nextInt(8);
			long amount = 1 + random.nextInt(random.nextInt(20) == 0 ? 100 : 20);
			long wait = this.window.nanosUntilFits(now, amount);
			assertThat(wait).isEqualTo(bruteForceWait(taken, now, amount));
			if (wait == 0) {
				this.window.take(now, amount);
				taken.add(new long[] { now, amount });
			}
			assertThat(this.window.used(now)).isEqualTo(sumOfWindow(taken, now)).isLessThanOrEqualTo(100);
		}
		assertThat(taken).hasSizeGreaterThan(500);
	}

	private static long bruteForceWait(List<long[]> taken, long now, long amount) {
		long wait = 0;
		while (sumOfWindow(taken, now + wait) + amount > 100) {
			wait++;
		}
		return wait;
	}

	private static long sumOfWindow(List<long[]> taken, long now) {
		long sum = 0;
		for (int i = taken.size() - 1; i >= 0 && now - taken.get(i)[0] < WINDOW; i--) {
			sum += taken.get(i)[1];
		}
		return sum;
	}

}
