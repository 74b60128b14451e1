package io.github.llmratelimit.health;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimiterStatus;
import io.github.llmratelimit.LimiterStatus.State;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.LlmRateLimiterRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Shows what every model's limiter is doing, sorted by the name of the model: its state,
 * its limits with what is left of them, and how many calls wait and run. Models of one
 * pool share one budget and show the same numbers.
 * <p>
 * The status is {@code UP} whatever the limiters do: a busy or exhausted account is no
 * reason to take an instance out of service, since every other instance has the same
 * account. An application that can do nothing without its models may ask for
 * {@code OUT_OF_SERVICE} once every model that it calls has an exhausted account or a
 * refused key. That ends when a call is answered again, so an instance that gets no
 * requests while it is out of service must make a call by itself.
 * <p>
 * Looks at counters in memory, one short lock per model, and calls no provider.
 */
public final class LlmRateLimitHealthIndicator implements HealthIndicator {

	private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

	private final LlmRateLimiterRegistry limiters;

	private final @Nullable UsedModels judged;

	/**
	 * Creates an indicator.
	 * @param limiters the limiters to look at
	 * @param judged the models that decide between {@code UP} and {@code OUT_OF_SERVICE};
	 * {@code null} for always {@code UP}
	 */
	public LlmRateLimitHealthIndicator(LlmRateLimiterRegistry limiters, @Nullable UsedModels judged) {
		this.limiters = limiters;
		this.judged = judged;
	}

	@Override
	public Health health() {
		Health.Builder health = Health.up();
		try {
			List<Look> looks = this.limiters.limiters().stream().map(Look::at).toList();
			looks.stream()
				.sorted(Comparator.comparing((look) -> look.limiter().model()))
				.forEach((look) -> health.withDetail(look.limiter().model(), look.details()));
			return (isOutOfService(looks) ? health.outOfService() : health).build();
		}
		catch (RuntimeException ex) {
			// somebody's own registry is broken: that must not take the instance down
			return Health.unknown().withException(ex).build();
		}
	}

	private boolean isOutOfService(List<Look> looks) {
		if (this.judged == null || looks.isEmpty()) {
			return false;
		}
		Set<LlmRateLimiter> deciding = this.judged.of(looks.stream().map(Look::limiter).toList());
		return looks.stream().filter((look) -> deciding.contains(look.limiter())).noneMatch(Look::mayAnswer);
	}

	/**
	 * One limiter as it was found.
	 *
	 * @param limiter the limiter
	 * @param state what it was doing, {@code null} if it could not say
	 * @param details what to show of it
	 */
	private record Look(LlmRateLimiter limiter, @Nullable State state, Map<String, Object> details) {

		static Look at(LlmRateLimiter limiter) {
			try {
				LimiterStatus status = limiter.status();
				return new Look(limiter, status.state(), describe(limiter.limits().key(), limiter.model(), status));
			}
			catch (RuntimeException ex) {
				return new Look(limiter, null, Map.of("state", "unknown", "error", ex.toString()));
			}
		}

		private static Map<String, Object> describe(BudgetKey key, String model, LimiterStatus status) {
			Map<String, Object> details = new LinkedHashMap<>();
			details.put("state", lowerCase(status.state()));
			details.put("provider", key.provider());
			if (!key.pool().equals(model)) {
				details.put("pool", key.pool());
			}
			details.put("queued", status.queued());
			details.put("inFlight", status.inFlight());
			if (!status.paused().isZero()) {
				details.put("pausedSeconds", status.paused().toNanos() / NANOS_PER_SECOND);
			}
			Map<String, Object> limits = new LinkedHashMap<>();
			for (LimiterStatus.Window window : status.windows()) {
				limits.put(name(window.limit()), describe(window));
			}
			details.put("limits", limits);
			return details;
		}

		private static Map<String, Object> describe(LimiterStatus.Window window) {
			Map<String, Object> numbers = new LinkedHashMap<>();
			numbers.put("limit", window.limit().amount());
			numbers.put("remaining", window.remaining());
			numbers.put("origin", lowerCase(window.limit().origin()));
			return numbers;
		}

		/** A limit in short: {@code tokens/1m}, or {@code concurrent} if it is held. */
		private static String name(Limit limit) {
			String dimension = limit.dimension().id();
			return limit.dimension().isHeld() ? dimension : dimension + "/" + limit.window();
		}

		private static String lowerCase(Enum<?> value) {
			return value.name().toLowerCase(Locale.ROOT);
		}

		/**
		 * Whether a call may be answered: who could not say gets the benefit of doubt.
		 */
		boolean mayAnswer() {
			return this.state != State.QUOTA_EXHAUSTED && this.state != State.REFUSED_KEY;
		}

	}

}
