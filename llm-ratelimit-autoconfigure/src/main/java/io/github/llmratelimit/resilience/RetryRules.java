package io.github.llmratelimit.resilience;

import java.time.Duration;
import java.util.random.RandomGenerator;

import io.github.llmratelimit.provider.ProviderSignal;
import io.github.llmratelimit.resilience.RetryDecision.Repeat;

/**
 * Decides what follows a failed attempt: arithmetic on what is handed in.
 */
final class RetryRules {

	/*
	 * How long to wait before another attempt
	 *
	 * Problem. A provider that refuses a call often says for how long, sometimes does
	 * not, and sometimes says what is not true. Attempts before their time are refused
	 * again, and some providers count them.
	 *
	 * Simple scheme: exponential backoff, six attempts from one second. It spans 31
	 * seconds and gives up before the minute is over that it waits for; it knows nothing
	 * of hints; and where its cap is applied after its jitter, all callers at the cap
	 * come back at the same instant.
	 *
	 * Chosen. A hint is obeyed and only ever lengthened, by up to a quarter. If the same
	 * limit refuses again although its hint was obeyed, the hint was wrong (Azure has
	 * sent one second where the window needs a minute), and the backoff counts if it is
	 * longer. A refusal without a hint waits for as long as the budget is paused, until
	 * the oldest call has left the window that refused; since nobody knows whether that
	 * is enough, such attempts are free until a full window has passed, and are kept
	 * apart by the backoff. A failed or overloaded server comes back sooner than a
	 * minute's limit and has a backoff of its own. Jitter is applied after the cap.
	 *
	 * A wait that the call cannot afford is not begun: its caller should hear of the
	 * failure now rather than later. Only jitter is cut to fit, so that chance does not
	 * decide who fails.
	 */

	/** Doubled more often than this, any delay exceeds any cap. */
	private static final int MOST_DOUBLINGS = 40;

	private final RetrySettings settings;

	private final RandomGenerator random;

	/**
	 * Creates the rules.
	 * @param random where jitter comes from; used by many threads
	 */
	RetryRules(RetrySettings settings, RandomGenerator random) {
		this.settings = settings;
		this.random = random;
	}

	RetryDecision decide(FailedAttempt failed) {
		ProviderSignal signal = failed.signal();
		if (!signal.retryable() || this.settings.maxAttempts() == 1) {
			return RetryDecision.GIVE_UP;
		}
		if (signal.retryAfter() != null) {
			return obey(signal.retryAfter(), failed);
		}
		if (failed.isRefusedWithoutHint()) {
			long delay = Math.max(failed.paused().toNanos(), backoff(this.settings.baseDelay(), failed.number()));
			boolean counted = failed.sinceFirst().compareTo(failed.window()) >= 0;
			return (delay > affordable(failed)) ? RetryDecision.GIVE_UP : repeat(delay, counted);
		}
		long delay = backoff(this.settings.serverErrorBaseDelay(), failed.number());
		return (delay > affordable(failed)) ? RetryDecision.GIVE_UP : repeat(delay, true);
	}

	private RetryDecision obey(Duration hint, FailedAttempt failed) {
		long affordable = affordable(failed);
		if (hint.compareTo(this.settings.maxRetryAfter()) > 0 || hint.toNanos() > affordable) {
			return RetryDecision.GIVE_UP;
		}
		long least = hint.toNanos();
		long delay = Math.min(least + part(least, this.random.nextDouble()), affordable);
		if (failed.signal().kind().isRateLimit() && failed.signal().kind() == failed.obeyed()) {
			delay = Math.max(delay, backoff(this.settings.baseDelay(), failed.number()));
		}
		return (delay > affordable) ? RetryDecision.GIVE_UP : repeat(delay, true);
	}

	private long affordable(FailedAttempt failed) {
		long untilTooOld = this.settings.maxElapsed().minus(failed.elapsed()).toNanos();
		return Math.min(untilTooOld, failed.waitLeft().toNanos());
	}

	/** The delay of an attempt's number: doubled, capped, and only then jittered. */
	private long backoff(Duration base, int number) {
		int doublings = Math.min(number - 1, MOST_DOUBLINGS);
		long cap = this.settings.maxDelay().toNanos();
		long delay = (base.toNanos() > (cap >> doublings)) ? cap : base.toNanos() << doublings;
		return delay + part(delay, 2 * this.random.nextDouble() - 1);
	}

	private long part(long delay, double drawn) {
		return (long) (delay * this.settings.jitter() * drawn);
	}

	private static Repeat repeat(long delayNanos, boolean counted) {
		return new Repeat(Duration.ofNanos(delayNanos), counted);
	}

}
