package io.github.llmratelimit.learning;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UsageLog}: what it adds up in parts lies on the safe side of the exact
 * sum, and not by more than parts explain.
 */
class UsageLogTests {

	private static final long WINDOW = 10_000;

	private static final long GUARD = 60;

	private static final int SEEDS = 200;

	/** An instant shortly before the clock overflows. */
	private static final long ORIGIN = Long.MAX_VALUE - 15_000;

	private final List<Call> calls = new ArrayList<>();

	private UsageLog log = new UsageLog(WINDOW, GUARD, ORIGIN);

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void leftWhenTracesAreRandomIsNeverAboveTheExactSum(boolean rolls) {
		for (int seed = 0; seed < SEEDS; seed++) {
			long now = trace(seed);
			assertThat(this.log.left(GUARD, rolls, 2, 9)).as("seed %d", seed)
				.isLessThanOrEqualTo(exact(now, rolls, GUARD, 0));
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void leftWhenTracesAreRandomIsNotBelowTheSumWithALargerGuard(boolean rolls) {
		for (int seed = 0; seed < SEEDS; seed++) {
			long now = trace(seed);
			assertThat(this.log.left(GUARD, rolls, 2, 9)).as("seed %d", seed)
				.isGreaterThanOrEqualTo(exact(now, rolls, 4 * GUARD, 2 * GUARD));
		}
	}

	@Test
	void surestWhenTracesAreRandomIsNeverAboveTheExactSum() {
		for (int seed = 0; seed < SEEDS; seed++) {
			long now = trace(seed);
			assertThat(this.log.surest(GUARD, 2, 9, Long.MAX_VALUE)).as("seed %d", seed)
				.isLessThanOrEqualTo(exact(now, true, GUARD, 0));
		}
	}

	@Test
	void surestWhenTracesAreRandomIsNotBelowTheLeastSumWithALargerGuard() {
		for (int seed = 0; seed < SEEDS; seed++) {
			long now = trace(seed);
			long least = this.calls.stream()
				.filter((call) -> call.ended && now - call.sentAt <= WINDOW + GUARD)
				.mapToLong((call) -> left(call, now, true, 4 * GUARD))
				.min()
				.orElse(UsageLog.NONE);
			assertThat(this.log.surest(GUARD, 2, 9, Long.MAX_VALUE)).as("seed %d", seed).isGreaterThanOrEqualTo(least);
		}
	}

	@Test
	void surestWhenAnEarlierAnswerTellsOfMoreIsByTheLaterOne() {
		answered(0, 5_000);
		answered(1_000, 2_000);
		assertThat(this.log.surest(GUARD, 1, 0, Long.MAX_VALUE)).isEqualTo(2_000);
		assertThat(this.log.left(GUARD, true, 1, 0)).isEqualTo(4_900);
	}

	@Test
	void surestWhenMoreIsUnsureThanElsewhereTellsNothing() {
		answered(0, 5_000);
		assertThat(this.log.surest(GUARD, 3, 400, 160)).isEqualTo(UsageLog.NONE);
		assertThat(this.log.surest(GUARD, 3, 400, 161)).isEqualTo(4_940);
	}

	@Test
	void usedBeforeWhenTracesAreRandomIsWithinTheExactSums() {
		for (int seed = 0; seed < SEEDS; seed++) {
			long now = trace(seed);
			for (long at = now - WINDOW; at <= now; at += WINDOW / 20) {
				assertThat(this.log.usedBefore(this.log.part(at), GUARD)).as("seed %d", seed)
					.isBetween(usedBefore(at, 4 * GUARD), usedBefore(at, GUARD));
			}
		}
	}

	private long usedBefore(long at, long guard) {
		return this.calls.stream()
			.filter((call) -> call.ended && at - call.sentAt >= guard && at - call.sentAt <= WINDOW - guard)
			.mapToLong((call) -> call.used)
			.sum();
	}

	@Test
	void forgetBeforeWhenAnswersAreOlderLeavesTheLater() {
		answered(0, 5_000);
		answered(1_000, 2_000);
		this.log.forgetBefore(this.log.part(ORIGIN + 1_000));
		assertThat(this.log.left(GUARD, true, 1, 0)).isEqualTo(2_000);
	}

	/** A call of 100 is sent, answered and ended at once. */
	private void answered(long at, long left) {
		this.log.advance(ORIGIN + at);
		this.log.sent(100, 0);
		this.log.answered(this.log.part(ORIGIN + at), left + 100, this);
		this.log.advance(ORIGIN + at + 3 * GUARD);
	}

	/** Runs calls for a few windows and returns the time at the end. */
	private long trace(int seed) {
		Random random = new Random(seed);
		this.calls.clear();
		this.log = new UsageLog(WINDOW, GUARD, ORIGIN);
		long now = ORIGIN;
		long end = ORIGIN + 5 * WINDOW / 2 + random.nextInt((int) WINDOW);
		while (now - end < 0) {
			now += random.nextInt((seed % 2 == 0) ? 50 : 2000);
			this.log.advance(now);
			for (Call call : this.calls) {
				if (!call.ended && now - call.endsAt >= 0) {
					end(call);
				}
			}
			Call call = new Call(now, 1 + random.nextInt(1000), now + 500 + random.nextInt(8000));
			call.used = random.nextInt((int) call.amount);
			call.told = random.nextInt(100_000);
			this.log.sent(call.amount, (double) call.amount * call.amount);
			this.calls.add(call);
		}
		return now;
	}

	private void end(Call call) {
		call.ended = true;
		long part = this.log.part(call.sentAt);
		this.log.answered(part, call.told + call.amount, call);
		this.log.ended(part, call.used - call.amount, call.used, (double) call.amount * call.amount);
		this.log.correct(part, call.used - call.amount, call);
	}

	private long exact(long now, boolean rolls, long guard, long missing) {
		long best = Long.MIN_VALUE;
		for (Call answered : this.calls) {
			if (answered.ended && now - answered.sentAt <= WINDOW + GUARD - missing) {
				best = Math.max(best, left(answered, now, rolls, guard));
			}
		}
		return best;
	}

	private long left(Call answered, long now, boolean rolls, long guard) {
		long left = answered.told + answered.used;
		double squares = 9;
		for (Call call : this.calls) {
			if (call.sentAt - answered.sentAt >= -guard) {
				left -= call.ended ? call.used : call.amount;
				squares += call.ended ? 0 : (double) call.amount * call.amount;
			}
			boolean returned = call.sentAt - (answered.sentAt + guard - WINDOW) >= 0
					&& now - call.sentAt >= WINDOW + guard;
			if (rolls && returned && call.ended) {
				left += call.used;
			}
		}
		return left - (long) Math.ceil(2 * Math.sqrt(squares));
	}

	private static final class Call {

		private final long sentAt;

		private final long amount;

		private final long endsAt;

		private long used;

		private long told;

		private boolean ended;

		private Call(long sentAt, long amount, long endsAt) {
			this.sentAt = sentAt;
			this.amount = amount;
			this.endsAt = endsAt;
		}

	}

}
