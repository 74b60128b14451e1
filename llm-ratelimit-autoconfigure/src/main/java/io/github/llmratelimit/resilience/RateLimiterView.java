package io.github.llmratelimit.resilience;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimiterStatus;
import io.github.llmratelimit.LlmRateLimitExceededException;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.Reservation;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.ratelimiter.event.RateLimiterOnDrainedEvent;
import org.jspecify.annotations.Nullable;

/**
 * One dimension of a limiter as a rate limiter of Resilience4j: both take from the same
 * budget and wait in the same queue, and what is taken here is never settled.
 * <p>
 * Differs from Resilience4j's own: a permit comes back when its window has passed since
 * it was taken, not at the next cycle; nobody who cannot be admitted in time waits for
 * it; nothing is promised for later, so that {@link #reservePermission(int)} never
 * answers with a wait; a new limit holds at once.
 */
final class RateLimiterView implements RateLimiter {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private final LlmRateLimiter limiter;

	private final Dimension dimension;

	private final String name;

	private final Map<String, String> tags;

	private final ViewEvents events = new ViewEvents();

	private final Metrics metrics = new ViewMetrics();

	/** What the limits do not say: the timeout and how to treat results. */
	private volatile RateLimiterConfig base;

	RateLimiterView(LlmRateLimiter limiter, Dimension dimension, RateLimiterConfig base, Map<String, String> tags) {
		this.limiter = limiter;
		this.dimension = dimension;
		this.name = name(limiter, dimension);
		this.base = base;
		this.tags = Map.copyOf(tags);
	}

	static String name(LlmRateLimiter limiter, Dimension dimension) {
		return limiter.model() + "." + dimension.id();
	}

	/** The window that a view stands for: a minute if there is one, else the shortest. */
	static @Nullable Limit limit(LlmRateLimiter limiter, Dimension dimension) {
		return limiter.limits()
			.limits()
			.stream()
			.filter((limit) -> limit.dimension() == dimension)
			.min(Comparator.comparing((Limit limit) -> !MINUTE.equals(limit.per())).thenComparing(RateLimiterView::per))
			.orElse(null);
	}

	private static Duration per(Limit limit) {
		return (limit.per() != null) ? limit.per() : Duration.ZERO;
	}

	private Limit limit() {
		Limit limit = limit(this.limiter, this.dimension);
		if (limit == null) {
			throw new IllegalStateException(
					"Model '%s' has no limit of %s any more.".formatted(this.limiter.model(), this.dimension.id()));
		}
		return limit;
	}

	@Override
	public void changeTimeoutDuration(Duration timeoutDuration) {
		this.base = RateLimiterConfig.from(this.base).timeoutDuration(timeoutDuration).build();
	}

	@Override
	public void changeLimitForPeriod(int limitForPeriod) {
		this.limiter.changeLimit(this.dimension, limit().per(), limitForPeriod);
	}

	@Override
	public boolean acquirePermission(int permits) {
		if (check(permits) == 0) {
			return true;
		}
		boolean acquired = acquire(permits);
		this.events.publish(this.name, acquired, permits);
		return acquired;
	}

	private boolean acquire(int permits) {
		CallRequest request = CallRequest.of(cost(permits)).withMaxWait(this.base.getTimeoutDuration());
		try (Unheard scope = Unheard.open(); Reservation reservation = this.limiter.acquire(request)) {
			return true;
		}
		catch (LlmRateLimitExceededException | CancellationException ex) {
			return false;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	@Override
	public long reservePermission(int permits) {
		if (check(permits) == 0) {
			return 0;
		}
		boolean reserved = tryAcquire(permits);
		this.events.publish(this.name, reserved, permits);
		return reserved ? 0 : -1;
	}

	private boolean tryAcquire(int permits) {
		try (Unheard scope = Unheard.open()) {
			Optional<Reservation> reservation = this.limiter.tryAcquire(cost(permits));
			reservation.ifPresent(Reservation::close);
			return reservation.isPresent();
		}
		catch (LlmRateLimitExceededException ex) {
			return false;
		}
	}

	/** Takes what is left now. It comes back when its window has passed. */
	@Override
	public void drainPermissions() {
		int permits = this.metrics.getAvailablePermissions();
		if (permits > 0 && tryAcquire(permits) && this.events.hasConsumers()) {
			this.events.processEvent(new RateLimiterOnDrainedEvent(this.name, permits));
		}
	}

	/** A call of the limiter itself was admitted or refused. */
	void asked(Cost cost, boolean success) {
		if (this.events.hasConsumers() && !Unheard.isOpen()) {
			int permits = clamp(cost.amount(this.dimension));
			if (permits > 0) {
				this.events.publish(this.name, success, permits);
			}
		}
	}

	private static int check(int permits) {
		if (permits < 0) {
			throw new IllegalArgumentException("Invalid permits (%d): must be positive or zero.".formatted(permits));
		}
		return permits;
	}

	private Cost cost(int permits) {
		return switch (this.dimension) {
			case REQUESTS -> new Cost(permits, 0, 0, false);
			case TOKENS -> new Cost(0, permits, 0, true);
			case INPUT_TOKENS -> new Cost(0, permits, 0, false);
			case OUTPUT_TOKENS -> new Cost(0, 0, permits, false);
			case CONCURRENT, ENQUEUED_TOKENS -> throw new IllegalStateException("Not taken over a window.");
		};
	}

	private static int clamp(long amount) {
		return (int) Math.min(amount, Integer.MAX_VALUE);
	}

	@Override
	public String getName() {
		return this.name;
	}

	@Override
	public RateLimiterConfig getRateLimiterConfig() {
		Limit limit = limit();
		return RateLimiterConfig.from(this.base)
			.limitForPeriod(clamp(limit.amount()))
			.limitRefreshPeriod(per(limit))
			.build();
	}

	@Override
	public Map<String, String> getTags() {
		return this.tags;
	}

	@Override
	public Metrics getMetrics() {
		return this.metrics;
	}

	@Override
	public EventPublisher getEventPublisher() {
		return this.events;
	}

	@Override
	public String toString() {
		return "rate limiter " + this.name;
	}

	private final class ViewMetrics implements Metrics {

		/** Calls that wait for the budget, whatever they need of it. */
		@Override
		public int getNumberOfWaitingThreads() {
			return RateLimiterView.this.limiter.status().queued();
		}

		/** What is left of the window that has the least left. */
		@Override
		public int getAvailablePermissions() {
			List<LimiterStatus.Window> windows = RateLimiterView.this.limiter.status().windows();
			return clamp(windows.stream()
				.filter((window) -> window.limit().dimension() == RateLimiterView.this.dimension)
				.mapToLong(LimiterStatus.Window::remaining)
				.min()
				.orElse(0));
		}

	}

	/**
	 * Marks a thread that asks on behalf of a view, which publishes what comes of it.
	 */
	static final class Unheard implements AutoCloseable {

		private static final ThreadLocal<@Nullable Unheard> CURRENT = new ThreadLocal<>();

		static Unheard open() {
			Unheard scope = new Unheard();
			CURRENT.set(scope);
			return scope;
		}

		static boolean isOpen() {
			return CURRENT.get() != null;
		}

		@Override
		public void close() {
			CURRENT.remove();
		}

	}

}
