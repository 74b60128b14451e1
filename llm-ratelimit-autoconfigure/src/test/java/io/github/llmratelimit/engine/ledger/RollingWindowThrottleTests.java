package io.github.llmratelimit.engine.ledger;

import java.time.Duration;
import java.util.Random;

import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.engine.ledger.PaceOracle.Taken;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a {@link RollingWindow} whose rest is spread, beside the formula.
 */
class RollingWindowThrottleTests {

	private static final long START = Long.MAX_VALUE - Duration.ofSeconds(90).toNanos();

	private static final Duration GUARD = Duration.ofMillis(60);

	private static final long SLOT_NANOS = Duration.ofMillis(50).toNanos();

	/** A minute and 60 ms in slots, rounded up, and the slot in which it was taken. */
	private static final int HELD_SLOTS = 1203;

	/** How early a wake-up may be said to be late: a double is not exact. */
	private static final long INEXACT_NANOS = 2000;

	private Random random;

	private RollingWindow window;

	private PaceOracle oracle;

	private long now;

	private int paced;

	@ParameterizedTest
	@CsvSource({ "0.2, 1", "0.5, 1", "0.9, 1", "1, 1", "0, 0.8", "0, 0.5", "0, 0.07", "0.2, 0.8", "0.5, 0.3" })
	void traceWhenRandomFollowsTheFormulaAndKnowsWhenItAllows(double mark, double share) {
		for (int seed = 0; seed < 40; seed++) {
			this.random = new Random(seed);
			this.now = START;
			int limit = (seed % 2 == 0) ? 1000 : 100;
			this.window = new RollingWindow(Limit.perMinute(Dimension.TOKENS, limit), GUARD,
					RollingWindow.SLOTS_PER_WINDOW, mark, share, START);
			this.oracle = new PaceOracle(limit, mark, share, START, SLOT_NANOS, HELD_SLOTS);
			for (int step = 0; step < 120; step++) {
				step(limit);
				check("%s of seed %d".formatted(step, seed), limit);
			}
		}
		// a trace that is never slowed down would prove nothing
		assertThat(this.paced).isGreaterThan((mark > 0) ? 200 : -1);
	}

	private void step(int limit) {
		switch (this.random.nextInt(10)) {
			case 0, 1, 2, 3 -> {
				long amount = this.random.nextInt(Math.max(1, limit / 8));
				// mostly what fits; sometimes a call that starts all the same
				if (this.oracle.fits(amount) || this.random.nextInt(20) == 0) {
					this.window.take(amount);
					this.oracle.take(amount);
				}
			}
			case 4 -> correct();
			case 5 -> {
				if (this.random.nextInt(6) == 0) {
					long newLimit = 1 + this.random.nextInt(2 * limit);
					this.window.limit(this.window.limit().withAmount(newLimit, LimitOrigin.RUNTIME));
					this.oracle.limit(newLimit);
				}
			}
			case 6 -> pass(this.random.nextLong(SLOT_NANOS));
			case 7 -> pass(this.random.nextLong(60 * SLOT_NANOS));
			case 8 -> pass(Duration.ofSeconds(this.random.nextInt(20)).toNanos());
			default -> pass(this.window.fitsAt(this.now, this.random.nextInt(limit)) - this.now);
		}
	}

	private void correct() {
		if (!this.oracle.held().isEmpty()) {
			Taken taken = this.oracle.held().get(this.random.nextInt(this.oracle.held().size()));
			long difference = this.random.nextBoolean() ? -taken.amount : this.random.nextLong(20);
			this.window.correct(taken.atNanos, difference);
			this.oracle.correct(taken, difference);
		}
	}

	private void pass(long nanos) {
		this.now += nanos;
		this.window.advance(this.now);
		this.oracle.advance(this.now);
	}

	private void check(String step, int limit) {
		this.paced += this.oracle.isPaced() ? 1 : 0;
		assertThat(this.window.remaining()).as("remaining at step %s", step).isEqualTo(this.oracle.remaining());
		long amount = this.random.nextInt(limit) / ((this.random.nextInt(3) == 0) ? 1 : 20);
		assertThat(this.window.fits(amount)).as("fits %d at step %s", amount, step).isEqualTo(this.oracle.fits(amount));
		if (amount <= this.window.limit().amount()) {
			checkInstant(amount, step);
		}
	}

	/** It fits at the instant that is said, and at none before. */
	private void checkInstant(long amount, String step) {
		long instant = this.window.fitsAt(this.now, amount);
		RollingWindow future = this.window.copy();
		long early = instant - this.now - INEXACT_NANOS;
		if (early >= 0) {
			long between = this.now + (long) (early * this.random.nextDouble());
			future.advance(between);
			assertThat(future.fits(amount)).as("%d fits before it is said to, at step %s", amount, step).isFalse();
			future.advance(this.now + early);
			assertThat(future.fits(amount)).as("%d fits just before it is said to, at step %s", amount, step).isFalse();
		}
		future.advance(instant);
		assertThat(future.fits(amount)).as("%d fits when it is said to, at step %s", amount, step).isTrue();
	}

	@Test
	void fitsWhenAnAmountIsExactlyTheShareOfAnEmptyWindow() {
		for (int limit = 1; limit <= 300; limit++) {
			for (int percent = 1; percent < 100; percent++) {
				RollingWindow empty = new RollingWindow(Limit.perMinute(Dimension.TOKENS, limit), GUARD,
						RollingWindow.SLOTS_PER_WINDOW, 0, percent / 100.0, START);
				for (long amount = 1; amount <= limit; amount++) {
					assertThat(empty.fits(amount)).as("%d of %d at %d %%", amount, limit, percent).isTrue();
				}
			}
		}
	}

}
