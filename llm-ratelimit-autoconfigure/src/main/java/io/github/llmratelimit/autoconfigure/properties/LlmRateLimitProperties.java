package io.github.llmratelimit.autoconfigure.properties;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.CostRule;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.engine.LimiterMode;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;

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
 * @param tenants what tenants may use of each pool, and how they share it
 * @param queue how calls wait
 * @param throttle what may hold calls back while budget is left
 * @param taskQueue how many jobs are worked on and may wait
 * @param retry how failed calls are repeated
 * @param learning what is taken from the provider's responses
 * @param metrics how meters are tagged
 * @param web what a web application answers for refused calls
 * @param health what the health contributor reports
 * @param adviceOrder order of the advice around annotated methods among other advice
 * @param store where budgets are kept; only 'local', in this instance's memory, is there
 */
@ConfigurationProperties(prefix = LlmRateLimitProperties.PREFIX, ignoreUnknownFields = false)
public record LlmRateLimitProperties(@DefaultValue("true") boolean enabled, @DefaultValue("enforce") LimiterMode mode,
		@DefaultValue("1.0") double share, @DefaultValue Map<String, Provider> providers,
		@DefaultValue Map<String, Model> models, @DefaultValue Tenants tenants, @DefaultValue Queue queue,
		@DefaultValue Throttle throttle, @DefaultValue TaskQueue taskQueue, @DefaultValue Retry retry,
		@DefaultValue Learning learning, @DefaultValue Metrics metrics, @DefaultValue Web web,
		@DefaultValue Health health, @DefaultValue("2147483645") int adviceOrder, @DefaultValue("local") String store) {

	/** What the names of all properties begin with. */
	public static final String PREFIX = "llm.ratelimit";

	/** Name of the map of providers. */
	public static final String PROVIDERS = PREFIX + ".providers";

	/** Name of the map of models. */
	public static final String MODELS = PREFIX + ".models";

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
	 * @param concurrent calls in progress at one time
	 * @param enqueuedTokens tokens of batch jobs that are not yet worked off
	 * @param limits any other windows
	 */
	public record TierRow(@Nullable String name, @Nullable String rpm, @Nullable String tpm, @Nullable String itpm,
			@Nullable String otpm, @Nullable String rpd, @Nullable String tpd, @Nullable String rps,
			@Nullable String concurrent, @Nullable String enqueuedTokens,
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
	 * @param concurrent calls in progress at one time
	 * @param enqueuedTokens tokens of batch jobs that are not yet worked off
	 * @param limits any other windows
	 * @param learn whether the model may start without limits on requests or tokens: with
	 * 60 requests and 10,000 tokens per minute, until the provider tells its limits
	 * @param booking when, and by which number, the provider takes a call's tokens off
	 * its limit; the provider's by default
	 * @param strict whether no refusal is acceptable: where real tokens count ('booking:
	 * actual'), twice as much room is kept free for calls that use more than expected,
	 * which costs up to a few percent of the limit; changes nothing otherwise
	 * @param cost how the provider puts input and output together for limits on tokens;
	 * the provider's by default
	 * @param outputWeight how much one output token counts; the provider's by default
	 * @param cachedInputWeight how much one input token counts that came from the
	 * provider's cache; the provider's by default
	 * @param defaultOutputTokens tokens expected of an answer whose maximum is not
	 * stated; 512 by default
	 * @param fallbackModels models to try in this order where this one has no budget soon
	 * enough
	 * @param fallbackAfter how long a call may wait before a fallback model is preferred;
	 * the call's longest wait by default
	 * @param mode whether this model's limiter limits; the general mode by default
	 */
	public record Model(@Nullable String name, @Nullable String provider, @Nullable String model,
			@DefaultValue List<String> aliases, @Nullable String pool, @Nullable String rpm, @Nullable String tpm,
			@Nullable String itpm, @Nullable String otpm, @Nullable String rpd, @Nullable String tpd,
			@Nullable String rps, @Nullable String concurrent, @Nullable String enqueuedTokens,
			@DefaultValue List<WindowLimit> limits, @DefaultValue("false") boolean learn, @Nullable Booking booking,
			@DefaultValue("false") boolean strict, CostRule.@Nullable Formula cost, @Nullable Double outputWeight,
			@Nullable Double cachedInputWeight, @Nullable String defaultOutputTokens,
			@DefaultValue List<String> fallbackModels, @Nullable Duration fallbackAfter,
			@Nullable LimiterMode mode) implements LimitNumbers {

	}

	/**
	 * A limit over any window, or on what is held.
	 *
	 * @param dimension what is counted: requests, tokens, input-tokens, output-tokens,
	 * concurrent or enqueued-tokens
	 * @param amount how much of it fits into the window, or may be held at one time
	 * @param per length of the window, at least 100 ms; none for what is held
	 */
	public record WindowLimit(@Nullable Dimension dimension, @Nullable String amount, @Nullable Duration per) {

	}

	/**
	 * What tenants may use. Without any limit they share a contended budget fairly.
	 *
	 * @param standard what every tenant may use
	 * @param overrides what single tenants may use, by a key of letters, digits and
	 * dashes; any other identifier goes into 'id'. What is not stated here is as for
	 * every tenant
	 */
	public record Tenants(@DefaultValue @Name("default") Tenant standard, @DefaultValue Map<String, Tenant> overrides) {

	}

	/**
	 * What a tenant may use of each pool. Not multiplied by 'share'.
	 *
	 * @param id identifier of the tenant; the entry's key by default
	 * @param weight share of a contended budget relative to other tenants, from 1 to
	 * 1000; 1 by default
	 * @param rpm requests per minute
	 * @param tpm tokens per minute, input and output together
	 * @param itpm input tokens per minute
	 * @param otpm output tokens per minute
	 * @param rpd requests per day
	 * @param tpd tokens per day
	 * @param rps requests per second
	 * @param concurrent calls in progress at one time
	 * @param enqueuedTokens tokens of batch jobs that are not yet worked off
	 * @param limits any other windows
	 */
	public record Tenant(@Nullable String id, @Nullable Integer weight, @Nullable String rpm, @Nullable String tpm,
			@Nullable String itpm, @Nullable String otpm, @Nullable String rpd, @Nullable String tpd,
			@Nullable String rps, @Nullable String concurrent, @Nullable String enqueuedTokens,
			@DefaultValue List<WindowLimit> limits) implements LimitNumbers {

	}

	/**
	 * How calls wait.
	 *
	 * @param maxWait longest time that a call waits for budget, all its attempts
	 * together; zero never waits
	 * @param capacity calls that may wait for one budget; those of a tenant that its own
	 * limits hold back may be half of what others leave
	 * @param ageing time after which a waiting call counts as one priority higher, so
	 * short that a call of the lowest priority ages twice within the longest wait; by
	 * default a third of that if it is less than 90 s; zero never
	 * @param backfill how many calls behind the first may pass it if it starts no later
	 * for that, from 0 to 8
	 * @param guard how much longer than its window an amount is held, for the jitter of
	 * the network; by default 60 ms or 0.1 % of the window, whichever is more, and at
	 * most one second
	 */
	public record Queue(@DefaultValue("90s") Duration maxWait, @DefaultValue("10000") int capacity,
			@DefaultValue("30s") Duration ageing, @DefaultValue("4") int backfill, @Nullable Duration guard) {

	}

	/**
	 * What may hold calls back while budget is left.
	 *
	 * @param lowWatermark part of a limit: when less is left, that rest is spread over
	 * the time until budget comes back; 0 never
	 * @param maxShareOfRemaining part of what is left that one call may take at once; 1
	 * is all of it
	 */
	public record Throttle(@DefaultValue("0.2") double lowWatermark, @DefaultValue("1.0") double maxShareOfRemaining) {

	}

	/**
	 * How many jobs of the task queue are worked on and may wait.
	 *
	 * @param workers jobs of each model that are worked on at one time
	 * @param capacity jobs that may wait
	 */
	public record TaskQueue(@DefaultValue("16") int workers, @DefaultValue("100000") int capacity) {

	}

	/**
	 * How failed calls are repeated.
	 *
	 * @param maxAttempts attempts of one call, the first one included
	 * @param baseDelay first delay after a rate limit without a hint; doubles with each
	 * attempt
	 * @param maxDelay longest delay without a hint
	 * @param jitter part of a delay that is drawn at random
	 * @param serverErrorBaseDelay first delay after an error of the provider's server; a
	 * provider without capacity is left alone by all calls for that long at first
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
	 * What is taken from the provider's responses.
	 *
	 * @param limits whether limits in headers become the limit
	 * @param remaining whether a remaining amount that is lower than expected caps the
	 * limit
	 * @param credit whether a remaining amount that is higher than expected may be used
	 * @param outputTokens whether reported usage replaces 'default-output-tokens'
	 */
	public record Learning(@DefaultValue("true") boolean limits, @DefaultValue("true") boolean remaining,
			@DefaultValue("true") boolean credit, @DefaultValue("true") boolean outputTokens) {

	}

	/**
	 * How meters are tagged.
	 *
	 * @param tenantTag whether meters of calls have the tag 'tenant'
	 * @param maxTenants tenants that get a tag of their own; all further ones are 'other'
	 */
	public record Metrics(@DefaultValue("false") boolean tenantTag, @DefaultValue("100") int maxTenants) {

	}

	/**
	 * What a web application answers for refused calls.
	 *
	 * @param problemDetails whether refusals become problem details of RFC 9457
	 */
	public record Web(@DefaultValue("true") boolean problemDetails) {

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
