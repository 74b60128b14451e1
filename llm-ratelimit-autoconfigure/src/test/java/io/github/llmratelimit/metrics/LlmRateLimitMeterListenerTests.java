package io.github.llmratelimit.metrics;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.LlmRateLimitExceededException;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.Priority;
import io.github.llmratelimit.Reservation;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.LimiterMode;
import io.github.llmratelimit.engine.TestLimiters;
import io.github.llmratelimit.provider.SignalKind;
import io.github.llmratelimit.time.FakeTime;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link LlmRateLimitMeterListener}, driven by the engine.
 */
class LlmRateLimitMeterListenerTests {

	private final FakeTime time = new FakeTime();

	private final MeterRegistry registry = new SimpleMeterRegistry();

	private final LlmRateLimitMeterListener listener = new LlmRateLimitMeterListener(() -> this.registry);

	private final LlmRateLimiter limiter = new TestLimiters(this.time).model("gpt-4o")
		.build(this.listener)
		.limiter("gpt-4o");

	@Test
	void acquireWhenAdmittedAtOnceRecordsZero() throws Exception {
		this.limiter.acquire(Cost.of(10, 20)).close();
		Timer timer = acquire("admitted", "normal");
		assertThat(timer.count()).isOne();
		assertThat(timer.totalTime(TimeUnit.NANOSECONDS)).isZero();
	}

	@Test
	void acquireWhenWaitedRecordsTheExactWait() throws Exception {
		this.limiter.acquire(Cost.of(500, 500)).close();
		Thread thread = startAcquire(Priority.BATCH);
		Duration waited = this.time.advanceToNextAlarm();
		thread.join();
		Timer timer = acquire("admitted", "batch");
		assertThat(timer.count()).isOne();
		assertThat(timer.totalTime(TimeUnit.NANOSECONDS)).isEqualTo(waited.toNanos());
	}

	@Test
	void acquireWhenTooLargeRecordsTheReason() {
		assertThatExceptionOfType(LlmRateLimitExceededException.class)
			.isThrownBy(() -> this.limiter.acquire(CallRequest.of(Cost.of(1001, 0)).withPriority(Priority.HIGH)));
		assertThat(acquire("request_too_large", "high").count()).isOne();
	}

	@Test
	void acquireWhenNotWillingToWaitRecordsTheReason() throws Exception {
		this.limiter.acquire(Cost.of(500, 500)).close();
		assertThat(this.limiter.tryAcquire(Cost.of(1, 1))).isEmpty();
		assertThat(acquire("wait_too_long", "normal").count()).isOne();
	}

	@Test
	void acquireWhenInterruptedRecordsHowLongItWaited() throws Exception {
		this.limiter.acquire(Cost.of(500, 500)).close();
		Thread thread = startAcquire(Priority.NORMAL);
		this.time.advance(Duration.ofSeconds(7));
		thread.interrupt();
		thread.join();
		assertThat(acquire("interrupted", "normal").totalTime(TimeUnit.SECONDS)).isEqualTo(7);
	}

	@Test
	void acquireWhenOnlyObservedRecordsWhatWouldHaveBeen() throws Exception {
		LlmRateLimiter observed = new TestLimiters(this.time).mode(LimiterMode.OBSERVE)
			.model("observed")
			.build(this.listener)
			.limiter("observed");
		observed.acquire(Cost.of(1000, 0)).close();
		observed.acquire(Cost.of(1000, 0)).close();
		Timer timer = this.registry.get("llm.ratelimit.acquire")
			.tags("model", "observed", "provider", "openai", "outcome", "would_wait", "priority", "normal")
			.timer();
		assertThat(timer.count()).isOne();
		assertThat(this.registry.get("llm.ratelimit.tokens")
			.tags("model", "observed", "provider", "openai", "kind", "estimated")
			.counter()
			.count()).isEqualTo(2000);
	}

	@Test
	void tokensWhenAdmittedCountsTheEstimateAtOnce() throws Exception {
		try (Reservation reservation = this.limiter.acquire(Cost.of(10, 20))) {
			assertThat(tokens("estimated").count()).isEqualTo(30);
			assertThat(callTokens("estimated").totalAmount()).isEqualTo(30);
		}
	}

