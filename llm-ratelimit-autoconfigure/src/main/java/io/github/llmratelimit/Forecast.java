package io.github.llmratelimit;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * When a call would be admitted if it were made now and none came after it. Exact up to a
 * queue of 250 calls, as far as calls in flight do not end and give back; estimated
 * beyond.
 *
 * @param waitTime how long it would wait; zero if it need not
 * @param dimension the dimension that makes it wait, {@code null} if none does
 * @param ahead how many calls start before it
 * @param tenantLimit whether that dimension is limited for the tenant, and not only for
 * all
 */
public record Forecast(Duration waitTime, @Nullable Dimension dimension, int ahead, boolean tenantLimit) {

	/**
	 * A forecast that no limit of a tenant decides.
	 * @param waitTime how long the call would wait
	 * @param dimension the dimension that makes it wait, {@code null} if none does
	 * @param ahead how many calls start before it
	 */
	public Forecast(Duration waitTime, @Nullable Dimension dimension, int ahead) {
		this(waitTime, dimension, ahead, false);
	}

	/**
	 * Whether the call would start at once.
	 * @return {@code true} if it need not wait
	 */
	public boolean isImmediate() {
		return this.waitTime.isZero();
	}

}
