package io.github.llmratelimit.metrics;

import java.util.Locale;
import java.util.function.Supplier;

import io.github.llmratelimit.LlmRateLimiter;
import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.docs.MeterDocumentation;
import org.jspecify.annotations.Nullable;

/**
 * Every meter of the limiter. All have the tags {@link Tag#MODEL} and
 * {@link Tag#PROVIDER}; values are in lower snake case, and there are only as many as the
 * configuration has models and pools. Those that count what calls took
 * ({@link #getAdditionalKeyNames()}) have the tag {@link Tag#TENANT} too, if the
 * application asks for it.
 * <p>
 * Models of one pool share one budget: each of them shows the limits, the queue and the
 * calls in flight of the whole pool, so those are not to be added up over models.
 */
public enum LlmRateLimitMeter implements MeterDocumentation {

	/**
	 * How long calls waited for budget, refused ones included. One count for every
	 * attempt of a call.
	 */
	ACQUIRE("acquire", Meter.Type.TIMER, "seconds", "Time that calls waited for budget", Tag.OUTCOME, Tag.PRIORITY),

	/**
	 * Tokens of admitted calls. What was estimated counts as soon as a call is admitted,
	 * what was used when it ends and its usage is known.
	 */
	TOKENS("tokens", Meter.Type.COUNTER, "tokens", "Tokens estimated for admitted calls, and tokens they used",
			Tag.KIND),

	/**
	 * The same call by call. Calls without cached input are left out of kind
	 * {@code cached}.
	 */
	CALL_TOKENS("call.tokens", Meter.Type.DISTRIBUTION_SUMMARY, "tokens", "Tokens of a call", Tag.KIND),

	/** The limit in force, in calls or tokens. */
	LIMIT("limit", Meter.Type.GAUGE, null, "Amount that fits into the window", Tag.DIMENSION, Tag.WINDOW, Tag.POOL),

	/** What of the limit could be admitted now, in calls or tokens. */
	REMAINING("remaining", Meter.Type.GAUGE, null, "Amount that could be admitted now", Tag.DIMENSION, Tag.WINDOW,
			Tag.POOL),

	/** The part of the limit that is in use, between 0 and 1. */
	UTILIZATION("utilization", Meter.Type.GAUGE, null, "Part of the limit that is in use, between 0 and 1",
			Tag.DIMENSION, Tag.WINDOW, Tag.POOL),

	/** Calls that wait for budget of the model's pool. */
	QUEUE_SIZE("queue.size", Meter.Type.GAUGE, "calls", "Calls that wait for budget of the model's pool", Tag.PRIORITY),

	/** Calls that were admitted to the model's pool and have not ended. */
	INFLIGHT("inflight", Meter.Type.GAUGE, "calls", "Calls admitted to the model's pool that have not ended"),

	/** What the provider answered. */
	RESPONSES("responses", Meter.Type.COUNTER, "responses", "Responses of the provider by what they mean", Tag.KIND),

	/** Attempts that followed a failed one. */
	RETRIES("retries", Meter.Type.COUNTER, "retries", "Attempts made again, by what the failure before meant",
			Tag.KIND),

	/** Seconds left of a pause that the provider asked for, 0 outside of one. */
	PAUSED("paused", Meter.Type.GAUGE, "seconds", "Time left of a pause that the provider asked for"),

	/**
	 * Used tokens of a call divided by the estimated ones. Calls whose usage is unknown
	 * are left out. Below 1 budget was held back in vain, above 1 the provider booked
	 * more than expected.
	 */
	ESTIMATE_RATIO("estimate.ratio", Meter.Type.DISTRIBUTION_SUMMARY, null,
			"Used tokens of a call divided by estimated ones"),

	/**
	 * How often what the provider says is left was found to fit another way of booking
	 * than the configured one: at most once for a budget. Above 0 a look at the
	 * {@code booking} of its models is due.
	 */
	BOOKING_MISMATCHES("booking.mismatches", Meter.Type.COUNTER, null,
			"Times that the provider was found to book otherwise than configured", Tag.SUGGESTED);

