package io.github.llmratelimit.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.Reservation;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.Answers;
import io.github.llmratelimit.engine.settings.TenantPolicy;
import io.github.llmratelimit.engine.settings.TenantSettings;
import io.github.llmratelimit.provider.ProviderSignal;
import io.github.llmratelimit.provider.Quota;
import io.github.llmratelimit.provider.SignalKind;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The same as {@link ReserveBenchmark} once an answer has told of both windows, as every
 * answer of most providers does: calls are then remembered for what their own answers
 * will tell. Run with
 * {@code mvn -q test -Pbenchmarks -Dbenchmarks=ToldBenchmark -pl llm-ratelimit-autoconfigure}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ToldBenchmark {

	private static final long REQUESTS = 100_000_000_000_000L;

	private static final long TOKENS = 900_000_000_000_000L;

	/** What OpenAI's headers say when nearly all is left. */
	private static final ProviderSignal ANSWER = new ProviderSignal(SignalKind.OK, false, null,
			quota(REQUESTS, REQUESTS - 1), quota(TOKENS, TOKENS - 500), Quota.UNKNOWN, Quota.UNKNOWN);

	private static final Usage USAGE = Usage.of(400, 100);

	private static final List<Limit> LIMITS = List.of(Limit.perMinute(Dimension.REQUESTS, REQUESTS),
			Limit.perMinute(Dimension.TOKENS, TOKENS));

	private static final TenantSettings TENANTS = new TenantSettings(
			new TenantPolicy(1, List.of(Limit.perMinute(Dimension.TOKENS, TOKENS))), Map.of());

	private final LlmRateLimiter estimate = Limiters.one(LIMITS, TenantSettings.FAIR, Booking.ESTIMATE);

	private final LlmRateLimiter estimateWithTenants = Limiters.one(LIMITS, TENANTS, Booking.ESTIMATE);

	private final LlmRateLimiter actual = Limiters.one(LIMITS, TenantSettings.FAIR, Booking.ACTUAL);

	private final LlmRateLimiter actualWithTenants = Limiters.one(LIMITS, TENANTS, Booking.ACTUAL);

	private final CallRequest tenantCall = CallRequest.of(Cost.of(400, 100)).withTenant("acme");

	private final ThreeBuckets bound = new ThreeBuckets();

	private static Quota quota(long limit, long remaining) {
		return new Quota(limit, remaining, null, Duration.ofMinutes(1));
	}

	@Setup
	public void teach() throws InterruptedException {
		for (LlmRateLimiter limiter : List.of(this.estimate, this.estimateWithTenants, this.actual,
				this.actualWithTenants)) {
			answer(limiter);
			answer(limiter);
		}
	}

	@Benchmark
	@Threads(1)
	public boolean bound() {
		boolean reserved = this.bound.reserve(500);
		this.bound.settle(500, 400);
		return reserved;
	}

	@Benchmark
	@Threads(1)
	public Reservation estimate() throws InterruptedException {
		return reserveAndSettle(this.estimate);
	}

	@Benchmark
	@Threads(8)
	public Reservation estimateOnEightThreads() throws InterruptedException {
		return reserveAndSettle(this.estimate);
	}

	@Benchmark
	@Threads(1)
	public Reservation estimateWithTenant() throws InterruptedException {
		return reserveAndSettleForTenant(this.estimateWithTenants);
	}

	@Benchmark
	@Threads(1)
	public Reservation estimateAnswered() throws InterruptedException {
		return answer(this.estimate);
	}

	@Benchmark
	@Threads(1)
	public Reservation actual() throws InterruptedException {
		return reserveAndSettle(this.actual);
	}

	@Benchmark
	@Threads(1)
	public Reservation actualWithTenant() throws InterruptedException {
		return reserveAndSettleForTenant(this.actualWithTenants);
	}

	@Benchmark
	@Threads(1)
	public Reservation actualAnswered() throws InterruptedException {
		return answer(this.actual);
	}

	private static Reservation reserveAndSettle(LlmRateLimiter limiter) throws InterruptedException {
		Reservation reservation = limiter.acquire(Cost.of(400, 100));
		reservation.settle(USAGE);
		return reservation;
	}

	private Reservation reserveAndSettleForTenant(LlmRateLimiter limiter) throws InterruptedException {
		Reservation reservation = limiter.acquire(this.tenantCall);
		reservation.settle(USAGE);
		return reservation;
	}

	private static Reservation answer(LlmRateLimiter limiter) throws InterruptedException {
		Reservation reservation = limiter.acquire(Cost.of(400, 100));
		Answers.hear(limiter, reservation, ANSWER);
		reservation.settle(USAGE);
		return reservation;
	}

}
