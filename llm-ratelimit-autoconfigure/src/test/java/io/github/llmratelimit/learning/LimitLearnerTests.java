package io.github.llmratelimit.learning;

import java.time.Duration;
import java.util.Random;

import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.learning.LimitChange.Cause;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link LimitLearner}.
 */
class LimitLearnerTests {

	private static final long SECOND = 1_000_000_000L;

	/** Twenty seconds before the clock overflows. */
	private static final long NOW = Long.MAX_VALUE - 20 * SECOND;

	private static final long EXPIRY = LimitLearner.CONFIRMED_FOR.toNanos();

	@Test
	void toldWhenBelowCeilingLowers() {
		LimitLearner limit = limit(LimitOrigin.CONFIGURED);
		LimitChange change = limit.told(300, true, NOW, NOW);
		assertThat(change.cause()).isEqualTo(Cause.TOLD);
		assertThat(change.from().amount()).isEqualTo(1_000);
		assertThat(change.to()).isEqualTo(limit.effective());
		assertThat(limit.effective().amount()).isEqualTo(300);
		assertThat(limit.effective().origin()).isEqualTo(LimitOrigin.LEARNED);
	}

	@Test
	void toldWhenAboveCeilingIsReportedOnceAndChangesNothing() {
		LimitLearner limit = limit(LimitOrigin.CONFIGURED);
		LimitChange change = limit.told(5_000, true, NOW, NOW);
		assertThat(change.cause()).isEqualTo(Cause.ABOVE_CEILING);
		assertThat(change.told()).isEqualTo(5_000);
		assertThat(limit.effective().amount()).isEqualTo(1_000);
		assertThat(limit.effective().origin()).isEqualTo(LimitOrigin.CONFIGURED);
		assertThat(limit.told(5_000, true, NOW + 1, NOW + 1)).isNull();
	}

	@Test
	void toldWhenAboveCeilingAfterLowerGoesBackToTheCeiling() {
		LimitLearner limit = limit(LimitOrigin.CONFIGURED);
		limit.told(300, true, NOW, NOW);
		assertThat(limit.told(5_000, true, NOW + 1, NOW + 1).to().amount()).isEqualTo(1_000);
		assertThat(limit.effective().origin()).isEqualTo(LimitOrigin.CONFIGURED);
	}

	@Test
	void toldWhenLimitIsFromTierFollowsBothWays() {
		LimitLearner limit = limit(LimitOrigin.BUNDLED_TIER);
		limit.told(5_000, true, NOW, NOW);
		assertThat(limit.effective().amount()).isEqualTo(5_000);
		limit.told(200, true, NOW + 1, NOW + 1);
		assertThat(limit.effective().amount()).isEqualTo(200);
	}

	@Test
	void toldWhenLimitIsAssumedFollowsBothWays() {
		LimitLearner limit = limit(LimitOrigin.ASSUMED);
		limit.told(5_000, true, NOW, NOW);
		assertThat(limit.effective().amount()).isEqualTo(5_000);
		limit.told(200, true, NOW + 1, NOW + 1);
		assertThat(limit.effective().amount()).isEqualTo(200);
	}

	@Test
	void expireWhenLimitWasAssumedKeepsWhatIsKnown() {
		LimitLearner limit = limit(LimitOrigin.ASSUMED);
		limit.told(200, true, NOW, NOW);
		assertThat(limit.expire(NOW + EXPIRY)).isNull();
		assertThat(limit.effective().amount()).isEqualTo(200);
	}

	@Test
	void toldWhenSameAmountAsTierIsLearnedWithoutNews() {
		LimitLearner limit = limit(LimitOrigin.TIER);
		assertThat(limit.told(1_000, true, NOW, NOW)).isNull();
		assertThat(limit.effective().origin()).isEqualTo(LimitOrigin.LEARNED);
	}

	@Test
	void toldWhenAnswerIsToAnOlderRequestIsIgnored() {
		LimitLearner limit = limit(LimitOrigin.TIER);
		limit.told(2_000, true, NOW, NOW);
		assertThat(limit.told(300, true, NOW - 1, NOW + 5)).isNull();
		assertThat(limit.effective().amount()).isEqualTo(2_000);
	}

	@Test
	void toldWhenClockOverflowsBetweenRequestsStillTellsOrder() {
		LimitLearner limit = limit(LimitOrigin.TIER);
		limit.told(2_000, true, NOW, NOW);
		assertThat(limit.told(300, true, NOW + 40 * SECOND, NOW + 41 * SECOND)).isNotNull();
		assertThat(limit.told(400, true, NOW + 30 * SECOND, NOW + 42 * SECOND)).isNull();
	}

	@Test
	void toldWhenAmountIsImplausibleIsIgnored() {
		LimitLearner limit = limit(LimitOrigin.TIER);
		for (long amount : new long[] { 0, -1, Long.MIN_VALUE, Long.MAX_VALUE, Limit.LARGEST_AMOUNT + 1 }) {
			assertThat(limit.told(amount, true, NOW, NOW)).isNull();
		}
		assertThat(limit.told(300, true, NOW - 1, NOW)).isNotNull();
	}

	@Test
	void toldWhenProviderIsUnderLoadNeverShrinks() {
		LimitLearner limit = limit(LimitOrigin.TIER);
		assertThat(limit.told(300, false, NOW, NOW)).isNull();
		assertThat(limit.effective().amount()).isEqualTo(1_000);
		assertThat(limit.told(3_000, false, NOW, NOW)).isNotNull();
	}

