package io.github.llmratelimit.learning;

import java.util.Random;

import io.github.llmratelimit.learning.StrictProvider.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RestartPace}.
 */
class RestartPaceTests {

	private static final long SECOND = 1_000_000_000L;

	private static final long WINDOW = 60 * SECOND;

	/** Ten seconds before the clock overflows. */
	private static final long NOW = Long.MAX_VALUE - 10 * SECOND;

	private final RestartPace pace = new RestartPace();

	@Test
	void startsAtWhenThereWasNoPauseIsNow() {
		this.pace.started(1_000_000);
		assertThat(this.pace.startsAt(NOW)).isEqualTo(NOW);
	}

	@Test
	void startsAtWhenPauseEndsIsAtOnceForOneCall() {
		this.pace.resume(6_000, WINDOW, NOW);
		assertThat(this.pace.startsAt(NOW)).isEqualTo(NOW);
		this.pace.started(300);
		assertThat(this.pace.startsAt(NOW)).isEqualTo(NOW + 3 * SECOND);
		assertThat(this.pace.startsAt(NOW + 4 * SECOND)).isEqualTo(NOW + 4 * SECOND);
	}

	@Test
	void startsAtWhenPauseStillLastsIsItsEnd() {
		this.pace.resume(6_000, WINDOW, NOW + SECOND);
		assertThat(this.pace.startsAt(NOW)).isEqualTo(NOW + SECOND);
	}

	@Test
	void startsAtWhenAWindowHasPassedIsNow() {
		this.pace.resume(6_000, WINDOW, NOW);
		this.pace.started(Long.MAX_VALUE);
		this.pace.started(Long.MAX_VALUE);
		assertThat(this.pace.startsAt(NOW)).isEqualTo(NOW + WINDOW);
		assertThat(this.pace.startsAt(NOW + WINDOW)).isEqualTo(NOW + WINDOW);
		assertThat(this.pace.isActive(NOW + WINDOW)).isFalse();
	}

	@Test
	void startsWhenCallsAreRandomFollowTheLineWithinOneCall() {
		for (int seed = 0; seed < 50; seed++) {
			Random random = new Random(seed);
			long amount = 1_000 + random.nextInt(1_000_000);
			this.pace.resume(amount, WINDOW, NOW);
			long now = NOW;
			long spent = 0;
			while (this.pace.isActive(now)) {
				now = this.pace.startsAt(now);
				if (!this.pace.isActive(now)) {
					break;
				}
				double line = (double) amount * (now - NOW) / WINDOW;
				assertThat((double) spent).as("seed %d", seed).isLessThanOrEqualTo(line + 1);
				long cost = 1 + random.nextInt((int) Math.max(1, amount / 10));
				spent += cost;
				this.pace.started(cost);
				now += random.nextInt(1_000_000);
			}
			assertThat(spent).as("seed %d", seed).isGreaterThan(amount * 9 / 10);
		}
	}

	@ParameterizedTest
	@EnumSource(Kind.class)
	void traceWhenLimitIsStillTooHighIsRefusedLess(Kind kind) {
		long with = 0;
		long without = 0;
		long admittedWith = 0;
		long admittedWithout = 0;
		for (int seed = 0; seed < 10; seed++) {
			LearningClient client = client(kind, seed);
			client.usesPace = true;
			with += client.run(30).refusedAfterStart;
			admittedWith += client.admitted;
			client = client(kind, seed);
			without += client.run(30).refusedAfterStart;
			admittedWithout += client.admitted;
		}
		assertThat(with * 5).isLessThan(without);
		assertThat(admittedWith * 100).isGreaterThan(admittedWithout * 92);
	}

	private static LearningClient client(Kind kind, long seed) {
		StrictProvider provider = StrictProvider.of(kind, 100_000, LearningClient.WINDOW);
		return new LearningClient(provider, 200_000, LearningClient.JITTER, seed);
	}

}