	@Test
	void tokensWhenRefusedCountsNothing() {
		assertThatExceptionOfType(LlmRateLimitExceededException.class)
			.isThrownBy(() -> this.limiter.acquire(Cost.of(1001, 0)));
		assertThat(tokens("estimated").count()).isZero();
		assertThat(callTokens("estimated").count()).isZero();
	}

	@Test
	void tokensWhenSettledCountsTheUsage() throws Exception {
		this.limiter.acquire(Cost.of(100, 100)).settle(new Usage(70, 30, 50));
		this.limiter.acquire(Cost.of(100, 100)).settle(new Usage(7, 3, 0));
		assertThat(tokens("input").count()).isEqualTo(77);
		assertThat(tokens("output").count()).isEqualTo(33);
		assertThat(tokens("cached").count()).isEqualTo(50);
	}

	@Test
	void callTokensWhenSettledHasOneSamplePerCall() throws Exception {
		this.limiter.acquire(Cost.of(100, 100)).settle(new Usage(70, 30, 50));
		this.limiter.acquire(Cost.of(100, 100)).settle(new Usage(7, 3, 5));
		assertThat(callTokens("input").count()).isEqualTo(2);
		assertThat(callTokens("input").max()).isEqualTo(70);
		assertThat(callTokens("output").totalAmount()).isEqualTo(33);
		assertThat(callTokens("cached").totalAmount()).isEqualTo(55);
	}

	@Test
	void callTokensWhenNothingWasCachedHasNoSampleOfCached() throws Exception {
		this.limiter.acquire(Cost.of(100, 100)).settle(Usage.of(70, 30));
		assertThat(callTokens("cached").count()).isZero();
	}

	@Test
	void tokensWhenEndedWithoutUsageCountsNone() throws Exception {
		this.limiter.acquire(Cost.of(100, 100)).close();
		this.limiter.acquire(Cost.of(100, 100)).release();
		assertThat(tokens("input").count()).isZero();
		assertThat(callTokens("input").count()).isZero();
		assertThat(ratio().count()).isZero();
	}

	@Test
	void estimateRatioWhenSettledIsActualByEstimated() throws Exception {
		this.limiter.acquire(Cost.of(100, 100)).settle(Usage.of(40, 10));
		assertThat(ratio().count()).isOne();
		assertThat(ratio().totalAmount()).isEqualTo(0.25);
	}

	@Test
	void estimateRatioWhenOnlyTheTotalWasEstimatedIsOfTheTotal() throws Exception {
		this.limiter.acquire(Cost.ofTotal(100)).settle(Usage.of(100, 50));
		assertThat(ratio().totalAmount()).isEqualTo(1.5);
	}

	@Test
	void estimateRatioWhenNothingWasEstimatedHasNoSample() throws Exception {
		this.limiter.acquire(Cost.of(0, 0)).settle(Usage.of(40, 10));
		assertThat(ratio().count()).isZero();
	}

	@Test
	void estimateRatioWhenNothingWasUsedHasNoSample() throws Exception {
		this.limiter.acquire(Cost.of(10, 10)).settle(Usage.of(0, 0));
		assertThat(ratio().count()).isZero();
	}

	@Test
	void responsesWhenAnsweredCountsByKind() {
		TestLimiters.answer(this.limiter, CallRequest.of(Cost.of(1, 1)), 200, SignalKind.OK, Duration.ZERO);
		TestLimiters.answer(this.limiter, CallRequest.of(Cost.of(1, 1)), 429, SignalKind.RATE_LIMIT_TOKENS,
				Duration.ofSeconds(3));
		assertThat(responses("ok").count()).isOne();
		assertThat(responses("rate_limit_tokens").count()).isOne();
	}

	@Test
	void responsesWhenOneCallWasMadeAreThereForEveryKind() throws Exception {
		this.limiter.acquire(Cost.of(1, 1)).close();
		for (SignalKind kind : SignalKind.values()) {
			assertThat(responses(kind.id()).count()).isZero();
		}
	}

	@Test
	void retriesWhenRetriedCountsByKind() {
		this.listener.onRetry(this.limiter, SignalKind.SERVER_ERROR);
		this.listener.onRetry(this.limiter, SignalKind.SERVER_ERROR);
		assertThat(this.registry.get("llm.ratelimit.retries")
			.tags("model", "gpt-4o", "provider", "openai", "kind", "server_error")
			.counter()
			.count()).isEqualTo(2);
	}

