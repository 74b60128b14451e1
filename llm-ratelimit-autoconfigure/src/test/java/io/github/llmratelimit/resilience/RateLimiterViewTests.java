package io.github.llmratelimit.resilience;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.engine.LimiterMode;
import io.github.llmratelimit.provider.SignalKind;
import io.github.llmratelimit.time.FakeTime;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.ratelimiter.RateLimiterRegistry;
import io.github.resilience4j.ratelimiter.RequestNotPermitted;
import io.github.resilience4j.ratelimiter.event.RateLimiterEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.github.llmratelimit.resilience.LimitedModel.failing;
import static io.github.llmratelimit.resilience.LimitedModel.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for the views that {@link RateLimiterViews} registers.
 */
class RateLimiterViewTests {

	private static final Limit TOKENS = Limit.perMinute(Dimension.TOKENS, 1000);

	private static final Limit REQUESTS = Limit.perMinute(Dimension.REQUESTS, 10);

	private static final Duration TIMEOUT = Duration.ofSeconds(70);

	private final RateLimiterViews views = new RateLimiterViews(TIMEOUT);

	private final LimitedModel model = model(LimiterMode.ENFORCE, TOKENS, REQUESTS);

	private final RateLimiterRegistry registry = RateLimiterRegistry.ofDefaults();

	private final List<String> events = new ArrayList<>();

	RateLimiterViewTests() {
		this.views.register(this.registry, this.model.registry.limiters());
	}

	@AfterEach
	void clearInterrupt() {
		Thread.interrupted();
	}

	@Test
	void acquireWhenTokensFitTakesTokensOnly() {
		assertThat(tokens().acquirePermission(300)).isTrue();
		assertThat(this.model.remaining(Dimension.TOKENS)).isEqualTo(700);
		assertThat(this.model.remaining(Dimension.REQUESTS)).isEqualTo(10);
	}

	@Test
	void acquireWhenRequestsFitTakesRequestsOnly() {
		assertThat(requests().acquirePermission()).isTrue();
		assertThat(this.model.remaining(Dimension.TOKENS)).isEqualTo(1000);
		assertThat(this.model.remaining(Dimension.REQUESTS)).isEqualTo(9);
	}

	@Test
	void acquireWhenTakenLeavesNothingInFlight() {
		tokens().acquirePermission(300);
		assertThat(this.model.limiter.status().inFlight()).isZero();
	}

	@Test
	void acquireWhenTokensAreSpentWaitsUntilTheyComeBack() {
		tokens().acquirePermission(1000);
		assertThat(tokens().acquirePermission(1)).isTrue();
		assertThat(this.model.time.passed()).isEqualTo(Duration.ofMinutes(1).plus(LimitedModel.SLOT));
	}

	@Test
	void acquireWhenALimitedCallSpentThemWaitsUntilTheyComeBack() throws Exception {
		this.model.call(CallRequest.of(Cost.ofTotal(1000)), failing());
		assertThat(tokens().acquirePermission(1)).isTrue();
		assertThat(this.model.time.passed()).isEqualTo(Duration.ofMinutes(1).plus(LimitedModel.SLOT));
	}

	@Test
	void acquireWhenTimeoutIsTooShortFailsAtOnce() {
		tokens().changeTimeoutDuration(Duration.ofSeconds(60));
		tokens().acquirePermission(1000);
		assertThat(tokens().acquirePermission(1)).isFalse();
		assertThat(this.model.time.passed()).isZero();
	}

	@Test
	void acquireWhenAboveTheLimitFails() {
		assertThat(tokens().acquirePermission(1001)).isFalse();
	}

	@Test
	void acquireWhenNothingIsAskedSucceeds() {
		tokens().acquirePermission(1000);
		assertThat(tokens().acquirePermission(0)).isTrue();
		assertThat(this.model.time.passed()).isZero();
	}

