package io.github.llmratelimit.aop;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.UnknownLlmModelException;

/**
 * A registry of {@link FakeLimiter}s.
 */
public final class FakeRegistry implements LlmRateLimiterRegistry {

	private final Map<String, FakeLimiter> limiters = new LinkedHashMap<>();

	public FakeRegistry(String... models) {
		for (String model : models) {
			this.limiters.put(model, new FakeLimiter(model));
		}
	}

	@Override
	public FakeLimiter limiter(String model) {
		FakeLimiter limiter = this.limiters.get(model);
		if (limiter == null) {
			throw new UnknownLlmModelException(model, this.limiters.keySet());
		}
		return limiter;
	}

	@Override
	public Optional<LlmRateLimiter> find(String model) {
		return Optional.ofNullable(this.limiters.get(model));
	}

	@Override
	public Collection<LlmRateLimiter> limiters() {
		return List.copyOf(this.limiters.values());
	}

	/** Number of calls that a model's limiter was asked for. */
	public int calls(String model) {
		return limiter(model).requests().size();
	}

}