	private static final String PREFIX = "llm.ratelimit.";

	private final String name;

	private final Meter.Type type;

	private final @Nullable String baseUnit;

	private final String description;

	private final Tag[] furtherTags;

	LlmRateLimitMeter(String name, Meter.Type type, @Nullable String baseUnit, String description, Tag... furtherTags) {
		this.name = PREFIX + name;
		this.type = type;
		this.baseUnit = baseUnit;
		this.description = description;
		this.furtherTags = furtherTags;
	}

	@Override
	public String getName() {
		return this.name;
	}

	@Override
	public Meter.Type getType() {
		return this.type;
	}

	/**
	 * Returns what is counted.
	 * @return the unit, empty where it depends on a tag or there is none. Of the timer it
	 * is that of registries which count time in seconds
	 */
	@Override
	public String getBaseUnit() {
		return (this.baseUnit != null) ? this.baseUnit : "";
	}

	/**
	 * Returns what the meter says, in one sentence.
	 * @return the description that is published
	 */
	public String getDescription() {
		return this.description;
	}

	@Override
	public KeyName[] getKeyNames() {
		return KeyName.merge(new KeyName[] { Tag.MODEL, Tag.PROVIDER }, this.furtherTags);
	}

	/**
	 * Returns the tags that the meter has only if the application asks for them.
	 * @return {@link Tag#TENANT}, or nothing
	 */
	@Override
	public KeyName[] getAdditionalKeyNames() {
		return switch (this) {
			case ACQUIRE, TOKENS, CALL_TOKENS, ESTIMATE_RATIO -> new KeyName[] { Tag.TENANT };
			case LIMIT, REMAINING, UTILIZATION, QUEUE_SIZE, INFLIGHT, RESPONSES, RETRIES, PAUSED, BOOKING_MISMATCHES ->
				EMPTY;
		};
	}

	@Override
	public String getPrefix() {
		return PREFIX;
	}

	/** The tags that all meters of a model have. */
	static Tags tags(LlmRateLimiter limiter) {
		return Tags.of(Tag.MODEL.key, limiter.model(), Tag.PROVIDER.key, limiter.limits().key().provider());
	}

	static String tagValue(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT);
	}

	Timer timer(MeterRegistry registry, Tags tags) {
		return Timer.builder(this.name).description(this.description).tags(tags).register(registry);
	}

	Counter counter(MeterRegistry registry, Tags tags) {
		return Counter.builder(this.name)
			.description(this.description)
			.baseUnit(this.baseUnit)
			.tags(tags)
			.register(registry);
	}

	DistributionSummary summary(MeterRegistry registry, Tags tags) {
		return DistributionSummary.builder(this.name)
			.description(this.description)
			.baseUnit(this.baseUnit)
			.tags(tags)
			.register(registry);
	}

	void gauge(MeterRegistry registry, Tags tags, Supplier<Number> value) {
		Gauge.builder(this.name, value)
			.description(this.description)
			.baseUnit(this.baseUnit)
			.tags(tags)
			.register(registry);
	}

	/**
	 * Keys of tags.
	 */
	public enum Tag implements KeyName {

		/** The model, as the application knows it. */
		MODEL("model"),

		/** The entry of the configuration that names the provider's account. */
		PROVIDER("provider"),

		/** How asking for admission ended. */
		OUTCOME("outcome"),

		/** How urgent the call is. */
		PRIORITY("priority"),

		/**
		 * Of tokens: estimated, input, output, cached (a part of input). Of responses and
		 * retries: what the response meant.
		 */
		KIND("kind"),

		/** What a limit counts. */
		DIMENSION("dimension"),

		/** Length of a limit's window, e.g. {@code 1m}; {@code none} if it is held. */
		WINDOW("window"),

		/** Whose budget it is. */
		POOL("pool"),

		/**
		 * On whose behalf a call was made: {@code none} if nobody said, {@code other} for
		 * all beyond the number that the application allows.
		 */
		TENANT("tenant"),

		/** The way of booking that fits. */
		SUGGESTED("suggested");

		private final String key;

		Tag(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

	}

}
