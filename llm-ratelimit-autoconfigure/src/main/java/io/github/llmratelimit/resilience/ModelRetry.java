package io.github.llmratelimit.resilience;

import java.time.Duration;
import java.util.function.Predicate;

import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.provider.ProviderSignal;
import io.github.llmratelimit.resilience.RetryDecision.Repeat;
import io.github.resilience4j.core.IntervalBiFunction;
import io.github.resilience4j.core.functions.Either;
import io.github.resilience4j.retry.RetryConfig;
import org.jspecify.annotations.Nullable;

/**
 * What Resilience4j's retry of one model asks: whether to repeat, and after which
 * interval.
 */
final class ModelRetry implements Predicate<Throwable>, IntervalBiFunction<Object> {

	/*
	 * One retry, two uses
	 *
	 * Around the attempts of a limited call, the waiting is the limiter's: there the call
	 * keeps its place in the queue, and nobody else is held up by a sleeping thread that
	 * is about to ask for budget. So the interval is zero, and the call is told how long
	 * to stay away.
	 *
	 * Around other code of the application, found by the model's name in the registry,
	 * there is no limited call. The failure is read here, and the interval is the true
	 * one. No ledger says when the window that refused will have room, so a refusal
	 * without a hint waits for a full window, as if it had just been filled.
	 *
	 * The two are told apart by a thread-local that is set only while Resilience4j asks,
	 * and only for the very failure that it asks about.
	 */

	private static final Duration UNLIMITED = Duration.ofDays(366);

	private final LlmRateLimiter limiter;

	private final RetryRules rules;

	private final FailureSignals signals;

	ModelRetry(LlmRateLimiter limiter, RetryRules rules, FailureSignals signals) {
		this.limiter = limiter;
		this.rules = rules;
		this.signals = signals;
	}

	RetryConfig config(int maxAttempts) {
		return RetryConfig.custom()
			.maxAttempts(maxAttempts)
			.retryOnException(this)
			.intervalBiFunction(this)
			.failAfterMaxAttempts(false)
			.build();
	}

	/**
	 * Whether a retry waits as this class says, perhaps through a copied configuration.
	 */
	static boolean isUsedBy(RetryConfig config) {
		return config.getIntervalBiFunction() instanceof ModelRetry;
	}

	@Override
	public boolean test(Throwable failure) {
		RunningCall running = RunningCall.askedAbout(failure);
		return (running != null) ? running.repeats() : standAlone(1, failure) instanceof Repeat;
	}

	@Override
	public Long apply(Integer attempt, Either<Throwable, Object> outcome) {
		Throwable failure = outcome.isLeft() ? outcome.getLeft() : null;
		RunningCall running = RunningCall.askedAbout(failure);
		if (running != null) {
			running.delay();
			return 0L;
		}
		// negative gives up
		return (standAlone(attempt, failure) instanceof Repeat repeat) ? millis(repeat.delay()) : -1L;
	}

	private RetryDecision standAlone(int attempt, @Nullable Throwable failure) {
		// a result that an application's copy of the configuration does not like
		ProviderSignal signal = (failure != null) ? read(failure) : RunningCall.SERVER_FAILED;
		if (signal == null) {
			return RetryDecision.GIVE_UP;
		}
		Duration window = LongestWindow.of(this.limiter);
		return this.rules
			.decide(new FailedAttempt(attempt, signal, null, window, window, Duration.ZERO, Duration.ZERO, UNLIMITED));
	}

	private @Nullable ProviderSignal read(Throwable failure) {
		if (NeverRepeated.isIn(failure)) {
			return null;
		}
		try {
			return this.signals.read(this.limiter.model(), failure);
		}
		catch (RuntimeException ex) {
			// what Resilience4j's functions throw would take the place of the failure
			return null;
		}
	}

	/** Rounded up, since a hint is never undercut. */
	private static long millis(Duration delay) {
		return delay.plusNanos(999_999).toMillis();
	}

}
