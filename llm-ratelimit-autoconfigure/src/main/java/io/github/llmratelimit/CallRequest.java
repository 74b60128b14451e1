package io.github.llmratelimit;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What a caller asks of a limiter.
 *
 * @param cost what the call is expected to take
 * @param priority how urgent it is
 * @param tenant on whose behalf the call is made, {@code null} for nobody in particular
 * @param maxWait longest time the call may queue, all its attempts together; zero never
 * waits; {@code null} is the limiter's default
 * @param usageListener hears what the call took, {@code null} if nobody wants to know
 */
public record CallRequest(Cost cost, Priority priority, @Nullable String tenant, @Nullable Duration maxWait,
		@Nullable UsageListener usageListener) {

	public CallRequest {
		if (maxWait != null && maxWait.isNegative()) {
			throw new IllegalArgumentException(
					"Invalid maxWait (%s): must be positive, or zero to never wait.".formatted(maxWait));
		}
	}

	/**
	 * A request whose usage nobody wants to know.
	 * @param cost what the call is expected to take
	 * @param priority how urgent it is
	 * @param tenant on whose behalf the call is made, {@code null} for nobody
	 * @param maxWait longest time the call may queue; {@code null} is the limiter's
	 * default
	 */
	public CallRequest(Cost cost, Priority priority, @Nullable String tenant, @Nullable Duration maxWait) {
		this(cost, priority, tenant, maxWait, null);
	}

	/**
	 * A call of normal priority, for no tenant, that waits as long as the limiter's
	 * default.
	 * @param cost what the call is expected to take
	 * @return the request
	 */
	public static CallRequest of(Cost cost) {
		return new CallRequest(cost, Priority.NORMAL, null, null);
	}

	/**
	 * The same with another priority.
	 * @param newPriority how urgent the call is
	 * @return the changed request
	 */
	public CallRequest withPriority(Priority newPriority) {
		return new CallRequest(this.cost, newPriority, this.tenant, this.maxWait, this.usageListener);
	}

	/**
	 * The same for another tenant.
	 * @param newTenant on whose behalf the call is made
	 * @return the changed request
	 */
	public CallRequest withTenant(@Nullable String newTenant) {
		return new CallRequest(this.cost, this.priority, newTenant, this.maxWait, this.usageListener);
	}

	/**
	 * The same with another bound on waiting.
	 * @param newMaxWait longest time the call may queue
	 * @return the changed request
	 */
	public CallRequest withMaxWait(@Nullable Duration newMaxWait) {
		return new CallRequest(this.cost, this.priority, this.tenant, newMaxWait, this.usageListener);
	}

	/**
	 * The same with somebody who hears what the call took.
	 * @param newUsageListener told if the call succeeds and its usage is known
	 * @return the changed request
	 */
	public CallRequest withUsageListener(@Nullable UsageListener newUsageListener) {
		return new CallRequest(this.cost, this.priority, this.tenant, this.maxWait, newUsageListener);
	}

}
