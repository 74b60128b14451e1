package io.github.llmratelimit.resilience;

import io.github.resilience4j.core.EventConsumer;
import io.github.resilience4j.core.EventProcessor;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.event.RateLimiterEvent;
import io.github.resilience4j.ratelimiter.event.RateLimiterOnFailureEvent;
import io.github.resilience4j.ratelimiter.event.RateLimiterOnSuccessEvent;

/**
 * The events of one view. None is made if nobody listens.
 */
final class ViewEvents extends EventProcessor<RateLimiterEvent> implements RateLimiter.EventPublisher {

	@Override
	public RateLimiter.EventPublisher onSuccess(EventConsumer<RateLimiterOnSuccessEvent> consumer) {
		registerConsumer(RateLimiterOnSuccessEvent.class.getName(), consumer);
		return this;
	}

	@Override
	public RateLimiter.EventPublisher onFailure(EventConsumer<RateLimiterOnFailureEvent> consumer) {
		registerConsumer(RateLimiterOnFailureEvent.class.getName(), consumer);
		return this;
	}

	void publish(String name, boolean success, int permits) {
		if (hasConsumers()) {
			processEvent(success ? new RateLimiterOnSuccessEvent(name, permits)
					: new RateLimiterOnFailureEvent(name, permits));
		}
	}

}
