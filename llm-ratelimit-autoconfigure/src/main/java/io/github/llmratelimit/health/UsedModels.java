package io.github.llmratelimit.health;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.llmratelimit.Cost;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.RateLimitListener;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which models the application really calls. Of the others, which a tier table
 * brings along by the dozen, nobody knows whether their calls would be answered.
 */
public final class UsedModels implements RateLimitListener {

	private final Set<LlmRateLimiter> used = ConcurrentHashMap.newKeySet();

	@Override
	public void onEnd(LlmRateLimiter limiter, Cost cost, @Nullable String tenant, @Nullable Usage usage) {
		if (!this.used.contains(limiter)) { // adding takes a lock
			this.used.add(limiter);
		}
	}

	/** Those that have been called, of some; all of them if none has been. */
	Set<LlmRateLimiter> of(Collection<LlmRateLimiter> limiters) {
		Set<LlmRateLimiter> called = new HashSet<>(limiters);
		called.retainAll(this.used);
		return called.isEmpty() ? Set.copyOf(limiters) : called;
	}

}
