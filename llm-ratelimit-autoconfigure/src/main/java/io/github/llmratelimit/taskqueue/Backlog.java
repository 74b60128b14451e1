package io.github.llmratelimit.taskqueue;

import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.LimiterStatus.Window;
import io.github.llmratelimit.LlmRateLimiter;

/**
 * What the waiting tasks need of each model, and how long that takes. Not safe for
 * threads.
 */
final class Backlog {

	private final Map<LlmRateLimiter, Map<Dimension, Long>> waiting = new HashMap<>();

	void add(LlmRateLimiter limiter, Cost cost) {
		Map<Dimension, Long> sums = this.waiting.computeIfAbsent(limiter, (key) -> new EnumMap<>(Dimension.class));
		for (Dimension dimension : Dimension.values()) {
			sums.merge(dimension, cost.amount(dimension), Long::sum);
		}
	}

	void remove(LlmRateLimiter limiter, Cost cost) {
		Map<Dimension, Long> sums = this.waiting.getOrDefault(limiter, Map.of());
		for (Dimension dimension : sums.keySet()) {
			sums.merge(dimension, -cost.amount(dimension), Long::sum);
		}
	}

	/** A copy to be asked without the queue's lock. */
	Backlog copy() {
		Backlog copy = new Backlog();
		this.waiting.forEach((limiter, sums) -> copy.waiting.put(limiter, new EnumMap<>(sums)));
		return copy;
	}

	/**
	 * How long the budgets take to give what is waited for, if nobody else used them:
	 * what is left now comes at once, the rest at the pace of the tightest window.
	 */
	Duration untilGiven() {
		double seconds = 0;
		for (Map.Entry<LlmRateLimiter, Map<Dimension, Long>> entry : this.waiting.entrySet()) {
			for (Window window : entry.getKey().status().windows()) {
				Duration per = window.limit().per();
				long needed = entry.getValue().getOrDefault(window.limit().dimension(), 0L) - window.remaining();
				if (per != null && needed > 0) {
					seconds = Math.max(seconds, (double) needed / window.limit().amount() * per.toMillis() / 1000);
				}
			}
		}
		return Duration.ofMillis(Math.round(seconds * 1000));
	}

}
