package io.github.llmratelimit.provider;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/*
 * Sources, best first; one that isn't usable is passed over:
 *
 *   retry-after-ms        exact
 *   Retry-After           the standard, in whole seconds
 *   X-RateLimit-Reset, RateLimit-Reset, t of RateLimit where r=0
 *   the same, inside the body (OpenRouter)
 *   google.rpc.RetryInfo
 *   "try again in 11.054s"
 *
 * The resets that name a dimension aren't among them. They tell when all of a limit is
 * back: 46 s where the refused request would have fitted after 11 s.
 */
/**
 * Finds out how long a provider asks to wait.
 */
final class HintRules {

	/**
	 * Gemini has sent 38 s beside a violated quota of a day (July 2026), after which the
	 * day's quota wasn't back. What is shorter than this isn't believed.
	 */
	private static final Duration MIN_DAY_WAIT = Duration.ofMinutes(10);

	private HintRules() {
	}

	/**
	 * Read the headers.
	 * @param unnamed what the fields that name no dimension tell
	 * @return the wait, or {@code null}
	 */
	static @Nullable Duration ofFields(HttpFields fields, RateLimitFields unnamed, int status, Instant now) {
		if (fields.isEmpty()) {
			return null;
		}
		Duration hint = RetryAfterParser.millis(fields.values("retry-after-ms"));
		hint = (hint != null) ? hint : RetryAfterParser.seconds(fields.values("retry-after"), now);
		return (hint != null) ? hint : ofReset(unnamed, status);
	}

	/**
	 * Many servers send the reset of an hour's window with every response. It says
	 * something about a failure that isn't a refusal only if nothing remains.
	 */
	private static @Nullable Duration ofReset(RateLimitFields unnamed, int status) {
		Long remaining = unnamed.quota().remaining();
		boolean isAnswer = status == KindRules.TOO_MANY_REQUESTS || remaining == null || remaining == 0;
		return isAnswer ? unnamed.hint() : null;
	}

	/**
	 * Read the body.
	 * @return the wait, or {@code null}
	 */
	static @Nullable Duration ofBody(ErrorBody body, ErrorText text) {
		Duration atLeast = body.quotas().perDay() ? MIN_DAY_WAIT : Duration.ZERO;
		Duration delay = body.retryDelay();
		return (delay != null && delay.compareTo(atLeast) >= 0) ? delay : text.wait(atLeast);
	}

}
