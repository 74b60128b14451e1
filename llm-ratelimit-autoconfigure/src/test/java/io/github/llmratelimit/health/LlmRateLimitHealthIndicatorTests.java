package io.github.llmratelimit.health;

import java.time.Duration;
import java.util.List;
import java.util.Map;

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
import io.github.llmratelimit.Reservation;
import io.github.llmratelimit.engine.TestLimiters;
import io.github.llmratelimit.provider.SignalKind;
import io.github.llmratelimit.time.FakeTime;
import org.junit.jupiter.api.Test;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link LlmRateLimitHealthIndicator}.
 */
class LlmRateLimitHealthIndicatorTests {

	private static final CallRequest SMALL = CallRequest.of(Cost.of(1, 1));

	private final FakeTime time = new FakeTime();

	private final UsedModels used = new UsedModels();

	private final LlmRateLimiterRegistry limiters = new TestLimiters(this.time).model("o3-mini")
		.model("gpt-4o")
		.model("gpt-4o-mini", new BudgetKey("azure", "shared"),
				new Limit(Dimension.INPUT_TOKENS, 500, Duration.ofSeconds(10), LimitOrigin.BUNDLED_TIER))
		.build(this.used);

	private final LlmRateLimiter limiter = this.limiters.limiter("gpt-4o");

	private final LlmRateLimitHealthIndicator indicator = new LlmRateLimitHealthIndicator(this.limiters, null);