	@Test
	void bookingMismatchesWhenTheProviderBooksOtherwiseCounts() {
		this.listener.onBookingMismatch(this.limiter, Booking.SETTLED);
		assertThat(mismatches("settled")).isOne();
		assertThat(mismatches("actual")).isZero();
	}

	@Test
	void metersWhenNothingHappenedAreNotThere() {
		assertThat(this.registry.getMeters()).isEmpty();
	}

	@Test
	void metersWhenCountedHaveNoFurtherTags() throws Exception {
		this.limiter.acquire(Cost.of(1, 1)).settle(Usage.of(1, 1));
		this.listener.onRetry(this.limiter, SignalKind.OVERLOADED);
		for (Meter meter : this.registry.getMeters()) {
			assertThat(PublishedMeters.tagKeys(meter)).isEqualTo(PublishedMeters.documentedTagKeys(meter));
		}
	}

	@Test
	void metersWhenLimiterIsReplacedGoOnCounting() throws Exception {
		LlmRateLimiter successor = new TestLimiters(this.time).model("gpt-4o").build(this.listener).limiter("gpt-4o");
		this.limiter.acquire(Cost.of(1, 1)).close();
		successor.acquire(Cost.of(1, 1)).close();
		assertThat(acquire("admitted", "normal").count()).isEqualTo(2);
	}

	@Test
	void registryWhenThereIsNoneIsAskedOnce() {
		AtomicInteger asked = new AtomicInteger();
		LlmRateLimitMeterListener idle = new LlmRateLimitMeterListener(() -> {
			asked.incrementAndGet();
			return null;
		});
		idle.onResponse(this.limiter, SignalKind.OK);
		idle.onEnd(this.limiter, Cost.of(1, 1), null, Usage.of(1, 1));
		idle.onRetry(this.limiter, SignalKind.OK);
		assertThat(asked).hasValue(1);
	}

	@Test
	void registryWhenItFailsOnceIsAskedAgain() {
		AtomicInteger asked = new AtomicInteger();
		LlmRateLimitMeterListener early = new LlmRateLimitMeterListener(() -> {
			if (asked.incrementAndGet() == 1) {
				throw new IllegalStateException("not yet");
			}
			return this.registry;
		});
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> early.onResponse(this.limiter, SignalKind.OK));
		early.onResponse(this.limiter, SignalKind.OK);
		assertThat(responses("ok").count()).isOne();
	}

	private Thread startAcquire(Priority priority) {
		Thread thread = new Thread(() -> {
			try {
				this.limiter.acquire(CallRequest.of(Cost.of(1, 1)).withPriority(priority)).close();
			}
			catch (InterruptedException ex) {
				// what the test wanted
			}
		});
		thread.start();
		FakeTime.awaitParked(thread);
		return thread;
	}

	private Timer acquire(String outcome, String priority) {
		return this.registry.get("llm.ratelimit.acquire")
			.tags("model", "gpt-4o", "provider", "openai", "outcome", outcome, "priority", priority)
			.timer();
	}

	private Counter tokens(String kind) {
		return this.registry.get("llm.ratelimit.tokens")
			.tags("model", "gpt-4o", "provider", "openai", "kind", kind)
			.counter();
	}

	private DistributionSummary callTokens(String kind) {
		return this.registry.get("llm.ratelimit.call.tokens")
			.tags("model", "gpt-4o", "provider", "openai", "kind", kind)
			.summary();
	}

	private Counter responses(String kind) {
		return this.registry.get("llm.ratelimit.responses")
			.tags("model", "gpt-4o", "provider", "openai", "kind", kind)
			.counter();
	}

	private double mismatches(String suggested) {
		return this.registry.get("llm.ratelimit.booking.mismatches")
			.tags("model", "gpt-4o", "provider", "openai", "suggested", suggested)
			.counter()
			.count();
	}

	private DistributionSummary ratio() {
		return this.registry.get("llm.ratelimit.estimate.ratio")
			.tags("model", "gpt-4o", "provider", "openai")
			.summary();
	}

}