	@Test
	void acquireWhenNegativeFails() {
		assertThatIllegalArgumentException().isThrownBy(() -> tokens().acquirePermission(-50))
			.withMessage("Invalid permits (-50): must be positive or zero.");
		assertThat(this.model.remaining(Dimension.TOKENS)).isEqualTo(1000);
	}

	@Test
	void acquireWhenInterruptedFailsWithTheFlagSetAndTakesNothing() {
		RateLimiter view = view(stillModel(), "gpt-4o.tokens");
		view.acquirePermission(900);
		Thread.currentThread().interrupt();
		assertThat(view.acquirePermission(200)).isFalse();
		assertThat(Thread.currentThread().isInterrupted()).isTrue();
		assertThat(view.getMetrics().getAvailablePermissions()).isEqualTo(100);
	}

	@Test
	void acquireWhenApplicationStopsFails() {
		this.model.registry.close();
		assertThat(tokens().acquirePermission(1)).isFalse();
	}

	@Test
	void decoratedWhenRefusedThrowsAsResilience4jDoes() {
		assertThatExceptionOfType(RequestNotPermitted.class)
			.isThrownBy(() -> RateLimiter.decorateRunnable(tokens(), 1001, () -> {
			}).run());
	}

	@Test
	void reserveWhenTokensFitTakesThem() {
		assertThat(tokens().reservePermission(1000)).isZero();
		assertThat(this.model.remaining(Dimension.TOKENS)).isZero();
	}

	@Test
	void reserveWhenTokensDoNotFitPromisesNothing() {
		tokens().reservePermission(1000);
		assertThat(tokens().reservePermission(1)).isEqualTo(-1);
	}

	@Test
	void reserveWhenAboveTheLimitFails() {
		assertThat(tokens().reservePermission(1001)).isEqualTo(-1);
	}

	@Test
	void drainWhenSomeIsLeftTakesIt() {
		tokens().acquirePermission(400);
		tokens().drainPermissions();
		assertThat(tokens().getMetrics().getAvailablePermissions()).isZero();
	}

	@Test
	void changeLimitChangesTheLimitAtOnce() {
		tokens().changeLimitForPeriod(500);
		assertThat(this.model.limiter.limits().limits()).contains(TOKENS.withAmount(500, LimitOrigin.RUNTIME),
				REQUESTS);
		assertThat(tokens().acquirePermission(501)).isFalse();
		assertThat(tokens().getRateLimiterConfig().getLimitForPeriod()).isEqualTo(500);
	}

	@Test
	void configTellsTheLimit() {
		RateLimiterConfig config = tokens().getRateLimiterConfig();
		assertThat(config.getLimitForPeriod()).isEqualTo(1000);
		assertThat(config.getLimitRefreshPeriod()).isEqualTo(Duration.ofMinutes(1));
		assertThat(config.getTimeoutDuration()).isEqualTo(TIMEOUT);
	}

	@Test
	void configWhenLimitIsBeyondIntTellsTheLargest() {
		RateLimiter view = view(model(LimiterMode.ENFORCE, Limit.perMinute(Dimension.TOKENS, 3_000_000_000L)),
				"gpt-4o.tokens");
		assertThat(view.getRateLimiterConfig().getLimitForPeriod()).isEqualTo(Integer.MAX_VALUE);
		assertThat(view.getMetrics().getAvailablePermissions()).isEqualTo(Integer.MAX_VALUE);
	}

	@Test
	void configWhenThereAreSeveralWindowsTellsTheMinute() {
		Limit seconds = new Limit(Dimension.TOKENS, 300, Duration.ofSeconds(10), LimitOrigin.CONFIGURED);
		RateLimiter view = view(model(LimiterMode.ENFORCE, seconds, TOKENS), "gpt-4o.tokens");
		assertThat(view.getRateLimiterConfig().getLimitForPeriod()).isEqualTo(1000);
		assertThat(view.getMetrics().getAvailablePermissions()).isEqualTo(300);
	}

