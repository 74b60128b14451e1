package io.github.llmratelimit.learning;

import java.util.Random;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.learning.StrictProvider.Kind;
import io.github.llmratelimit.learning.UsageCredit.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UsageCredit} beside a {@link StrictProvider}: it may only be acted
 * upon where its predictions are right.
 */
class UsageCreditTests {

	private static final long MILLI = 1_000_000L;

	private static final long WINDOW = 10_000 * MILLI;

	private static final long GUARD = 60 * MILLI;

	private static final long LIMIT = 100_000;

	/** The clock overflows half a minute after the start. */
	private static final long ORIGIN = Long.MAX_VALUE - 30_000 * MILLI;

	private UsageCredit credit = new UsageCredit(WINDOW, GUARD, Booking.ESTIMATE, new UsageSpread(), ORIGIN);

	private long now;

	private int seed;

	private boolean alone = true;

	@Test
	void coversWhenTheWindowRollsIsTrueInTheEnd() {
		run(StrictProvider.of(Kind.ROLLING, LIMIT, WINDOW), 30);
		assertThat(this.credit.covers(1, ORIGIN + this.now)).isTrue();
	}

	@Test
	void coversWhenThreeMinutesHaveNotPassedIsFalse() {
		run(StrictProvider.of(Kind.ROLLING, LIMIT, WINDOW), 17);
		assertThat(this.credit.covers(1, ORIGIN + this.now)).isFalse();
	}

	@ParameterizedTest
	@EnumSource(Kind.class)
	void coversWhenMoreIsAskedThanIsLeftIsFalse(Kind kind) {
		for (this.seed = 0; this.seed < 50; this.seed++) {
			this.credit = new UsageCredit(WINDOW, GUARD, Booking.ESTIMATE, new UsageSpread(), ORIGIN);
			this.now = 0;
			run(StrictProvider.of(kind, LIMIT, WINDOW), 40);
		}
	}

	@Test
	void coversWhenSomebodyElseTakesIsFalse() {
		StrictProvider provider = StrictProvider.of(Kind.ROLLING, LIMIT, WINDOW);
		run(provider, 30);
		this.alone = false; // it is only seen with the next answer
		provider.take(this.now, LIMIT / 4);
		run(provider, 2);
		assertThat(this.credit.covers(1, ORIGIN + this.now)).isFalse();
	}

	@Test
	void coversWhenACallWasRefusedIsFalse() {
		run(StrictProvider.of(Kind.ROLLING, LIMIT, WINDOW), 30);
		this.credit.refused(ORIGIN + this.now);
		run(StrictProvider.of(Kind.ROLLING, LIMIT, WINDOW), 20);
		assertThat(this.credit.covers(1, ORIGIN + this.now)).isFalse();
	}

	@Test
	void coversWhenWhatWasUsedNoLongerCountsIsFalse() {
		StrictProvider provider = StrictProvider.of(Kind.ROLLING, LIMIT, WINDOW);
		run(provider, 30);
		answer(provider, 0.4);
		assertThat(this.credit.covers(1, ORIGIN + this.now)).isFalse();
	}

	@Test
	void coversWhenMostOfWhatWasUsedStillCountsIsTrue() {
		StrictProvider provider = StrictProvider.of(Kind.ROLLING, LIMIT, WINDOW);
		run(provider, 30);
		answer(provider, 0.7);
		assertThat(this.credit.covers(1, ORIGIN + this.now)).isTrue();
	}

	/** A call is sent and answered, and a part of what was taken still counts. */
	private void answer(StrictProvider provider, double counts) {
		this.now += 2 * GUARD;
		long[] predicted = this.credit.sent(200, 200, ORIGIN + this.now);
		SentCall call = new SentCall(200, ORIGIN + this.now, 200, 0, 200, predicted);
		long taken = LIMIT - provider.remaining(this.now);
		this.credit.answered(LIMIT - (long) (counts * taken), LIMIT, call, 0, 0, ORIGIN + this.now);
		this.credit.ended(call, 200, ORIGIN + this.now);
	}

	@Test
	void judgeWhenBookingIsNotOfRealTokensKnowsNothing() {
		run(StrictProvider.of(Kind.ROLLING, LIMIT, WINDOW), 30);
		assertThat(this.credit.judge(1, Long.MAX_VALUE, ORIGIN + this.now)).isEqualTo(Verdict.UNKNOWN);
	}

	@Test
	void judgeWhenTheWindowIsNotYetKnownToRollKnowsNothing() {
		realTokensCount();
		run(StrictProvider.of(Kind.ROLLING, LIMIT, WINDOW), 17);
		assertThat(this.credit.judge(1, Long.MAX_VALUE, ORIGIN + this.now)).isEqualTo(Verdict.UNKNOWN);
	}

