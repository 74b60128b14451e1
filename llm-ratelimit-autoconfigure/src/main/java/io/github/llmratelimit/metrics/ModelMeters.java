package io.github.llmratelimit.metrics;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.metrics.LlmRateLimitMeter.Tag;
import io.github.llmratelimit.provider.SignalKind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import org.jspecify.annotations.Nullable;

/**
 * The meters that count what one limiter does.
 */
final class ModelMeters {

	/*
	 * Found by index, never by name
	 *
	 * Asking a registry for a meter builds tags, an id and a hash: microseconds and
	 * kilobytes a call. Here every meter is asked for once and then found by the ordinals
	 * of enums, so that counting allocates nothing. Where meters are tagged by tenant,
	 * two look-ups by its name come before that, and none where they are not.
	 *
	 * Which meters are made at once? A counter that appears with its first increment
	 * hides that increment from whoever computes a rate, and the first 429 is the one
	 * that matters: tokens and responses are all there, at 0, from a model's first call
	 * on (a tenant's tokens, from its own first call on). The timer has 36 combinations
	 * of outcome and priority, three time series each, of which a service sees a few:
	 * those, and retries, appear when they happen.
	 */

	private static final SignalKind[] SIGNAL_KINDS = SignalKind.values();

	private final MeterRegistry registry;

	private final Tags tags;

	private final AtomicReferenceArray<Counter> retries = new AtomicReferenceArray<>(SIGNAL_KINDS.length);

	private final Counter[] responses;

	private final Map<Booking, Counter> mismatches = new EnumMap<>(Booking.class);

	/** Those of all calls; {@code null} where each tenant has its own. */
	private final @Nullable CallMeters calls;

	private final @Nullable TenantTags tenants;

	private final Map<String, CallMeters> callsByTag = new ConcurrentHashMap<>();

	/**
	 * Creates the meters.
	 * @param tenants gives tenants their tags, {@code null} if they have none
	 */
	ModelMeters(LlmRateLimiter limiter, MeterRegistry registry, @Nullable TenantTags tenants) {
		this.registry = registry;
		this.tenants = tenants;
		this.tags = LlmRateLimitMeter.tags(limiter);
		this.responses = new Counter[SIGNAL_KINDS.length];
		for (SignalKind kind : SIGNAL_KINDS) {
			this.responses[kind.ordinal()] = LlmRateLimitMeter.RESPONSES.counter(registry, with(Tag.KIND, kind));
		}
		for (Booking booking : Booking.values()) {
			if (booking != limiter.limits().booking()) {
				this.mismatches.put(booking,
						LlmRateLimitMeter.BOOKING_MISMATCHES.counter(registry, with(Tag.SUGGESTED, booking)));
			}
		}
		this.calls = (tenants == null) ? new CallMeters(registry, this.tags) : null;
	}

	/** The meters for calls of a tenant. */
	CallMeters callsOf(@Nullable String tenant) {
		CallMeters all = this.calls;
		return (all != null) ? all : callsTagged((this.tenants != null) ? this.tenants.of(tenant) : TenantTags.NONE);
	}

	private CallMeters callsTagged(String tag) {
		CallMeters known = this.callsByTag.get(tag);
		if (known == null) {
			// made twice by two threads it is the same: a registry has every meter once
			known = new CallMeters(this.registry, this.tags.and(Tag.TENANT.asString(), tag));
			this.callsByTag.put(tag, known);
		}
		return known;
	}

	void responded(SignalKind kind) {
		this.responses[kind.ordinal()].increment();
	}

	void retried(SignalKind kind) {
		Counter counter = this.retries.get(kind.ordinal());
		if (counter == null) {
			counter = LlmRateLimitMeter.RETRIES.counter(this.registry, with(Tag.KIND, kind));
			this.retries.set(kind.ordinal(), counter);
		}
		counter.increment();
	}

	void mismatched(Booking suggested) {
		Counter counter = this.mismatches.get(suggested);
		if (counter != null) {
			counter.increment();
		}
	}

	private Tags with(Tag tag, Enum<?> value) {
		return this.tags.and(tag.asString(), LlmRateLimitMeter.tagValue(value));
	}

}