	@Test
	void configWhenThereIsNoMinuteTellsTheShortest() {
		Limit seconds = new Limit(Dimension.TOKENS, 300, Duration.ofSeconds(10), LimitOrigin.CONFIGURED);
		Limit day = new Limit(Dimension.TOKENS, 9000, Duration.ofDays(1), LimitOrigin.CONFIGURED);
		RateLimiter view = view(model(LimiterMode.ENFORCE, day, seconds), "gpt-4o.tokens");
		assertThat(view.getRateLimiterConfig().getLimitRefreshPeriod()).isEqualTo(Duration.ofSeconds(10));
	}

	@Test
	void metricsCountWaitingThreads() throws InterruptedException {
		LimitedModel still = stillModel();
		RateLimiter view = view(still, "gpt-4o.tokens");
		view.acquirePermission(1000);
		Thread waiting = new Thread(() -> view.acquirePermission(1));
		waiting.start();
		FakeTime.awaitParked(waiting);
		assertThat(view.getMetrics().getNumberOfWaitingThreads()).isOne();
		still.time.advance(TIMEOUT);
		waiting.join(20_000);
		assertThat(view.getMetrics().getNumberOfWaitingThreads()).isZero();
		assertThat(view.getMetrics().getAvailablePermissions()).isEqualTo(999);
	}

	@Test
	void registerWhenADimensionIsNotLimitedHasNoView() {
		LimitedModel tokensOnly = model(LimiterMode.ENFORCE, TOKENS);
		RateLimiterRegistry other = RateLimiterRegistry.ofDefaults();
		this.views.register(other, tokensOnly.registry.limiters());
		assertThat(other.find("gpt-4o.requests")).isEmpty();
	}

	@Test
	void registerWhenInputAndOutputAreLimitedApartHasAViewOfEach() {
		LimitedModel apart = model(LimiterMode.ENFORCE, Limit.perMinute(Dimension.INPUT_TOKENS, 100),
				Limit.perMinute(Dimension.OUTPUT_TOKENS, 50));
		view(apart, "gpt-4o.input-tokens").acquirePermission(30);
		assertThat(apart.remaining(Dimension.INPUT_TOKENS)).isEqualTo(70);
		assertThat(apart.remaining(Dimension.OUTPUT_TOKENS)).isEqualTo(50);
		view(apart, "gpt-4o.output-tokens").acquirePermission(20);
		assertThat(apart.remaining(Dimension.OUTPUT_TOKENS)).isEqualTo(30);
	}

	@Test
	void registerWhenRegistryHasARateLimiterOfThatNameLeavesItAlone() {
		RateLimiterRegistry own = RateLimiterRegistry.ofDefaults();
		RateLimiter tokens = own.rateLimiter("gpt-4o.tokens");
		this.views.register(own, this.model.registry.limiters());
		assertThat(own.rateLimiter("gpt-4o.tokens")).isSameAs(tokens);
		assertThat(own.rateLimiter("gpt-4o.requests")).isInstanceOf(RateLimiterView.class);
	}

	@Test
	void registerWhenRegistryHasAConfigurationOfThatNameTakesItsTimeout() {
		RateLimiterRegistry own = RateLimiterRegistry
			.of(Map.of("gpt-4o.tokens", RateLimiterConfig.custom().timeoutDuration(Duration.ofSeconds(3)).build()));
		this.views.register(own, this.model.registry.limiters());
		RateLimiterConfig config = own.rateLimiter("gpt-4o.tokens").getRateLimiterConfig();
		assertThat(config.getTimeoutDuration()).isEqualTo(Duration.ofSeconds(3));
		assertThat(config.getLimitForPeriod()).isEqualTo(1000);
	}

	@Test
	void registerWhenCalledTwiceKeepsTheViews() {
		RateLimiter first = tokens();
		this.views.register(this.registry, this.model.registry.limiters());
		assertThat(tokens()).isSameAs(first);
	}

