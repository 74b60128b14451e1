package io.github.llmratelimit.resilience;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.engine.AcquireOutcome;
import io.github.llmratelimit.engine.RateLimitListener;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.ratelimiter.RateLimiterRegistry;

/**
 * Shows every limiter to Resilience4j as rate limiters of one dimension each, e.g.
 * {@code gpt-4o.requests} and {@code gpt-4o.tokens}, that take from the same budget. As a
 * listener of the limiters it publishes the events of the views for limited calls too, if
 * somebody listens.
 */
public final class RateLimiterViews implements RateLimitListener {

	private static final List<Dimension> DIMENSIONS = List.of(Dimension.REQUESTS, Dimension.TOKENS,
			Dimension.INPUT_TOKENS, Dimension.OUTPUT_TOKENS);

	private final RateLimiterConfig defaults;

	private volatile Map<LlmRateLimiter, List<RateLimiterView>> views = Map.of();

	/**
	 * Creates views that are registered later.
	 * @param timeout longest time that a caller of a view waits by default
	 */
	public RateLimiterViews(Duration timeout) {
		this.defaults = RateLimiterConfig.custom().timeoutDuration(timeout).build();
	}

	/**
	 * Puts the views of limiters into a registry, for each dimension that is limited. A
	 * rate limiter of that name which the registry has already is left alone. A
	 * configuration of that name decides about the timeout; limits are the limiter's.
	 * @param registry the registry
	 * @param limiters the limiters
	 */
	public synchronized void register(RateLimiterRegistry registry, Collection<? extends LlmRateLimiter> limiters) {
		Map<LlmRateLimiter, List<RateLimiterView>> all = new IdentityHashMap<>(this.views);
		for (LlmRateLimiter limiter : limiters) {
			List<RateLimiterView> own = new ArrayList<>(all.getOrDefault(limiter, List.of()));
			for (Dimension dimension : DIMENSIONS) {
				String name = RateLimiterView.name(limiter, dimension);
				if (RateLimiterView.limit(limiter, dimension) != null && registry.find(name).isEmpty()) {
					own.add(register(registry, limiter, dimension));
				}
			}
			all.put(limiter, List.copyOf(own));
		}
		this.views = all;
	}

	private RateLimiterView register(RateLimiterRegistry registry, LlmRateLimiter limiter, Dimension dimension) {
		String name = RateLimiterView.name(limiter, dimension);
		RateLimiterConfig base = registry.getConfiguration(name).orElse(this.defaults);
		RateLimiterView view = new RateLimiterView(limiter, dimension, base, registry.getTags());
		// a registry only takes in what it has made itself, but lets it be replaced
		RateLimiter placeholder = registry.rateLimiter(name, base);
		registry.replace(placeholder.getName(), view);
		return view;
	}

	@Override
	public void onAcquire(LlmRateLimiter limiter, CallRequest request, AcquireOutcome outcome, long waitedNanos) {
		List<RateLimiterView> own = this.views.get(limiter);
		if (own == null) {
			return;
		}
		boolean success = switch (outcome) {
			case ADMITTED, WOULD_WAIT, WOULD_REFUSE -> true;
			case WAIT_TOO_LONG, QUEUE_FULL, REQUEST_TOO_LARGE, TENANT_LIMIT, DAY_LIMIT, QUOTA_EXHAUSTED, PAUSED,
					CANCELLED, INTERRUPTED ->
				false;
		};
		for (RateLimiterView view : own) {
			view.asked(request.cost(), success);
		}
	}

}
