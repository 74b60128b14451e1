package io.github.llmratelimit.learning;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Per model, how many input tokens the provider counts for each token of an estimate made
 * without the model's tokenizer. Thread-safe; reading takes no lock.
 */
public final class InputRatios {

	/*
	 * Estimates from bytes or characters are off by a factor that belongs to the model's
	 * vocabulary and to the language of the application. So one factor per model, decayed
	 * sum of actual over decayed sum of estimated tokens, 0.99 per call: long prompts,
	 * which cost most, count most. For the first 20 calls it is blended with the start
	 * value, so that one odd prompt doesn't set it. A factor outside 0.5...4 is not a
	 * vocabulary's any more but a mistake in one of both numbers.
	 *
	 * The estimate must be the one before the factor was applied, or the factor would
	 * learn itself.
	 */

	/** Smallest ratio that is believed. */
	public static final double SMALLEST = 0.5;

	/** Largest ratio that is believed. */
	public static final double LARGEST = 4;

	/** Most models that are learned; the others keep the start value. */
	public static final int MAX_MODELS = 1_000;

	private static final int CALLS_TO_LEARN = 20;

	private static final double DECAY = 0.99;

	/** More tokens than any prompt has; keeps one broken report from outweighing all. */
	private static final double LONGEST = 1e8;

	private final ConcurrentMap<String, Entry> entries = new ConcurrentHashMap<>();

	private final double start;

	/**
	 * Create ratios of which nothing is known yet.
	 * @param start the ratio as long as nothing is known, such as 1.1 to be on the upper
	 * side; between {@link #SMALLEST} and {@link #LARGEST}
	 */
	public InputRatios(double start) {
		if (!(start >= SMALLEST && start <= LARGEST)) {
			throw new IllegalArgumentException(
					"Invalid start (%s): must be between %s and %s.".formatted(start, SMALLEST, LARGEST));
		}
		this.start = start;
	}

	/**
	 * The ratio of a model.
	 * @param model name of the model
	 * @return actual per estimated token, between {@link #SMALLEST} and {@link #LARGEST}
	 */
	public double ratio(String model) {
		Entry entry = this.entries.get(model);
		return (entry != null) ? entry.ratio : this.start;
	}

	/**
	 * A call reported its input. Estimates below 1 and reports below 0 are ignored.
	 * @param model name of the model
	 * @param rawEstimate the estimate of the input <em>before</em> the ratio was applied
	 * @param actual input tokens as the provider counted them, cached ones included
	 */
	public void observe(String model, double rawEstimate, long actual) {
		if (!(rawEstimate >= 1) || actual < 0) {
			return;
		}
		Entry entry = this.entries.get(model);
		if (entry == null) {
			if (this.entries.size() >= MAX_MODELS) {
				return;
			}
			entry = this.entries.computeIfAbsent(model, (missing) -> new Entry(this.start));
		}
		entry.observe(Math.min(rawEstimate, LONGEST), Math.min(actual, LONGEST));
	}

	/**
	 * Forgets what was learned about a model.
	 * @param model name of the model
	 */
	public void reset(String model) {
		this.entries.remove(model);
	}

	/**
	 * All ratios that are being learned.
	 * @return ratio by model, ordered by name
	 */
	public Map<String, Double> all() {
		Map<String, Double> ratios = new TreeMap<>();
		this.entries.forEach((model, entry) -> ratios.put(model, entry.ratio));
		return ratios;
	}

	/** One model. */
	private static final class Entry {

		private final ReentrantLock lock = new ReentrantLock();

		private final double start;

		private double actuals; // guarded by lock

		private double estimates; // guarded by lock

		private int calls; // guarded by lock

		private volatile double ratio;

		Entry(double start) {
			this.start = start;
			this.ratio = start;
		}

		void observe(double estimate, double actual) {
			this.lock.lock();
			try {
				this.actuals = this.actuals * DECAY + actual;
				this.estimates = this.estimates * DECAY + estimate;
				this.calls = Math.min(CALLS_TO_LEARN, this.calls + 1);
				double known = this.calls / (double) CALLS_TO_LEARN;
				double learned = Math.max(SMALLEST, Math.min(this.actuals / this.estimates, LARGEST));
				this.ratio = known * learned + (1 - known) * this.start;
			}
			finally {
				this.lock.unlock();
			}
		}

	}

}