	@ParameterizedTest
	@EnumSource(value = Kind.class, names = { "FIXED", "BUCKET" })
	void judgeWhenTheWindowDoesNotRollKnowsNothing(Kind kind) {
		realTokensCount();
		run(StrictProvider.of(kind, LIMIT, WINDOW), 60);
		assertThat(this.credit.judge(1, Long.MAX_VALUE, ORIGIN + this.now)).isEqualTo(Verdict.UNKNOWN);
	}

	@Test
	void judgeWhenTheWindowRollsIsByWhatIsLeft() {
		realTokensCount();
		StrictProvider provider = StrictProvider.of(Kind.ROLLING, LIMIT, WINDOW);
		run(provider, 30);
		long left = provider.remaining(this.now);
		assertThat(this.credit.judge(left / 2, Long.MAX_VALUE, ORIGIN + this.now)).isEqualTo(Verdict.FITS);
		assertThat(this.credit.judge(left + 1, Long.MAX_VALUE, ORIGIN + this.now)).isEqualTo(Verdict.TOO_MUCH);
	}

	@Test
	void judgeWhenTheLedgerIsSureKnowsNothing() {
		realTokensCount();
		run(StrictProvider.of(Kind.ROLLING, LIMIT, WINDOW), 30);
		assertThat(this.credit.judge(1, 0, ORIGIN + this.now)).isEqualTo(Verdict.UNKNOWN);
	}

	@Test
	void judgeWhenARefusalToldWhatIsLeftGoesByThat() {
		realTokensCount();
		StrictProvider provider = StrictProvider.of(Kind.ROLLING, LIMIT, WINDOW);
		run(provider, 30);
		this.now += 200 * MILLI;
		this.credit.sent(900, 900, ORIGIN + this.now);
		SentCall refused = new SentCall(900, ORIGIN + this.now, 900, 0, 900, null);
		this.now += 20 * MILLI;
		this.credit.refused(500, refused, 0, ORIGIN + this.now);
		this.credit.refused(ORIGIN + this.now); // the same once more
		this.credit.uncounted(refused, ORIGIN + this.now);
		assertThat(this.credit.judge(500, Long.MAX_VALUE, ORIGIN + this.now)).isEqualTo(Verdict.FITS);
		assertThat(this.credit.judge(501, Long.MAX_VALUE, ORIGIN + this.now)).isEqualTo(Verdict.TOO_MUCH);
	}

	@Test
	void judgeWhenARefusalCantBeExplainedKnowsNothing() {
		realTokensCount();
		run(StrictProvider.of(Kind.ROLLING, LIMIT, WINDOW), 30);
		this.now += 200 * MILLI;
		long[] predicted = this.credit.sent(900, 900, ORIGIN + this.now);
		SentCall refused = new SentCall(900, ORIGIN + this.now, 900, 0, 900, predicted);
		this.credit.refused(0, refused, 0, ORIGIN + this.now);
		assertThat(this.credit.judge(1, Long.MAX_VALUE, ORIGIN + this.now)).isEqualTo(Verdict.UNKNOWN);
	}

	private void realTokensCount() {
		this.credit = new UsageCredit(WINDOW, GUARD, Booking.ACTUAL, new UsageSpread(), ORIGIN);
		this.alone = false; // beside the ledger, which is not asked here
	}

	/** Sends calls in spurts, and looks before each whether too much would be allowed. */
	private void run(StrictProvider provider, int windows) {
		Random random = new Random(this.seed);
		long end = this.now + windows * WINDOW;
		while (this.now < end) {
			this.now += (random.nextInt(5) == 0 ? 1 + random.nextInt(800) : 70) * MILLI;
			long cost = 200 + random.nextInt(800);
			boolean tooMuch = this.credit.covers(provider.remaining(this.now) + 1, ORIGIN + this.now);
			assertThat(this.alone && tooMuch).as("seed %d", this.seed).isFalse();
			if (provider.remaining(this.now) < 3 * LIMIT / 10) {
				continue;
			}
			long[] predicted = this.credit.sent(cost, cost, ORIGIN + this.now);
			SentCall call = new SentCall(cost, ORIGIN + this.now, cost, 0, cost, predicted);
			provider.take(this.now, cost);
			long remaining = provider.remaining(this.now);
			this.now += 20 * MILLI;
			this.credit.answered(remaining, LIMIT, call, 0, 0, ORIGIN + this.now);
			this.credit.ended(call, cost, ORIGIN + this.now);
		}
	}

}