	@Test
	void toldWhenThereIsAShareTakesIt() {
		LimitLearner limit = new LimitLearner(limit(LimitOrigin.TIER).effective(), 0.25);
		limit.told(2_000, true, NOW, NOW);
		assertThat(limit.effective().amount()).isEqualTo(500);
		limit.told(1, true, NOW, NOW);
		assertThat(limit.effective().amount()).isEqualTo(1);
	}

	@Test
	void expireWhenLowerLimitWasNotConfirmedGoesBack() {
		LimitLearner limit = limit(LimitOrigin.CONFIGURED);
		limit.told(300, true, NOW, NOW);
		assertThat(limit.expire(NOW + EXPIRY - 1)).isNull();
		assertThat(limit.expire(NOW + EXPIRY).cause()).isEqualTo(Cause.EXPIRED);
		assertThat(limit.effective().amount()).isEqualTo(1_000);
	}

	@Test
	void expireWhenLowerLimitWasConfirmedKeepsIt() {
		LimitLearner limit = limit(LimitOrigin.CONFIGURED);
		limit.told(300, true, NOW, NOW);
		limit.told(300, true, NOW + EXPIRY / 2, NOW + EXPIRY / 2);
		assertThat(limit.expire(NOW + EXPIRY)).isNull();
		assertThat(limit.effective().amount()).isEqualTo(300);
	}

	@Test
	void expireWhenHigherLimitWasLearnedKeepsIt() {
		LimitLearner limit = limit(LimitOrigin.TIER);
		limit.told(2_000, true, NOW, NOW);
		assertThat(limit.expire(NOW + 10 * EXPIRY)).isNull();
	}

	@Test
	void toldWhenNothingWasKnownReplacesTheStartForGood() {
		LimitLearner limit = limit(LimitOrigin.ASSUMED);
		limit.told(3, true, NOW, NOW);
		assertThat(limit.expire(NOW + 10 * EXPIRY)).isNull();
		assertThat(limit.effective().amount()).isEqualTo(3);
		limit.told(9_000, true, NOW + 1, NOW + 1);
		assertThat(limit.effective().amount()).isEqualTo(9_000);
	}

	@Test
	void changeWhenRunningIsACeilingUntilDropped() {
		LimitLearner limit = limit(LimitOrigin.TIER);
		limit.told(2_000, true, NOW, NOW);
		assertThat(limit.change(500L).cause()).isEqualTo(Cause.RUNTIME);
		limit.told(2_000, true, NOW + 1, NOW + 1);
		assertThat(limit.effective().amount()).isEqualTo(500);
		assertThat(limit.effective().origin()).isEqualTo(LimitOrigin.RUNTIME);
		limit.change(null);
		assertThat(limit.effective().origin()).isEqualTo(LimitOrigin.TIER);
	}

	@Test
	void changeWhenProviderToldLessHoldsUntilItTellsAgain() {
		LimitLearner limit = limit(LimitOrigin.CONFIGURED);
		limit.told(300, true, NOW, NOW);
		limit.change(800L);
		assertThat(limit.effective().amount()).isEqualTo(800);
		limit.told(300, true, NOW + 1, NOW + 1);
		assertThat(limit.effective().amount()).isEqualTo(300);
	}

	@Test
	void tracesWhenRandomNeverExceedWhatWasToldOrStated() {
		for (int seed = 0; seed < 200; seed++) {
			Random random = new Random(seed);
			boolean ceiling = random.nextBoolean();
			LimitLearner limit = limit(ceiling ? LimitOrigin.CONFIGURED : LimitOrigin.TIER);
			long latestSent = NOW;
			long latestTold = 0;
			long toldAt = 0;
			long now = NOW;
			for (int step = 0; step < 200; step++) {
				now += (long) (random.nextDouble() * 400 * SECOND);
				long sent = now - (long) (random.nextDouble() * 600 * SECOND);
				long amount = random.nextInt(2_000) - 100;
				if (random.nextBoolean()) {
					limit.told(amount, true, sent, now);
					if (amount > 0 && (latestTold == 0 || sent - latestSent >= 0)) {
						latestSent = sent;
						latestTold = amount;
						toldAt = now;
					}
				}
				limit.expire(now);
				boolean valid = latestTold > 0 && (now - toldAt < EXPIRY || latestTold >= 1_000);
				long expected = !valid ? 1_000 : ceiling ? Math.min(1_000, latestTold) : latestTold;
				assertThat(limit.effective().amount()).as("seed %d, step %d", seed, step).isEqualTo(expected);
			}
		}
	}

	@Test
	void createWhenShareIsOutOfRangeSaysSo() {
		assertThatIllegalArgumentException().isThrownBy(() -> new LimitLearner(limit(LimitOrigin.TIER).effective(), 0))
			.withMessage("Invalid share (0.0): must be above 0 and at most 1.");
	}

	@Test
	void changesReadLikeSentences() {
		LimitLearner limit = limit(LimitOrigin.CONFIGURED);
		assertThat(limit.told(5_000, true, NOW, NOW)).hasToString("1000 tokens per 1m (CONFIGURED) is less than the "
				+ "provider grants (5000) and stays, since it was stated for the model");
		assertThat(limit.told(300, true, NOW, NOW))
			.hasToString("1000 tokens per 1m (CONFIGURED) is now 300 tokens per 1m (LEARNED): the provider told 300");
	}

	private static LimitLearner limit(LimitOrigin origin) {
		return new LimitLearner(new Limit(Dimension.TOKENS, 1_000, Duration.ofMinutes(1), origin), 1);
	}

}
