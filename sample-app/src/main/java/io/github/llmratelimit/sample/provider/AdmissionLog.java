package io.github.llmratelimit.sample.provider;

import java.time.Duration;
import java.util.ArrayDeque;

/**
 * Everything that a model admitted lately, and the most that any interval of the window's
 * length ever held. It is kept apart from the {@link Enforcement} so that it proves, or
 * disproves, what that one promises.
 */
final class AdmissionLog {

	/**
	 * How long admissions are remembered: longer than the longest load.
	 */
	static final Duration RETENTION = Duration.ofMinutes(20);

	private final long windowNanos;

	private final ArrayDeque<Admission> history = new ArrayDeque<>();

	private final ArrayDeque<Admission> window = new ArrayDeque<>();

	private long windowTokens;

	private long maxTokens;

	private int maxRequests;

	AdmissionLog(long windowNanos) {
		this.windowNanos = windowNanos;
	}

	void add(long now, long tokens) {
		Admission admission = new Admission(now, tokens);
		this.history.addLast(admission);
		while (now - this.history.getFirst().at() > RETENTION.toNanos()) {
			this.history.removeFirst();
		}
		expire(now);
		this.window.addLast(admission);
		this.windowTokens += tokens;
		this.maxTokens = Math.max(this.maxTokens, this.windowTokens);
		this.maxRequests = Math.max(this.maxRequests, this.window.size());
	}

	/**
	 * Returns the tokens admitted in an interval.
	 * @param from its first tick, at most {@link #RETENTION} ago
	 * @param to the first tick after it
	 * @return the sum of the admitted tokens
	 */
	long tokensBetween(long from, long to) {
		long sum = 0;
		for (Admission admission : this.history) {
			if (admission.at() - from >= 0 && admission.at() - to < 0) {
				sum += admission.tokens();
			}
		}
		return sum;
	}

	long tokensInWindow(long now) {
		expire(now);
		return this.windowTokens;
	}

	/**
	 * Returns the most tokens that any interval of the window's length held so far.
	 * @return the largest sum since the start
	 */
	long maxTokens() {
		return this.maxTokens;
	}

	/**
	 * Returns the most requests that any interval of the window's length held so far.
	 * @return the largest count since the start
	 */
	int maxRequests() {
		return this.maxRequests;
	}

	private void expire(long now) {
		Admission oldest = this.window.peekFirst();
		while (oldest != null && now - oldest.at() >= this.windowNanos) {
			this.windowTokens -= this.window.removeFirst().tokens();
			oldest = this.window.peekFirst();
		}
	}

	private record Admission(long at, long tokens) {
	}

}
