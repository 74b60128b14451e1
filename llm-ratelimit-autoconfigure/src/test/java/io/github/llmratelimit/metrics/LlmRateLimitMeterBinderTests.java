package io.github.llmratelimit.metrics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.LimiterStatus;
import io.github.llmratelimit.LimiterStatus.State;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.Priority;
import io.github.llmratelimit.Reservation;
import io.github.llmratelimit.engine.TestLimiters;
import io.github.llmratelimit.provider.SignalKind;
import io.github.llmratelimit.time.FakeTime;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.search.RequiredSearch;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;

/**
 * Tests for {@link LlmRateLimitMeterBinder}.
 */
class LlmRateLimitMeterBinderTests {

	private static final Limit LIMIT = Limit.perMinute(Dimension.REQUESTS, 10);

	private static final CallRequest REQUEST = CallRequest.of(Cost.of(1, 1));

	private static final Duration SLICE = Duration.ofSeconds(10);

	private final FakeTime time = new FakeTime();

	private final MockClock clock = new MockClock();

	private final MeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, this.clock);

	private final LlmRateLimitMeterBinder binder = new LlmRateLimitMeterBinder(() -> this.limiters);

	private final LlmRateLimiterRegistry limiters = new TestLimiters(this.time).model("gpt-4o")
		.model("gpt-4o-audio", new BudgetKey("openai", "gpt-4o"), Limit.perMinute(Dimension.REQUESTS, 10),
				Limit.perMinute(Dimension.TOKENS, 1000))
		.model("o3-mini", new BudgetKey("azure", "shared"), Limit.perMinute(Dimension.INPUT_TOKENS, 500),
				new Limit(Dimension.REQUESTS, 5, Duration.ofSeconds(10), LimitOrigin.CONFIGURED))
		.build(this.binder);

	private final LlmRateLimiter limiter = this.limiters.limiter("gpt-4o");

	@BeforeEach
	void bind() {
		this.binder.bindTo(this.registry);
	}

	@Test
	void limitWhenBoundIsTheAmount() {
		assertThat(window("limit", "requests").value()).isEqualTo(10);
		assertThat(window("limit", "tokens").value()).isEqualTo(1000);
	}

	@Test
	void limitWhenOtherWindowsHasTheirTags() {
		assertThat(this.registry.find("llm.ratelimit.limit").tags("model", "o3-mini").gauges())
			.extracting((gauge) -> gauge.getId().getTags().toString())
			.containsExactlyInAnyOrder(
					"[tag(dimension=input_tokens), tag(model=o3-mini), tag(pool=shared), tag(provider=azure), tag(window=1m)]",
					"[tag(dimension=requests), tag(model=o3-mini), tag(pool=shared), tag(provider=azure), tag(window=10s)]");
	}

	@Test
	void limitWhenItsWindowIsFoundLaterIsTheAmount() {
		TestLimiters.tell(this.limiter, REQUEST, 300, SLICE);
		assertThat(slices("limit").tags("model", "gpt-4o").gauge().value()).isEqualTo(300);
	}

	@Test
	void gaugesWhenAWindowIsFoundAreThereForAllModelsOfThePool() {
		TestLimiters.tell(this.limiter, REQUEST, 300, SLICE);
		for (String meter : List.of("limit", "remaining", "utilization")) {
			assertThat(slices(meter).gauges()).extracting((gauge) -> gauge.getId().getTag("model"))
				.containsExactlyInAnyOrder("gpt-4o", "gpt-4o-audio");
		}
	}

	@Test
	void gaugesWhenAWindowIsFoundAreInEveryRegistry() {
		MeterRegistry other = new SimpleMeterRegistry();
		this.binder.bindTo(other);
		TestLimiters.tell(this.limiter, REQUEST, 300, SLICE);
		assertThat(other.get("llm.ratelimit.limit").tags("model", "gpt-4o", "window", "10s").gauge().value())
			.isEqualTo(300);
	}

	@Test
	void gaugesWhenAWindowWasFoundBeforeTheyWereBoundAreThere() {
		TestLimiters.tell(this.limiter, REQUEST, 300, SLICE);
		MeterRegistry other = new SimpleMeterRegistry();
		this.binder.bindTo(other);
		assertThat(other.get("llm.ratelimit.limit").tags("model", "gpt-4o", "window", "10s").gauge().value())
			.isEqualTo(300);
	}

	@Test
	void limitWhenHeldHasNoWindow() {
		Limit held = new Limit(Dimension.CONCURRENT, 2, null, LimitOrigin.CONFIGURED);
		stub(held, () -> status(List.of(new LimiterStatus.Window(held, 1)), 0));
		assertThat(this.registry.get("llm.ratelimit.remaining")
			.tags("model", "stub", "dimension", "concurrent", "window", "none")
			.gauge()
			.value()).isEqualTo(1);
	}

	@Test
	void limitWhenChangedFollows() {
		this.limiter.changeLimit(Dimension.TOKENS, Duration.ofMinutes(1), 700);
		assertThat(window("limit", "tokens").value()).isEqualTo(700);
	}

	@Test
	void remainingWhenBudgetIsTakenIsWhatIsLeft() throws Exception {
		this.limiter.acquire(Cost.of(100, 150)).close();
		assertThat(window("remaining", "requests").value()).isEqualTo(9);
		assertThat(window("remaining", "tokens").value()).isEqualTo(750);
	}

	@Test
	void remainingWhenTheWindowHasPassedIsAllAgain() throws Exception {
		this.limiter.acquire(Cost.of(100, 150)).close();
		this.time.advance(Duration.ofSeconds(61));
		assertThat(window("remaining", "tokens").value()).isEqualTo(1000);
	}

	@Test
	void utilizationWhenBudgetIsTakenIsThePartInUse() throws Exception {
		this.limiter.acquire(Cost.of(100, 150)).close();
		assertThat(window("utilization", "tokens").value()).isEqualTo(0.25);
	}

	@Test
	void queueSizeWhenCallsWaitCountsByPriority() throws Exception {
		this.limiter.acquire(Cost.of(500, 500)).close();
		List<Thread> waiting = new ArrayList<>();
		for (Priority priority : List.of(Priority.BATCH, Priority.HIGH, Priority.BATCH)) {
			waiting.add(startAcquire(priority));
		}
		assertThat(queue("high").value()).isEqualTo(1);
		assertThat(queue("normal").value()).isZero();
		assertThat(queue("batch").value()).isEqualTo(2);
		this.time.advance(Duration.ofSeconds(61));
		for (Thread thread : waiting) {
			thread.join();
		}
		assertThat(queue("batch").value()).isZero();
	}

	@Test
	void inflightWhenCallsRunCountsThem() throws Exception {
		Gauge inflight = this.registry.get("llm.ratelimit.inflight")
			.tags("model", "gpt-4o", "provider", "openai")
			.gauge();
		try (Reservation reservation = this.limiter.acquire(Cost.of(1, 1))) {
			assertThat(inflight.value()).isEqualTo(1);
		}
		assertThat(inflight.value()).isZero();
	}

	@Test
	void pausedWhenProviderAskedForSilenceIsTheSecondsLeft() {
		Gauge paused = this.registry.get("llm.ratelimit.paused").tags("model", "gpt-4o", "provider", "openai").gauge();
		assertThat(paused.value()).isZero();
		TestLimiters.answer(this.limiter, CallRequest.of(Cost.of(1, 1)), 429, SignalKind.RATE_LIMIT_UNKNOWN,
				Duration.ofSeconds(30));
		this.time.advance(Duration.ofMillis(500));
		assertThat(paused.value()).isEqualTo(29.5);
	}

	@Test
	void statusWhenAllGaugesAreReadIsAskedOncePerModelAndScrape() {
		LlmRateLimiter stub = stub(LIMIT, () -> status(List.of(), 0));
		readAll();
		then(stub).should(times(1)).status();
		readAll();
		then(stub).should(times(2)).status();
	}

	@Test
	void statusWhenOneGaugeIsReadAgainIsFresh() {
		AtomicInteger inFlight = new AtomicInteger(3);
		stub(LIMIT, () -> status(List.of(), inFlight.get()));
		Gauge gauge = this.registry.get("llm.ratelimit.inflight").tags("model", "stub").gauge();
		assertThat(gauge.value()).isEqualTo(3);
		inFlight.set(4);
		assertThat(gauge.value()).isEqualTo(4);
	}

	@Test
	void statusWhenAnotherGaugeIsReadLaterIsFresh() {
		AtomicInteger inFlight = new AtomicInteger(3);
		stub(LIMIT, () -> status(List.of(), inFlight.get()));
		this.registry.get("llm.ratelimit.paused").tags("model", "stub").gauge().value();
		inFlight.set(4);
		this.clock.add(Duration.ofNanos(StatusMemo.MAX_AGE_NANOS + 1));
		assertThat(this.registry.get("llm.ratelimit.inflight").tags("model", "stub").gauge().value()).isEqualTo(4);
	}

	@Test
	void gaugeWhenItsWindowIsGoneIsNotANumber() {
		stub(LIMIT, () -> status(List.of(), 0));
		assertThat(this.registry.get("llm.ratelimit.remaining").tags("model", "stub").gauge().value()).isNaN();
	}

	private LlmRateLimiter stub(Limit limit, Supplier<LimiterStatus> status) {
		LlmRateLimiter stub = mock();
		given(stub.model()).willReturn("stub");
		given(stub.limits()).willReturn(this.limiter.limits().withLimits(List.of(limit)));
		given(stub.status()).will((invocation) -> status.get());
		LlmRateLimiterRegistry stubs = mock();
		given(stubs.limiters()).willReturn(List.of(stub));
		new LlmRateLimitMeterBinder(() -> stubs).bindTo(this.registry);
		return stub;
	}

	private static LimiterStatus status(List<LimiterStatus.Window> windows, int inFlight) {
		return new LimiterStatus(State.OK, windows, Map.of(), inFlight, Duration.ZERO);
	}

	private void readAll() {
		for (Meter meter : this.registry.getMeters()) {
			if ("stub".equals(meter.getId().getTag("model"))) {
				((Gauge) meter).value();
			}
		}
	}

	private Thread startAcquire(Priority priority) {
		Thread thread = new Thread(() -> {
			try {
				this.limiter.acquire(CallRequest.of(Cost.of(1, 1)).withPriority(priority)).close();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		thread.start();
		FakeTime.awaitParked(thread);
		return thread;
	}

	private RequiredSearch slices(String meter) {
		return this.registry.get("llm.ratelimit." + meter).tags("dimension", "tokens", "window", "10s");
	}

	private Gauge window(String meter, String dimension) {
		return this.registry.get("llm.ratelimit." + meter)
			.tags("model", "gpt-4o", "provider", "openai", "dimension", dimension, "window", "1m", "pool", "gpt-4o")
			.gauge();
	}

	private Gauge queue(String priority) {
		return this.registry.get("llm.ratelimit.queue.size")
			.tags("model", "gpt-4o", "provider", "openai", "priority", priority)
			.gauge();
	}

}
