package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.time.Ticks;

/**
 * What kind of budget a {@link BudgetTrace} lives on, and how large its calls are.
 *
 * @param name for messages
 * @param booking how the provider books
 * @param guard how much longer than its window an amount is held
 * @param tokens what sizes of calls are measured by
 * @param limits the windows
 */
record TraceMix(String name, Booking booking, Duration guard, long tokens, List<Limit> limits) {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private static final Duration GUARD = Duration.ofMillis(60);

	static List<TraceMix> all() {
		return List.of(
				new TraceMix("requests and tokens per minute", Booking.ESTIMATE, GUARD, 1000,
						List.of(limit(Dimension.REQUESTS, 10, MINUTE), limit(Dimension.TOKENS, 1000, MINUTE))),
				new TraceMix("10 s, a minute and a day", Booking.ESTIMATE, GUARD, 500, List.of(
						limit(Dimension.TOKENS, 500, Duration.ofSeconds(10)), limit(Dimension.TOKENS, 1500, MINUTE),
						limit(Dimension.TOKENS, 30_000, Duration.ofDays(1)), limit(Dimension.REQUESTS, 20, MINUTE))),
				new TraceMix("tiny", Booking.ESTIMATE, GUARD, 3,
						List.of(limit(Dimension.REQUESTS, 1, MINUTE), limit(Dimension.TOKENS, 3, MINUTE))),
				new TraceMix("huge", Booking.ESTIMATE, GUARD, Limit.LARGEST_AMOUNT,
						List.of(limit(Dimension.REQUESTS, Limit.LARGEST_AMOUNT, MINUTE),
								limit(Dimension.TOKENS, Limit.LARGEST_AMOUNT, MINUTE))),
				new TraceMix("input and output apart, settled", Booking.SETTLED, GUARD, 1000,
						List.of(limit(Dimension.REQUESTS, 15, MINUTE), limit(Dimension.INPUT_TOKENS, 1000, MINUTE),
								limit(Dimension.OUTPUT_TOKENS, 800, MINUTE))),
				new TraceMix("per second without guard", Booking.ESTIMATE, Duration.ZERO, 100,
						List.of(limit(Dimension.REQUESTS, 3, Duration.ofMillis(100)),
								limit(Dimension.TOKENS, 100, Duration.ofSeconds(1)))),
				new TraceMix("odd windows, wide guard", Booking.SETTLED, Duration.ofMillis(997), 77,
						List.of(limit(Dimension.TOKENS, 77, Duration.ofNanos(7_000_000_013L)),
								limit(Dimension.INPUT_TOKENS, 60, Duration.ofNanos(1_234_567_891L)))));
	}

	private static Limit limit(Dimension dimension, long amount, Duration per) {
		return new Limit(dimension, amount, per, LimitOrigin.CONFIGURED);
	}

	Cost cost(Random random) {
		long requests = (random.nextInt(10) == 0) ? 2 : 1;
		boolean unsplit = random.nextInt(4) == 0;
		return new Cost(requests, tokens(random), unsplit ? 0 : tokens(random), unsplit);
	}

	private long tokens(Random random) {
		double part = switch (random.nextInt(10)) {
			case 0 -> 0;
			case 1 -> 0.5;
			case 2 -> 1.1;
			default -> 0.15;
		};
		return Math.min(Limit.LARGEST_AMOUNT, (long) Math.ceil(this.tokens * part * random.nextDouble()));
	}

	Usage usage(Random random, Cost cost) {
		return switch (random.nextInt(8)) {
			case 0 -> Usage.of(0, 0);
			case 1 -> Usage.of(-5, Long.MAX_VALUE);
			case 2 -> Usage.of(2 * cost.inputTokens() + 1, 3 * cost.outputTokens());
			default -> Usage.of((long) (cost.inputTokens() * random.nextDouble()),
					(long) (cost.outputTokens() * random.nextDouble()));
		};
	}

	long maxWaitNanos(Random random) {
		return switch (random.nextInt(6)) {
			case 0 -> 0;
			case 1 -> Ticks.FOREVER_NANOS;
			case 2 -> shortest().toNanos() / 2;
			default -> (long) (10 * shortest().toNanos() * random.nextDouble());
		};
	}

	Duration shortest() {
		return this.limits.stream().map(Limit::per).min(Comparator.naturalOrder()).orElseThrow();
	}

	Duration longest() {
		return this.limits.stream().map(Limit::per).max(Comparator.naturalOrder()).orElseThrow();
	}

	@Override
	public String toString() {
		return this.name;
	}

}
