package io.github.llmratelimit.autoconfigure;

import java.time.Duration;

import io.github.llmratelimit.engine.LimiterMode;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Configuration of the limiter.
 *
 * @param enabled whether there are any beans of the limiter
 * @param mode whether limiters limit, only observe, or let everything pass
 * @param share part of every provider limit that this instance may use, e.g. 0.25 for
 * four instances
 * @param queue how calls wait
 * @param retry how failed calls are repeated
 * @param health what the health contributor reports
 * @param adviceOrder order of the advice around annotated methods among other advice
 */
@ConfigurationProperties(prefix = "llm.ratelimit", ignoreUnknownFields = false)
public record LlmRateLimitProperties(@DefaultValue("true") boolean enabled, @DefaultValue("enforce") LimiterMode mode,
		@DefaultValue("1.0") double share, @DefaultValue Queue queue, @DefaultValue Retry retry,
		@DefaultValue Health health, @DefaultValue("2147483645") int adviceOrder) {

	/**
	 * How calls wait.
	 *
	 * @param maxWait longest time that a call waits for budget, all its attempts
	 * together; zero never waits
	 * @param capacity calls that may wait for one budget
	 * @param guard how much longer than its window an amount is held, for the jitter of
	 * the network; by default 60 ms or 0.1 % of the window, whichever is more, and at
	 * most one second
	 */
	public record Queue(@DefaultValue("90s") Duration maxWait, @DefaultValue("10000") int capacity,
			@Nullable Duration guard) {

	}

	/**
	 * How failed calls are repeated.
	 *
	 * @param maxAttempts attempts of one call, the first one included
	 * @param baseDelay first delay after a rate limit without a hint; doubles with each
	 * attempt
	 * @param maxDelay longest delay without a hint
	 * @param jitter part of a delay that is drawn at random
	 * @param serverErrorBaseDelay first delay after an error of the provider's server
	 * @param maxElapsed time after the beginning of a call at which no further attempt
	 * starts
	 * @param maxRetryAfter longest hint of a provider that a call waits for
	 */
	public record Retry(@DefaultValue("6") int maxAttempts, @DefaultValue("1s") Duration baseDelay,
			@DefaultValue("60s") Duration maxDelay, @DefaultValue("0.25") double jitter,
			@DefaultValue("500ms") Duration serverErrorBaseDelay, @DefaultValue("180s") Duration maxElapsed,
			@DefaultValue("5m") Duration maxRetryAfter) {

	}

	/**
	 * What the health contributor reports.
	 *
	 * @param fail whether the application is out of service when every model is exhausted
	 * or refused
	 */
	public record Health(@DefaultValue("false") boolean fail) {

	}

}
