package io.github.llmratelimit.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import com.google.common.util.concurrent.RateLimiter;
import io.github.bucket4j.Bucket;
import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.Reservation;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.settings.TenantPolicy;
import io.github.llmratelimit.engine.settings.TenantSettings;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Requests and tokens taken for one call, and settled where the limiter can. Run with
 * {@code mvn -q test -Pbenchmarks -pl llm-ratelimit-autoconfigure}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ReserveBenchmark {

	/** So large that nobody ever waits. */
	private static final int PLENTY = Integer.MAX_VALUE;

	private static final Usage USAGE = Usage.of(400, 100);

	private final LlmRateLimiter ours = Limiters.one(List.of(Limit.perMinute(Dimension.REQUESTS, 1_000_000_000_000L),
			Limit.perMinute(Dimension.TOKENS, 1_000_000_000_000_000L)));

	private final LlmRateLimiter oursWithTenants = Limiters.one(
			List.of(Limit.perMinute(Dimension.REQUESTS, 1_000_000_000_000L),
					Limit.perMinute(Dimension.TOKENS, 1_000_000_000_000_000L)),
			new TenantSettings(
					new TenantPolicy(1, List.of(Limit.perMinute(Dimension.TOKENS, 1_000_000_000_000_000L))), Map.of()));

	private final CallRequest[] tenantCalls = IntStream.range(0, 1000)
		.mapToObj((i) -> CallRequest.of(Cost.of(400, 100)).withTenant("tenant-" + i))
		.toArray(CallRequest[]::new);

	private int next;

	private final CallRequest tenantCall = CallRequest.of(Cost.of(400, 100)).withTenant("acme");

	private final ThreeBuckets bound = new ThreeBuckets();

	private final Bucket requestBucket = bucket();

	private final Bucket tokenBucket = bucket();

	private final io.github.resilience4j.ratelimiter.RateLimiter requestLimiter = limiter("requests");

	private final io.github.resilience4j.ratelimiter.RateLimiter tokenLimiter = limiter("tokens");

	@SuppressWarnings("UnstableApiUsage")
	private final RateLimiter guavaRequests = RateLimiter.create(1e15);

	@SuppressWarnings("UnstableApiUsage")
	private final RateLimiter guavaTokens = RateLimiter.create(1e15);

	private static Bucket bucket() {
		return Bucket.builder()
			.addLimit((limit) -> limit.capacity(1_000_000_000_000_000L)
				// at most one per nanosecond, so the capacity has to last
				.refillGreedy(50_000_000_000L, Duration.ofMinutes(1)))
			.build();
	}

	private static io.github.resilience4j.ratelimiter.RateLimiter limiter(String name) {
		return io.github.resilience4j.ratelimiter.RateLimiter.of(name,
				RateLimiterConfig.custom()
					.limitForPeriod(PLENTY)
					.limitRefreshPeriod(Duration.ofMillis(1))
					.timeoutDuration(Duration.ZERO)
					.build());
	}

	@Benchmark
	@Threads(1)
	public Reservation ours() throws InterruptedException {
		return reserveAndSettle();
	}

	@Benchmark
	@Threads(8)
	public Reservation oursOnEightThreads() throws InterruptedException {
		return reserveAndSettle();
	}

	@Benchmark
	@Threads(1)
	public Reservation oursWithTenant() throws InterruptedException {
		return reserveAndSettleForTenant();
	}

	/** A thousand tenants in turn: the caches of the processor see most of it. */
	@Benchmark
	@Threads(1)
	public Reservation oursWithManyTenants() throws InterruptedException {
		this.next = (this.next + 1 < this.tenantCalls.length) ? this.next + 1 : 0;
		Reservation reservation = this.oursWithTenants.acquire(this.tenantCalls[this.next]);
		reservation.settle(USAGE);
		return reservation;
	}

	@Benchmark
	@Threads(8)
	public Reservation oursWithTenantOnEightThreads() throws InterruptedException {
		return reserveAndSettleForTenant();
	}

	private Reservation reserveAndSettleForTenant() throws InterruptedException {
		Reservation reservation = this.oursWithTenants.acquire(this.tenantCall);
		reservation.settle(USAGE);
		return reservation;
	}

	@Benchmark
	@Threads(1)
	public boolean bound() {
		return reserveAndSettleInBuckets();
	}

	@Benchmark
	@Threads(8)
	public boolean boundOnEightThreads() {
		return reserveAndSettleInBuckets();
	}

	private boolean reserveAndSettleInBuckets() {
		boolean reserved = this.bound.reserve(500);
		this.bound.settle(500, 400);
		return reserved;
	}

	private Reservation reserveAndSettle() throws InterruptedException {
		Reservation reservation = this.ours.acquire(Cost.of(400, 100));
		reservation.settle(USAGE);
		return reservation;
	}

	@Benchmark
	@Threads(1)
	public boolean bucket4j() {
		return this.requestBucket.tryConsume(1) && this.tokenBucket.tryConsume(500);
	}

	@Benchmark
	@Threads(8)
	public boolean bucket4jOnEightThreads() {
		return this.requestBucket.tryConsume(1) && this.tokenBucket.tryConsume(500);
	}

	@Benchmark
	@Threads(1)
	public boolean resilience4j() {
		return this.requestLimiter.acquirePermission(1) && this.tokenLimiter.acquirePermission(500);
	}

	@Benchmark
	@Threads(8)
	public boolean resilience4jOnEightThreads() {
		return this.requestLimiter.acquirePermission(1) && this.tokenLimiter.acquirePermission(500);
	}

	@Benchmark
	@Threads(1)
	@SuppressWarnings("UnstableApiUsage")
	public boolean guava() {
		return this.guavaRequests.tryAcquire(1) && this.guavaTokens.tryAcquire(500);
	}

}
