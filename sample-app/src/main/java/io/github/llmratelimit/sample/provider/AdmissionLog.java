package io.github.llmratelimit.sample.provider;

import java.time.Duration;
import java.util.ArrayDeque;

import io.github.llmratelimit.sample.provider.LimitWindow.Taken;

/**
 * Everything that a model admitted lately, and the most that any interval of the window's
 * length ever held. It is kept apart from the {@link LimitWindow} so that it proves, or
 * disproves, what that one promises.
 */
final class AdmissionLog {

	/**
	 * How long admissions are remembered: longer than the longest load.
	 */
	static final Duration RETENTION = Duration.ofMinutes(20);

	private final long windowNanos;

	private final ArrayDeque<Taken> history = new ArrayDeque<>();

	private final ArrayDeque<Counted> window = new ArrayDeque<>();

	private long windowTokens;

	private int windowRequests;

	private long maxTokens;

	private int maxRequests;

	AdmissionLog(long windowNanos) {
		this.windowNanos = windowNanos;
	}

	/**
	 * Notes what was admitted.
	 * @param now the current tick
	 * @param requests calls, or 0 for more tokens of a call
	 * @param tokens tokens
	 * @return the entry, for corrections
	 */
	Taken add(long now, int requests, long tokens) {
		Taken entry = new Taken(now, tokens);
		this.history.addLast(entry);
		while (now - this.history.getFirst().at > RETENTION.toNanos()) {
			this.history.removeFirst();
		}
		expire(now);
		this.window.addLast(new Counted(entry, requests));
		this.windowTokens += tokens;
		this.windowRequests += requests;
		this.maxTokens = Math.max(this.maxTokens, this.windowTokens);
		this.maxRequests = Math.max(this.maxRequests, this.windowRequests);
		return entry;
	}

	/**
	 * Changes an entry to what it should have been. The maxima stay: they were true.
	 * @param now the current tick
	 * @param entry the entry
	 * @param tokens the right amount
	 */
	void correct(long now, Taken entry, long tokens) {
		expire(now);
		if (now - entry.at < this.windowNanos) {
			this.windowTokens += tokens - entry.amount;
			this.maxTokens = Math.max(this.maxTokens, this.windowTokens);
		}
		entry.amount = tokens;
	}

	/**
	 * Returns the tokens admitted in an interval.
	 * @param from its first tick, at most {@link #RETENTION} ago
	 * @param to the first tick after it
	 * @return the sum of the admitted tokens
	 */
	long tokensBetween(long from, long to) {
		long sum = 0;
		for (Taken entry : this.history) {
			if (entry.at - from >= 0 && entry.at - to < 0) {
				sum += entry.amount;
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
		Counted oldest = this.window.peekFirst();
		while (oldest != null && now - oldest.entry.at >= this.windowNanos) {
			this.window.removeFirst();
			this.windowTokens -= oldest.entry.amount;
			this.windowRequests -= oldest.requests;
			oldest = this.window.peekFirst();
		}
	}

	private record Counted(Taken entry, int requests) {
	}

}