	@Test
	void tagsAreTheRegistrys() {
		RateLimiterRegistry tagged = RateLimiterRegistry.custom()
			.withRateLimiterConfig(RateLimiterConfig.ofDefaults())
			.withTags(Map.of("team", "search"))
			.build();
		this.views.register(tagged, this.model.registry.limiters());
		assertThat(tagged.rateLimiter("gpt-4o.tokens").getTags()).containsExactly(Map.entry("team", "search"));
	}

	@Test
	void eventsWhenAcquiredByTheViewAreItsOwnOnly() {
		listen();
		tokens().acquirePermission(300);
		tokens().acquirePermission(1001);
		tokens().reservePermission(100);
		assertThat(this.events).containsExactly("gpt-4o.tokens SUCCESSFUL_ACQUIRE 300",
				"gpt-4o.tokens FAILED_ACQUIRE 1001", "gpt-4o.tokens SUCCESSFUL_ACQUIRE 100");
	}

	@Test
	void eventsWhenDrainedTellHowMuch() {
		listen();
		tokens().drainPermissions();
		assertThat(this.events).containsExactly("gpt-4o.tokens DRAINED 1000");
	}

	@Test
	void eventsWhenALimitedCallIsMadeTellOfBothDimensions() throws Exception {
		listen();
		this.model.call(failing());
		assertThat(this.events).containsExactlyInAnyOrder("gpt-4o.tokens SUCCESSFUL_ACQUIRE 100",
				"gpt-4o.requests SUCCESSFUL_ACQUIRE 1");
	}

	@Test
	void eventsWhenALimitedCallIsRepeatedTellOfEachAttempt() throws Exception {
		listen();
		this.model.call(failing(failure(SignalKind.SERVER_ERROR)));
		assertThat(this.events).hasSize(4);
	}

	@Test
	void eventsWhenALimitedCallIsRefusedTellOfIt() {
		listen();
		catchThrowable(() -> this.model.call(CallRequest.of(Cost.ofTotal(1001)), failing()));
		assertThat(this.events).containsExactlyInAnyOrder("gpt-4o.tokens FAILED_ACQUIRE 1001",
				"gpt-4o.requests FAILED_ACQUIRE 1");
	}

	@Test
	void eventsWhenOnlyObservedAreSuccesses() throws Exception {
		LimitedModel observed = model(LimiterMode.OBSERVE, TOKENS);
		listen(view(observed, "gpt-4o.tokens"));
		observed.call(CallRequest.of(Cost.ofTotal(1001)), failing());
		assertThat(this.events).containsExactly("gpt-4o.tokens SUCCESSFUL_ACQUIRE 1001");
	}

	private void listen() {
		listen(tokens());
		listen(requests());
	}

	private void listen(RateLimiter view) {
		view.getEventPublisher().onEvent(this::record);
	}

	private void record(RateLimiterEvent event) {
		this.events.add(event.getRateLimiterName() + " " + event.getEventType() + " " + event.getNumberOfPermits());
	}

	private RateLimiter tokens() {
		return this.registry.rateLimiter("gpt-4o.tokens");
	}

	private RateLimiter requests() {
		return this.registry.rateLimiter("gpt-4o.requests");
	}

	private LimitedModel model(LimiterMode mode, Limit... limits) {
		return new LimitedModel(RetrySettings.DEFAULTS, () -> 0, mode, this.views, limits);
	}

	/** In time that waiting does not move. */
	private LimitedModel stillModel() {
		return new LimitedModel(RetrySettings.DEFAULTS, () -> 0, LimiterMode.ENFORCE, this.views, false, TOKENS);
	}

	private RateLimiter view(LimitedModel other, String name) {
		RateLimiterRegistry own = RateLimiterRegistry.ofDefaults();
		this.views.register(own, other.registry.limiters());
		return own.rateLimiter(name);
	}

}
