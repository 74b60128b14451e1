package io.github.llmratelimit.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.engine.LimiterMode;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Configuration of the limiter. Numbers of limits are text here, since they may be
 * written as {@code 30000}, {@code 30_000}, {@code 30k} or {@code 2M}; they are read, and
 * everything is checked, when the configuration is resolved, where a mistake can be told
 * with file and line.
 *
 * @param enabled whether there are any beans of the limiter
 * @param mode whether limiters limit, only observe, or let everything pass
 * @param share part of every provider limit that this instance may use, e.g. 0.25 for
 * four instances
 * @param providers accounts at providers, by a name of your choice or that of a bundled
 * provider
 * @param models models and their limits, by a key of letters, digits and dashes; any
 * other name goes into 'name'
 * @param queue how calls wait
 * @param retry how failed calls are repeated
 * @param health what the health contributor reports
 * @param adviceOrder order of the advice around annotated methods among other advice
 */
@ConfigurationProperties(prefix = LlmRateLimitProperties.PREFIX, ignoreUnknownFields = false)
public record LlmRateLimitProperties(@DefaultValue("true") boolean enabled, @DefaultValue("enforce") LimiterMode mode,
		@DefaultValue("1.0") double share, @DefaultValue Map<String, Provider> providers,
		@DefaultValue Map<String, Model> models, @DefaultValue Queue queue, @DefaultValue Retry retry,
		@DefaultValue Health health, @DefaultValue("2147483645") int adviceOrder) {

	static final String PREFIX = "llm.ratelimit";

	/**
	 * Numbers of limits, in the short forms and the long one.
	 */
	sealed interface LimitNumbers permits Model, TierRow {

		@Nullable String rpm();

		@Nullable String tpm();

		@Nullable String itpm();

		@Nullable String otpm();

		@Nullable String rpd();

		@Nullable String tpd();

		@Nullable String rps();

		List<WindowLimit> limits();

	}

	/**
	 * An account at a provider. Two accounts at one provider are two entries with the
	 * same dialect.
	 *
	 * @param dialect whose headers and errors to read; the entry's key by default
	 * @param hosts hosts whose responses are this provider's; by default those of the
	 * bundled provider
	 * @param tier tier of the account; '1', 'Tier 1' and 'tier-1' are one. Without it no
	 * table applies
	 * @param tiers rows by tier and model, which win over the bundled ones
	 */
	public record Provider(@Nullable String dialect, @Nullable List<String> hosts, @Nullable String tier,
			@DefaultValue Map<String, Map<String, TierRow>> tiers) {

	}

	/**
	 * What a tier grants to one model.
	 *
	 * @param name what the provider calls the model; the row's key by default
	 * @param rpm requests per minute
	 * @param tpm tokens per minute, input and output together
	 * @param itpm input tokens per minute
	 * @param otpm output tokens per minute
	 * @param rpd requests per day
	 * @param tpd tokens per day
	 * @param rps requests per second
	 * @param limits any other windows
	 */
	public record TierRow(@Nullable String name, @Nullable String rpm, @Nullable String tpm, @Nullable String itpm,
			@Nullable String otpm, @Nullable String rpd, @Nullable String tpd, @Nullable String rps,
			@DefaultValue List<WindowLimit> limits) implements LimitNumbers {

	}

	/**
	 * A model and its limits. A number here replaces the tier's for the same dimension
	 * and window.
	 *
	 * @param name name under which the application knows the model; the entry's key by
	 * default
	 * @param provider entry under 'providers' or bundled provider; needed where no table,
	 * or more than one, knows the model
	 * @param model what the provider calls the model; the name by default
	 * @param aliases other names of the model
	 * @param pool budget that models of one provider share if they name the same one
	 * @param rpm requests per minute
	 * @param tpm tokens per minute, input and output together
	 * @param itpm input tokens per minute
	 * @param otpm output tokens per minute
	 * @param rpd requests per day
	 * @param tpd tokens per day
	 * @param rps requests per second
	 * @param limits any other windows
	 * @param booking when, and by which number, the provider takes a call's tokens off
	 * its limit; the provider's by default
	 * @param defaultOutputTokens tokens expected of an answer whose maximum is not
	 * stated; 512 by default
	 * @param mode whether this model's limiter limits; the general mode by default
	 */
	public record Model(@Nullable String name, @Nullable String provider, @Nullable String model,
			@DefaultValue List<String> aliases, @Nullable String pool, @Nullable String rpm, @Nullable String tpm,
			@Nullable String itpm, @Nullable String otpm, @Nullable String rpd, @Nullable String tpd,
			@Nullable String rps, @DefaultValue List<WindowLimit> limits, @Nullable Booking booking,
			@Nullable String defaultOutputTokens, @Nullable LimiterMode mode) implements LimitNumbers {

	}

	/**
	 * A limit over any window.
	 *
	 * @param dimension what is counted: requests, tokens, input-tokens or output-tokens
	 * @param amount how much of it fits into the window
	 * @param per length of the window, at least 100 ms
	 */
	public record WindowLimit(@Nullable Dimension dimension, @Nullable String amount, @Nullable Duration per) {

	}

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
	 * starts; at least a minute more than the longest wait
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
