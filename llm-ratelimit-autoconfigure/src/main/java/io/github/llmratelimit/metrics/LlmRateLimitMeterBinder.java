package io.github.llmratelimit.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimiterStatus;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.Priority;
import io.github.llmratelimit.engine.RateLimitListener;
import io.github.llmratelimit.learning.LimitChange;
import io.github.llmratelimit.metrics.LlmRateLimitMeter.Tag;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Publishes what limiters are doing: the gauges of {@link LlmRateLimitMeter}, for every
 * model from the start. Windows that a provider tells of later get theirs then, as far as
 * the binder is one of the limiters' listeners.
 */
public final class LlmRateLimitMeterBinder implements MeterBinder, RateLimitListener {

	private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

	private final Supplier<? extends LlmRateLimiterRegistry> limiters;

	private final List<Binding> bindings = new CopyOnWriteArrayList<>();

	/**
	 * Creates a binder.
	 * @param limiters the limiters to look at; asked when meters are bound, since
	 * limiters are made after their listeners
	 */
	public LlmRateLimitMeterBinder(Supplier<? extends LlmRateLimiterRegistry> limiters) {
		this.limiters = limiters;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		for (LlmRateLimiter limiter : this.limiters.get().limiters()) {
			Binding binding = new Binding(limiter, registry);
			// before it looks at the windows: one that comes meanwhile is not to be
			// missed
			this.bindings.add(binding);
			binding.bind();
		}
	}

	@Override
	public void onLimitChange(LlmRateLimiter limiter, LimitChange change) {
		if (change.cause() != LimitChange.Cause.FOUND) {
			return;
		}
		BudgetKey budget = limiter.limits().key();
		for (Binding binding : this.bindings) {
			if (binding.limiter.limits().key().equals(budget)) {
				binding.bindWindow(change.to());
			}
		}
	}

	/** One limiter in one registry. */
	private static final class Binding {

		private final LlmRateLimiter limiter;

		private final MeterRegistry registry;

		private final Tags tags;

		private final StatusMemo memo;

		/** Windows that have gauges, by dimension and length. */
		private final Set<List<?>> bound = ConcurrentHashMap.newKeySet();

		Binding(LlmRateLimiter limiter, MeterRegistry registry) {
			this.limiter = limiter;
			this.registry = registry;
			this.tags = LlmRateLimitMeter.tags(limiter);
			this.memo = new StatusMemo(limiter, registry.config().clock());
		}

		void bind() {
			this.limiter.limits().limits().forEach(this::bindWindow);
			for (Priority priority : Priority.values()) {
				gauge(LlmRateLimitMeter.QUEUE_SIZE,
						this.tags.and(Tag.PRIORITY.asString(), LlmRateLimitMeter.tagValue(priority)),
						(status) -> status.queuedByPriority().get(priority));
			}
			gauge(LlmRateLimitMeter.INFLIGHT, this.tags, LimiterStatus::inFlight);
			gauge(LlmRateLimitMeter.PAUSED, this.tags, (status) -> status.paused().toNanos() / NANOS_PER_SECOND);
		}

		void bindWindow(Limit limit) {
			if (!this.bound.add(Arrays.asList(limit.dimension(), limit.per()))) {
				return;
			}
			Tags ofWindow = this.tags.and(Tag.DIMENSION.asString(), LlmRateLimitMeter.tagValue(limit.dimension()),
					Tag.WINDOW.asString(), limit.window(), Tag.POOL.asString(), this.limiter.limits().key().pool());
			gauge(LlmRateLimitMeter.LIMIT, ofWindow,
					(status) -> of(status, limit, (window) -> window.limit().amount()));
			gauge(LlmRateLimitMeter.REMAINING, ofWindow,
					(status) -> of(status, limit, LimiterStatus.Window::remaining));
			gauge(LlmRateLimitMeter.UTILIZATION, ofWindow,
					(status) -> of(status, limit, LimiterStatus.Window::utilization));
		}

		private void gauge(LlmRateLimitMeter meter, Tags ofGauge, ToDoubleFunction<LimiterStatus> value) {
			StatusMemo.Reader reader = this.memo.newReader();
			meter.gauge(this.registry, ofGauge, () -> value.applyAsDouble(reader.read()));
		}

		/** A number of the window that a limit is about, whatever its amount is now. */
		private static double of(LimiterStatus status, Limit limit, ToDoubleFunction<LimiterStatus.Window> value) {
			for (LimiterStatus.Window window : status.windows()) {
				if (window.limit().dimension() == limit.dimension()
						&& Objects.equals(window.limit().per(), limit.per())) {
					return value.applyAsDouble(window);
				}
			}
			return Double.NaN;
		}

	}

}
