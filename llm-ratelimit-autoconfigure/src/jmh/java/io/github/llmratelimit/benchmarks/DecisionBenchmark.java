package io.github.llmratelimit.benchmarks;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.engine.EngineClient;
import io.github.llmratelimit.time.AlarmClock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a decision costs while others wait, and how that grows with the waiters and their
 * tenants. Run with
 * {@code mvn -q test -Pbenchmarks -Dbenchmarks=DecisionBenchmark -pl llm-ratelimit-autoconfigure}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DecisionBenchmark {

	/*
	 * The limit holds two calls, so one that ends lets exactly one waiter in, and a new
	 * one takes its place at the end: the number of waiters stays what it is. A call
	 * settles to one token; the clock moves by a microsecond each time, so that what is
	 * left of the calls expires as it does in life.
	 */

	private static final long COST = 1_000_000_000L;

	private static final int IN_FLIGHT = 2;

	/** Room for the settled tokens of one minute. */
	private static final long LIMIT = IN_FLIGHT * COST + COST / 2;

	/** So long that no forecast is beyond it. */
	private static final Duration PATIENCE = Duration.ofDays(3650);

	private static final Runnable NOTHING = () -> {
	};

	@Param({ "0", "1000", "100000" })
	private int waiters;

	/** 0 is for calls that are made on nobody's behalf. */
	@Param({ "0", "10", "10000" })
	private int tenants;

	private final Deque<Call> inFlight = new ArrayDeque<>();

	private final StillClock clock = new StillClock();

	private String[] names = new String[0];

	private int next;

	private EngineClient engine;

	@Setup(Level.Iteration)
	public void fill() {
		this.names = new String[this.tenants];
		for (int i = 0; i < this.tenants; i++) {
			this.names[i] = "tenant-" + i;
		}
		this.inFlight.clear();
		this.engine = new EngineClient(
				List.of(new Limit(Dimension.REQUESTS, 1_000_000_000_000L, Duration.ofMinutes(1),
						LimitOrigin.CONFIGURED),
						new Limit(Dimension.TOKENS, LIMIT, Duration.ofMinutes(1), LimitOrigin.CONFIGURED)),
				Booking.SETTLED, this.clock, PATIENCE, null, false);
		for (int i = 0; i < IN_FLIGHT + this.waiters; i++) {
			new Call().ask();
		}
		if (this.inFlight.size() != IN_FLIGHT) {
			throw new IllegalStateException("Invalid calls in flight (%d): must be %d".formatted(this.inFlight.size(),
					IN_FLIGHT));
		}
	}

	/** One call ends, the first in the queue starts, a new one joins the queue. */
	@Benchmark
	public int passOn() {
		this.clock.nanos += 1_000;
		Call done = this.inFlight.remove();
		this.engine.settle(done.handle, 1);
		new Call().ask();
		return this.inFlight.size();
	}

	/** One call that would not wait is told so, with a forecast. */
	@Benchmark
	public Object turnAway() {
		this.clock.nanos += 1;
		return this.engine.ask(request().withMaxWait(Duration.ZERO), NOTHING, NOTHING);
	}

	private CallRequest request() {
		CallRequest request = CallRequest.of(Cost.ofTotal(COST));
		if (this.names.length == 0) {
			return request;
		}
		this.next = (this.next + 1 < this.names.length) ? this.next + 1 : 0;
		return request.withTenant(this.names[this.next]);
	}

	/** One call, from the asking to its end. */
	private final class Call {

		private Object handle = this;

		void ask() {
			this.handle = DecisionBenchmark.this.engine.ask(request(), () -> DecisionBenchmark.this.inFlight.add(this),
					NOTHING);
		}

	}

	/** A clock that the benchmark moves; alarms are not needed for that. */
	private static final class StillClock implements AlarmClock {

		private long nanos;

		@Override
		public long nanos() {
			return this.nanos;
		}

		@Override
		public Alarm newAlarm(Runnable task) {
			return (atNanos) -> {
			};
		}

	}

}
