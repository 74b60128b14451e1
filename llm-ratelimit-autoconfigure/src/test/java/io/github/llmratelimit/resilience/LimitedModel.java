package io.github.llmratelimit.resilience;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.ModelLimits;
import io.github.llmratelimit.engine.AcquireOutcome;
import io.github.llmratelimit.engine.CallRetry;
import io.github.llmratelimit.engine.settings.EngineSettings;
import io.github.llmratelimit.engine.LimiterDefinition;
import io.github.llmratelimit.engine.LimiterMode;
import io.github.llmratelimit.engine.LimiterRegistry;
import io.github.llmratelimit.engine.LimiterRegistry.Parts;
import io.github.llmratelimit.engine.RateLimitListener;
import io.github.llmratelimit.provider.ProviderException;
import io.github.llmratelimit.provider.SignalKind;
import io.github.llmratelimit.provider.WrittenDialect;
import io.github.llmratelimit.time.AlarmClock;
import io.github.llmratelimit.time.SelfMovingTime;
import io.github.resilience4j.retry.RetryRegistry;
import org.jspecify.annotations.Nullable;

/**
 * The model {@code gpt-4o} with a real limiter, in fake time, for tests of what surrounds
 * it. The guard is zero, so that windows have their stated length.
 */
final class LimitedModel {

	/** The limit on tokens of {@link #drawing}. */
	static final Limit TOKENS = Limit.perMinute(Dimension.TOKENS, 1000);

	/** A window holds for one slot longer, which lasts so long. */
	static final Duration SLOT = Duration.ofMillis(50);

	final SelfMovingTime time = new SelfMovingTime();

	final RetryRegistry retries = RetryRegistry.ofDefaults();

	final ResilienceRetry retry;

	final LimiterRegistry registry;

	final LlmRateLimiter limiter;

	/** When each attempt ran. */
	final List<Duration> attempts = new ArrayList<>();

	/** What listeners heard of retries. */
	final List<SignalKind> heard = new ArrayList<>();

	/** How long each admission took, by outcome. */
	final List<String> asked = Collections.synchronizedList(new ArrayList<>());

	LimitedModel(RetrySettings settings, RandomGenerator random, Limit... limits) {
		this(settings, random, LimiterMode.ENFORCE, null, limits);
	}

	LimitedModel(RetrySettings settings, RandomGenerator random, LimiterMode mode, @Nullable RateLimitListener more,
			Limit... limits) {
		this(settings, random, mode, more, true, limits);
	}

	/**
	 * Creates the model.
	 * @param selfMoving whether waiting moves time; if not, the test has to
	 */
	LimitedModel(RetrySettings settings, RandomGenerator random, LimiterMode mode, @Nullable RateLimitListener more,
			boolean selfMoving, Limit... limits) {
		this.retry = new ResilienceRetry(settings, () -> this.retries,
				(model, failure) -> registry().read(model, failure), random);
		this.registry = registry(this.retry, mode, selfMoving ? this.time : this.time.time(), more, limits);
		this.limiter = this.registry.limiter("gpt-4o");
	}

	/** The model with 1000 tokens and 100 requests per minute and the default retries. */
	static LimitedModel drawing(RandomGenerator random) {
		return new LimitedModel(RetrySettings.DEFAULTS, random, TOKENS, Limit.perMinute(Dimension.REQUESTS, 100));
	}

	/** The default retries but for how many attempts, and how long, are made. */
	static RetrySettings settings(int maxAttempts, Duration maxElapsed) {
		return new RetrySettings(maxAttempts, Duration.ofSeconds(1), Duration.ofSeconds(60), 0.25,
				Duration.ofMillis(500), maxElapsed, Duration.ofMinutes(5));
	}

	private LimiterRegistry registry() {
		return this.registry;
	}

	private LimiterRegistry registry(CallRetry retry, LimiterMode mode, AlarmClock clock,
			@Nullable RateLimitListener more, Limit... limits) {
		ModelLimits model = new ModelLimits("gpt-4o", "gpt-4o", new BudgetKey("openai", "gpt-4o"),
				Arrays.asList(limits), Booking.ESTIMATE, 512);
		List<RateLimitListener> listeners = new ArrayList<>(List.of(new Recorder()));
		if (more != null) {
			listeners.add(more);
		}
		return new LimiterRegistry(
				List.of(new LimiterDefinition(model, Set.of(), new WrittenDialect(), Set.of("api.openai.com"), mode)),
				new EngineSettings(Duration.ofSeconds(90), 100, Duration.ZERO), new Parts(clock, this.time.time(),
						retry, List.of(ProviderException::read), (result) -> null, listeners, Runnable::run));
	}

	/** Makes a call of 100 tokens. */
	<T> T call(Callable<T> body) throws Exception {
		return call(CallRequest.of(Cost.ofTotal(100)), body);
	}

	<T> T call(CallRequest request, Callable<T> body) throws Exception {
		return this.limiter.call(request, () -> {
			this.attempts.add(this.time.passed());
			return body.call();
		});
	}

	long remaining(Dimension dimension) {
		return this.limiter.status()
			.windows()
			.stream()
			.filter((window) -> window.limit().dimension() == dimension)
			.findFirst()
			.orElseThrow()
			.remaining();
	}

	/** A body that fails with each of some failures and then answers. */
	static Callable<String> failing(Exception... failures) {
		List<Exception> left = new ArrayList<>(List.of(failures));
		return () -> {
			if (left.isEmpty()) {
				return "answer";
			}
			throw left.remove(0);
		};
	}

	static ProviderException failure(SignalKind kind) {
		return new ProviderException(WrittenDialect.response(kind));
	}

	static ProviderException failure(SignalKind kind, Duration hint) {
		return new ProviderException(WrittenDialect.response(kind, hint));
	}

	private final class Recorder implements RateLimitListener {

		@Override
		public void onRetry(LlmRateLimiter limiter, SignalKind kind) {
			LimitedModel.this.heard.add(kind);
		}

		@Override
		public void onAcquire(LlmRateLimiter limiter, CallRequest request, AcquireOutcome outcome, long waitedNanos) {
			LimitedModel.this.asked.add(outcome.id() + " after " + Duration.ofNanos(waitedNanos));
		}

	}

}