	@Test
	void healthWhenIdleIsUp() {
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void healthWhenThereAreNoModelsIsUp() {
		assertThat(indicator(List.of(), this.used).health()).isEqualTo(Health.up().build());
	}

	@Test
	void detailsWhenSeveralModelsAreSortedByName() {
		assertThat(this.indicator.health().getDetails()).containsOnlyKeys("gpt-4o", "gpt-4o-mini", "o3-mini");
		assertThat(this.indicator.health().getDetails().keySet()).containsExactly("gpt-4o", "gpt-4o-mini", "o3-mini");
	}

	@Test
	void detailsWhenInUseAreTheNumbers() throws Exception {
		try (Reservation reservation = this.limiter.acquire(Cost.of(100, 150))) {
			assertThat(details("gpt-4o")).isEqualTo(Map.of("state", "ok", "provider", "openai", "queued", 0, "inFlight",
					1, "limits", Map.of("requests/1m", Map.of("limit", 10L, "remaining", 9L, "origin", "configured"),
							"tokens/1m", Map.of("limit", 1000L, "remaining", 750L, "origin", "configured"))));
		}
	}

	@Test
	void detailsWhenPoolIsSharedNameIt() {
		assertThat(details("gpt-4o-mini")).containsEntry("pool", "shared")
			.containsEntry("provider", "azure")
			.containsEntry("limits",
					Map.of("input-tokens/10s", Map.of("limit", 500L, "remaining", 500L, "origin", "bundled_tier")));
	}

	@Test
	void stateWhenCallsWaitIsQueueing() throws Exception {
		this.limiter.acquire(Cost.of(500, 500)).close();
		Thread thread = startAcquire();
		assertThat(details("gpt-4o")).containsEntry("state", "queueing").containsEntry("queued", 1);
		thread.interrupt();
		thread.join();
	}

	@Test
	void stateWhenProviderAskedForSilenceIsPaused() {
		TestLimiters.answer(this.limiter, SMALL, 429, SignalKind.RATE_LIMIT_REQUESTS, Duration.ofSeconds(20));
		this.time.advance(Duration.ofMillis(1500));
		assertThat(details("gpt-4o")).containsEntry("state", "paused").containsEntry("pausedSeconds", 18.5);
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void stateWhenAccountIsEmptyIsQuotaExhausted() {
		exhaust("gpt-4o");
		assertThat(details("gpt-4o")).containsEntry("state", "quota_exhausted").doesNotContainKey("pausedSeconds");
	}

	@Test
	void stateWhenKeyIsNotAcceptedIsRefusedKey() {
		refuse("gpt-4o");
		assertThat(details("gpt-4o")).containsEntry("state", "refused_key");
	}

	@Test
	void statusWhenNotToFailIsUpThoughNothingWorks() {
		exhaustAll();
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void statusWhenEveryModelIsExhaustedOrRefusedIsOutOfService() {
		exhaust("gpt-4o");
		refuse("gpt-4o-mini");
		exhaust("o3-mini");
		assertThat(failing().health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
	}

	@Test
	void statusWhenOneUsedModelWorksIsUp() throws Exception {
		exhaust("gpt-4o");
		this.limiters.limiter("o3-mini").acquire(Cost.of(1, 1)).close();
		assertThat(failing().health().getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void statusWhenOnlyModelsThatNobodyUsesWorkIsOutOfService() {
		exhaust("gpt-4o");
		assertThat(failing().health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
	}

	@Test
	void statusWhenNothingWasCalledIsUp() {
		assertThat(failing().health().getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void statusWhenPausedIsUp() {
		TestLimiters.answer(this.limiter, SMALL, 429, SignalKind.RATE_LIMIT_DAY, Duration.ofHours(3));
		assertThat(failing().health().getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void statusWhenACallIsAnsweredAgainIsUp() {
		exhaust("gpt-4o");
		this.time.advance(Duration.ofSeconds(61));
		TestLimiters.answer(this.limiter, SMALL, 200, SignalKind.OK, Duration.ZERO);
		assertThat(failing().health().getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void healthWhenOneLimiterIsBrokenStillShowsTheOthers() {
		LlmRateLimiter broken = mock();
		given(broken.model()).willReturn("broken");
		given(broken.status()).willThrow(new IllegalStateException("no store"));
		Health health = indicator(List.of(broken, this.limiter), this.used).health();
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails()).containsKey("gpt-4o")
			.containsEntry("broken", Map.of("state", "unknown", "error", "java.lang.IllegalStateException: no store"));
	}

	@Test
	void healthWhenRegistryIsBrokenIsUnknown() {
		LlmRateLimiterRegistry broken = mock();
		given(broken.limiters()).willThrow(new IllegalStateException("no store"));
		assertThat(new LlmRateLimitHealthIndicator(broken, null).health().getStatus()).isEqualTo(Status.UNKNOWN);
	}

	@Test
	void detailsWhenLimitIsHeldHaveNoWindow() {
		Limit held = new Limit(Dimension.CONCURRENT, 8, null, LimitOrigin.CONFIGURED);
		LlmRateLimiter holding = mock();
		given(holding.model()).willReturn("holding");
		given(holding.limits()).willReturn(this.limiter.limits());
		given(holding.status()).willReturn(
				new LimiterStatus(State.OK, List.of(new LimiterStatus.Window(held, 3)), Map.of(), 5, Duration.ZERO));
		assertThat(indicator(List.of(holding), null).health().getDetails()).extractingByKey("holding")
			.extracting("limits")
			.isEqualTo(Map.of("concurrent", Map.of("limit", 8L, "remaining", 3L, "origin", "configured")));
	}

	private LlmRateLimitHealthIndicator failing() {
		return new LlmRateLimitHealthIndicator(this.limiters, this.used);
	}

	private static LlmRateLimitHealthIndicator indicator(List<LlmRateLimiter> limiters, UsedModels judged) {
		LlmRateLimiterRegistry registry = mock();
		given(registry.limiters()).willReturn(limiters);
		return new LlmRateLimitHealthIndicator(registry, judged);
	}

	private void exhaustAll() {
		this.limiters.limiters().forEach((each) -> exhaust(each.model()));
	}

	private void exhaust(String model) {
		TestLimiters.answer(this.limiters.limiter(model), SMALL, 429, SignalKind.QUOTA_EXHAUSTED, Duration.ZERO);
	}

	private void refuse(String model) {
		TestLimiters.answer(this.limiters.limiter(model), SMALL, 401, SignalKind.CLIENT_ERROR, Duration.ZERO);
	}

	@SuppressWarnings("unchecked")
	private Map<String, Object> details(String model) {
		return (Map<String, Object>) this.indicator.health().getDetails().get(model);
	}

	private Thread startAcquire() {
		Thread thread = new Thread(() -> {
			try {
				this.limiter.acquire(SMALL).close();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		thread.start();
		FakeTime.awaitParked(thread);
		return thread;
	}

}
