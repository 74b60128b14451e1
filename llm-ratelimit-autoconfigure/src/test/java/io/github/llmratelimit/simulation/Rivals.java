package io.github.llmratelimit.simulation;

import java.time.Duration;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.ratelimiter.internal.AtomicRateLimiter;

/**
 * Other limiters in the set-up that their documentation leads to: one for requests and
 * one for tokens, each with the provider's numbers.
 */
final class Rivals {

	private static final Duration PATIENCE = Duration.ofMinutes(10);

	private Rivals() {
	}

	static Client resilience4j(World world) {
		Scenario scenario = world.scenario();
		return new WaitTimeClient(world, resilience4j(world, scenario.configuredRpm()),
				resilience4j(world, scenario.configuredTpm()));
	}

	private static WaitTimeClient.Limiter resilience4j(World world, long perMinute) {
		RateLimiterConfig config = RateLimiterConfig.custom()
			.limitForPeriod(Math.toIntExact(perMinute))
			.limitRefreshPeriod(Duration.ofMinutes(1))
			.timeoutDuration(PATIENCE)
			.build();
		AtomicRateLimiter limiter = new AtomicRateLimiter("simulated", config, () -> world.time().elapsedNanos());
		return (permits) -> limiter.reservePermission(Math.toIntExact(permits));
	}

	static Client bucket4j(World world) {
		Scenario scenario = world.scenario();
		return new WaitTimeClient(world, bucket4j(world, scenario.configuredRpm()),
				bucket4j(world, scenario.configuredTpm()));
	}

	private static WaitTimeClient.Limiter bucket4j(World world, long perMinute) {
		TimeMeter time = new TimeMeter() {

			@Override
			public long currentTimeNanos() {
				return world.time().elapsedNanos();
			}

			@Override
			public boolean isWallClockBased() {
				return false;
			}

		};
		Bucket bucket = Bucket.builder()
			.addLimit((limit) -> limit.capacity(perMinute).refillGreedy(perMinute, Duration.ofMinutes(1)))
			.withCustomTimePrecision(time)
			.build();
		return bucket::consumeIgnoringRateLimits;
	}

}
