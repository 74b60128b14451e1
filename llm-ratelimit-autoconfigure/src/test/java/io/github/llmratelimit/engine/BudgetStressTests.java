package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.LlmRateLimitExceededException;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.ModelLimits;
import io.github.llmratelimit.Priority;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.LimiterRegistry.Parts;
import io.github.llmratelimit.engine.settings.EngineSettings;
import io.github.llmratelimit.engine.settings.QueueSettings;
import io.github.llmratelimit.engine.settings.TenantPolicy;
import io.github.llmratelimit.engine.settings.TenantSettings;
import io.github.llmratelimit.provider.WrittenDialect;
import io.github.llmratelimit.time.SystemAlarmClock;
import io.github.llmratelimit.time.WallClock;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many threads on one limiter, in real time: calls end in every way, give up, and are
 * interrupted. In the end everything has come back and nobody is lost.
 */
@Timeout(120)
class BudgetStressTests {

	private static final int THREADS = 12;

	private static final int CALLS = 150;

	private static final long TOKENS = 10_000;

	private static final long REQUESTS = 120;

	private static final Duration WINDOW = Duration.ofMillis(100);

	private static final long WINDOW_NANOS = WINDOW.toNanos();

	private static final List<Limit> LIMITS = List.of(
			new Limit(Dimension.REQUESTS, REQUESTS, WINDOW, LimitOrigin.CONFIGURED),
			new Limit(Dimension.TOKENS, TOKENS, WINDOW, LimitOrigin.CONFIGURED),
			new Limit(Dimension.CONCURRENT, 8, null, LimitOrigin.CONFIGURED));

	private static final TenantSettings TENANTS = new TenantSettings(
			new TenantPolicy(1, List.of(new Limit(Dimension.TOKENS, TOKENS / 2, WINDOW, LimitOrigin.CONFIGURED))),
			Map.of("a",
					new TenantPolicy(3, List.of(new Limit(Dimension.CONCURRENT, 3, null, LimitOrigin.CONFIGURED)))));

	private final Queue<Admitted> log = new ConcurrentLinkedQueue<>();

	private LlmRateLimiter limiter(Booking booking, SystemAlarmClock clock) {
		ModelLimits limits = new ModelLimits("m", "m", new BudgetKey("openai", "m"), LIMITS, booking,
				ModelLimits.DEFAULT_OUTPUT_TOKENS);
		EngineSettings settings = new EngineSettings(Duration.ofSeconds(20), Duration.ZERO,
				new QueueSettings(10_000, Duration.ofMillis(20), 4, 0, 1), TENANTS);
		return new LimiterRegistry(
				List.of(new LimiterDefinition(limits, Set.of(), new WrittenDialect(), Set.of(), LimiterMode.ENFORCE)),
				settings, new Parts(clock, WallClock.system(), CallRetry.NEVER, List.of(), List.of()))
			.limiter("m");
	}

	@ParameterizedTest
	@EnumSource
	void callsWhenManyThreadsMakeThemLeaveNothingBehind(Booking booking) throws Exception {
		try (SystemAlarmClock clock = new SystemAlarmClock()) {
			LlmRateLimiter limiter = limiter(booking, clock);
			List<FutureTask<Integer>> tasks = new ArrayList<>();
			for (int i = 0; i < THREADS; i++) {
				Random random = new Random(i);
				tasks.add(new FutureTask<>(() -> makeCalls(limiter, booking, random)));
			}
			interruptUntilAllEnd(tasks.stream().map(Thread::new).toList());
			int started = 0;
			for (FutureTask<Integer> task : tasks) {
				started += task.get();
			}
			assertThat(started).as("calls that started").isGreaterThan(THREADS * CALLS / 4);
			assertThat(limiter.status().inFlight()).isZero();
			assertThat(limiter.status().queued()).isZero();
			assertThat(limiter.status().windows()).filteredOn((window) -> window.limit().dimension().isHeld())
				.allMatch((window) -> window.remaining() == window.limit().amount());
			checkEveryInterval();
			// all the rest comes back once its window has passed
			limiter.acquire(CallRequest.of(Cost.of(TOKENS, 0))).release();
		}
	}

	private static void interruptUntilAllEnd(List<Thread> threads) throws InterruptedException {
		threads.forEach(Thread::start);
		for (Thread thread : threads) {
			while (thread.isAlive()) {
				thread.join(3);
				thread.interrupt();
			}
		}
	}

	private int makeCalls(LlmRateLimiter limiter, Booking booking, Random random) {
		int started = 0;
		for (int i = 0; i < CALLS; i++) {
			Cost cost = Cost.of(1 + random.nextInt(120), random.nextInt(120));
			CallRequest request = CallRequest.of(cost)
				.withTenant((random.nextInt(4) == 0) ? null : String.valueOf((char) ('a' + random.nextInt(3))))
				.withPriority(Priority.values()[random.nextInt(3)])
				.withMaxWait(Duration.ofMillis((random.nextInt(5) == 0) ? random.nextInt(30) : 10_000));
			try {
				end((BudgetReservation) limiter.acquire(request), booking, random);
				started++;
			}
			catch (InterruptedException | LlmRateLimitExceededException ex) {
				// nothing was taken
			}
		}
		return started;
	}

	/** Ends a call, always twice. */
	private void end(BudgetReservation reservation, Booking booking, Random random) {
		long tokens = reservation.cost().totalTokens();
		switch (random.nextInt(4)) {
			case 0 -> {
				reservation.release();
				reservation.settle(Usage.of(1_000_000, 0));
			}
			case 1 -> {
				this.log.add(new Admitted(reservation.takenAtNanos(), tokens));
				reservation.close();
				reservation.release();
			}
			default -> {
				long used = tokens / (1 + random.nextInt(3));
				long stays = (booking == Booking.ESTIMATE) ? tokens : used;
				this.log.add(new Admitted(reservation.takenAtNanos(), stays));
				reservation.settle(Usage.of(used, 0));
				reservation.close();
			}
		}
	}

	private void checkEveryInterval() {
		List<Admitted> all = new ArrayList<>(this.log);
		all.sort((one, other) -> Long.signum(one.atNanos - other.atNanos));
		for (int first = 0; first < all.size(); first++) {
			long tokens = 0;
			long requests = 0;
			for (int i = first; i < all.size() && all.get(i).atNanos - all.get(first).atNanos < WINDOW_NANOS; i++) {
				tokens += all.get(i).tokens;
				requests++;
			}
			assertThat(tokens).as("tokens within an interval").isLessThanOrEqualTo(TOKENS);
			assertThat(requests).as("requests within an interval").isLessThanOrEqualTo(REQUESTS);
		}
	}

	/**
	 * What stays taken of a call that may have been sent.
	 *
	 * @param atNanos when it was admitted
	 * @param tokens how much
	 */
	private record Admitted(long atNanos, long tokens) {
	}

}
