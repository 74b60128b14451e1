package io.github.llmratelimit.engine;

import java.util.Locale;

import io.github.llmratelimit.LlmRateLimitExceededException.Reason;

/**
 * How asking for admission ended.
 */
public enum AcquireOutcome {

	/** The call may start. */
	ADMITTED,

	/** Refused, see {@link Reason#WAIT_TOO_LONG}. */
	WAIT_TOO_LONG,

	/** Refused, see {@link Reason#QUEUE_FULL}. */
	QUEUE_FULL,

	/** Refused, see {@link Reason#REQUEST_TOO_LARGE}. */
	REQUEST_TOO_LARGE,

	/** Refused, see {@link Reason#TENANT_LIMIT}. */
	TENANT_LIMIT,

	/** Refused, see {@link Reason#DAY_LIMIT}. */
	DAY_LIMIT,

	/** Refused, see {@link Reason#QUOTA_EXHAUSTED}. */
	QUOTA_EXHAUSTED,

	/** Refused, see {@link Reason#PAUSED}. */
	PAUSED,

	/** Given up by the caller, or the application stopped. */
	CANCELLED,

	/** The waiting thread was interrupted. */
	INTERRUPTED,

	/** Only observed: the call would have waited. */
	WOULD_WAIT,

	/** Only observed: the call would have been refused. */
	WOULD_REFUSE;

	private final String id = name().toLowerCase(Locale.ROOT);

	/**
	 * Returns the name used in meters.
	 * @return the name in lower snake case
	 */
	public String id() {
		return this.id;
	}

	static AcquireOutcome of(Reason reason) {
		return valueOf(reason.name());
	}

}
