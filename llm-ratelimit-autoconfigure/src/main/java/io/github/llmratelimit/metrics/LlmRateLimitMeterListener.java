package io.github.llmratelimit.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.AcquireOutcome;
import io.github.llmratelimit.engine.RateLimitListener;
import io.github.llmratelimit.provider.SignalKind;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Counts what limiters do, in the meters of {@link LlmRateLimitMeter} that aren't gauges.
 * The gauges are {@link LlmRateLimitMeterBinder}'s.
 * <p>
 * The registry is asked for with the first event, not before: limiters are made early in
 * the life of an application, and their listeners must not draw everything that meters
 * depend on along.
 */
public final class LlmRateLimitMeterListener implements RateLimitListener {

	private final Supplier<? extends @Nullable MeterRegistry> registry;

	private final @Nullable TenantTags tenants;

	private final Map<LlmRateLimiter, ModelMeters> meters = new ConcurrentHashMap<>();

	private volatile boolean noRegistry;

	/**
	 * Creates a listener whose meters are not tagged by tenant.
	 * @param registry asked once there is something to count; if it has none, nothing is
	 * ever counted
	 */
	public LlmRateLimitMeterListener(Supplier<? extends @Nullable MeterRegistry> registry) {
		this.registry = registry;
		this.tenants = null;
	}

	/**
	 * Creates a listener whose meters of calls are tagged by tenant.
	 * @param registry asked once there is something to count; if it has none, nothing is
	 * ever counted
	 * @param maxTenants how many tenants, of all models together, have a tag of their
	 * own; those seen later are {@code other}
	 */
	public LlmRateLimitMeterListener(Supplier<? extends @Nullable MeterRegistry> registry, int maxTenants) {
		this.registry = registry;
		this.tenants = new TenantTags(maxTenants);
	}

	@Override
	public void onAcquire(LlmRateLimiter limiter, CallRequest request, AcquireOutcome outcome, long waitedNanos) {
		ModelMeters of = meters(limiter);
		if (of != null) {
			of.callsOf(request.tenant()).acquired(outcome, request, waitedNanos);
		}
	}

	@Override
	public void onEnd(LlmRateLimiter limiter, Cost cost, @Nullable String tenant, @Nullable Usage usage) {
		ModelMeters of = (usage != null) ? meters(limiter) : null;
		if (usage != null && of != null) {
			of.callsOf(tenant).used(cost, usage);
		}
	}

	@Override
	public void onResponse(LlmRateLimiter limiter, SignalKind kind) {
		ModelMeters of = meters(limiter);
		if (of != null) {
			of.responded(kind);
		}
	}

	@Override
	public void onRetry(LlmRateLimiter limiter, SignalKind kind) {
		ModelMeters of = meters(limiter);
		if (of != null) {
			of.retried(kind);
		}
	}

	@Override
	public void onBookingMismatch(LlmRateLimiter limiter, Booking suggested) {
		ModelMeters of = meters(limiter);
		if (of != null) {
			of.mismatched(suggested);
		}
	}

	private @Nullable ModelMeters meters(LlmRateLimiter limiter) {
		ModelMeters known = this.meters.get(limiter);
		return (known != null || this.noRegistry) ? known : create(limiter);
	}

	// not computeIfAbsent: a registry may do much before it answers, even make a call
	private @Nullable ModelMeters create(LlmRateLimiter limiter) {
		MeterRegistry found = this.registry.get();
		if (found == null) {
			this.noRegistry = true;
			return null;
		}
		// made twice by two threads it is the same: a registry has every meter once
		ModelMeters created = new ModelMeters(limiter, found, this.tenants);
		this.meters.put(limiter, created);
		return created;
	}

}
