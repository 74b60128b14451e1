package io.github.llmratelimit;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A limiter at one instant, for people and meters to look at.
 *
 * @param state what the limiter is doing
 * @param windows every limit with what is left of it
 * @param queuedByPriority calls that wait for budget, a number for every priority
 * @param inFlight calls that were admitted and have not ended
 * @param paused how long the provider's last refusal still holds calls back; zero if it
 * does not
 */
public record LimiterStatus(State state, List<Window> windows, Map<Priority, Integer> queuedByPriority, int inFlight,
		Duration paused) {

	public LimiterStatus {
		windows = List.copyOf(windows);
		Map<Priority, Integer> complete = new EnumMap<>(Priority.class);
		for (Priority priority : Priority.values()) {
			complete.put(priority, queuedByPriority.getOrDefault(priority, 0));
		}
		queuedByPriority = Collections.unmodifiableMap(complete);
	}

	/**
	 * Calls that wait for budget, of all priorities.
	 * @return the number of calls
	 */
	public int queued() {
		int queued = 0;
		for (int each : this.queuedByPriority.values()) {
			queued += each;
		}
		return queued;
	}

	/** What a limiter is doing. */
	public enum State {

		/** Calls are admitted as they come. */
		OK,

		/** Calls wait for budget. */
		QUEUEING,

		/** The provider refused a call and all wait until its hint has passed. */
		PAUSED,

		/** The account's money or quota is used up. */
		QUOTA_EXHAUSTED,

		/** The provider does not accept the credentials. */
		REFUSED_KEY

	}

	/**
	 * One limit with what is left of it.
	 *
	 * @param limit the limit in force
	 * @param remaining what could be admitted now; never negative
	 */
	public record Window(Limit limit, long remaining) {

		/**
		 * The part of the limit that is in use.
		 * @return between 0 and 1
		 */
		public double utilization() {
			return 1 - (double) this.remaining / this.limit.amount();
		}

	}

}
