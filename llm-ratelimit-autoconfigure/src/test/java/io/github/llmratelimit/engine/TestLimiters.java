package io.github.llmratelimit.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LlmCall;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.ModelLimits;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.settings.EngineSettings;
import io.github.llmratelimit.provider.HttpFields;
import io.github.llmratelimit.provider.ProviderDialect;
import io.github.llmratelimit.provider.ProviderException;
import io.github.llmratelimit.provider.ProviderResponse;
import io.github.llmratelimit.provider.ProviderSignal;
import io.github.llmratelimit.provider.Quota;
import io.github.llmratelimit.provider.SignalKind;
import io.github.llmratelimit.time.FakeTime;
import org.jspecify.annotations.Nullable;

/**
 * Real limiters on fake time, whose provider answers what a test wants.
 */
public final class TestLimiters {

	private final FakeTime time;

	private final List<LimiterDefinition> definitions = new ArrayList<>();

	private LimiterMode mode = LimiterMode.ENFORCE;

	private List<String> fallbacks = List.of();

	private @Nullable Duration fallbackAfter;

	private CallRetry retry = CallRetry.NEVER;

	private Function<Object, @Nullable Usage> usage = (result) -> null;

	public TestLimiters(FakeTime time) {
		this.time = time;
	}

	/**
	 * Makes the models that follow be of another mode.
	 * @param newMode the mode
	 * @return this
	 */
	public TestLimiters mode(LimiterMode newMode) {
		this.mode = newMode;
		return this;
	}

	/**
	 * Gives the models that follow other models to go to.
	 * @param newFallbacks the other models
	 * @param newFallbackAfter when to go there
	 * @return this
	 */
	public TestLimiters fallbacks(List<String> newFallbacks, Duration newFallbackAfter) {
		this.fallbacks = newFallbacks;
		this.fallbackAfter = newFallbackAfter;
		return this;
	}

	/**
	 * Makes calls be repeated.
	 * @param newRetry repeats them
	 * @return this
	 */
	public TestLimiters retry(CallRetry newRetry) {
		this.retry = newRetry;
		return this;
	}

	/**
	 * Makes usage be found in what calls return.
	 * @param newUsage finds it
	 * @return this
	 */
	public TestLimiters usage(Function<Object, @Nullable Usage> newUsage) {
		this.usage = newUsage;
		return this;
	}

	/**
	 * Adds a model of provider {@code openai} with 10 requests and 1,000 tokens per
	 * minute.
	 * @param name name of the model and its pool
	 * @return this
	 */
	public TestLimiters model(String name) {
		return model(name, new BudgetKey("openai", name), Limit.perMinute(Dimension.REQUESTS, 10),
				Limit.perMinute(Dimension.TOKENS, 1000));
	}

	public TestLimiters model(String name, BudgetKey key, Limit... limits) {
		this.definitions.add(new LimiterDefinition(
				new ModelLimits(name, name, key, Arrays.asList(limits), Booking.ESTIMATE,
						ModelLimits.DEFAULT_OUTPUT_TOKENS),
				Set.of(), new TestDialect(), Set.of(), this.mode, this.fallbacks, this.fallbackAfter));
		return this;
	}

	public LlmRateLimiterRegistry build(RateLimitListener... listeners) {
		return new LimiterRegistry(this.definitions, EngineSettings.DEFAULTS,
				new LimiterRegistry.Parts(this.time, this.time, this.retry, List.of(ProviderException::read),
						this.usage, List.of(listeners), Runnable::run));
	}

	/**
	 * Makes a call that the provider answers.
	 * @param limiter the limiter
	 * @param request what the call needs
	 * @param status the HTTP status of the answer
	 * @param kind what the answer means
	 * @param retryAfter how long the provider asks to wait, zero if it doesn't
	 */
	public static void answer(LlmRateLimiter limiter, CallRequest request, int status, SignalKind kind,
			Duration retryAfter) {
		answer(limiter, request, status, kind.name() + " " + retryAfter);
	}

	/**
	 * Makes a call whose answer tells a limit.
	 * @param limiter the limiter
	 * @param request what the call needs
	 * @param tokens the limit
	 * @param window over which time
	 */
	public static void tell(LlmRateLimiter limiter, CallRequest request, long tokens, Duration window) {
		answer(limiter, request, 200, "OK PT0S " + tokens + " " + window);
	}

	private static void answer(LlmRateLimiter limiter, CallRequest request, int status, String body) {
		try {
			limiter.call(request, () -> {
				((LimitedCall) LlmCall.current().orElseThrow())
					.onResponse(new ProviderResponse(status, HttpFields.EMPTY, body));
				return null;
			});
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Reads kind, hint, limit of tokens and its window from the body. */
	private static final class TestDialect implements ProviderDialect {

		@Override
		public String name() {
			return "test";
		}

		@Override
		public ProviderSignal read(ProviderResponse response, Instant now) {
			String[] words = response.body().split(" ");
			Duration retryAfter = Duration.parse(words[1]);
			Quota tokens = (words.length > 2) ? new Quota(Long.valueOf(words[2]), null, null, Duration.parse(words[3]))
					: Quota.UNKNOWN;
			return new ProviderSignal(SignalKind.valueOf(words[0]), false, retryAfter.isZero() ? null : retryAfter,
					Quota.UNKNOWN, tokens, Quota.UNKNOWN, Quota.UNKNOWN);
		}

	}

}
