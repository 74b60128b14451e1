package io.github.llmratelimit.learning;

import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The {@link OutputEstimate}s of an application, by model and method. Thread-safe; an
 * estimate that exists is found without a lock.
 */
public final class OutputEstimates {

	/**
	 * Most pairs that are learned; models named at run time could otherwise fill the
	 * memory.
	 */
	public static final int MAX_ESTIMATES = 1_000;

	private final ConcurrentMap<Key, OutputEstimate> estimates = new ConcurrentHashMap<>();

	/**
	 * The estimate for a method's calls of a model. Callers should keep it where they can
	 * rather than look it up for every call.
	 * @param model name of the model
	 * @param method name of the method, with its class; empty for calls without one
	 * @param defaultTokens what to expect as long as nothing is known; below 1 counts as
	 * 1
	 * @return the estimate, the same for the same names whatever the default. Beyond
	 * {@value #MAX_ESTIMATES} pairs a new one that nobody else sees, so that it stays at
	 * the default unless it is kept
	 */
	public OutputEstimate of(String model, String method, long defaultTokens) {
		Key key = new Key(model, method);
		OutputEstimate known = this.estimates.get(key);
		if (known != null) {
			return known;
		}
		// a race may add a few more than the maximum, which does no harm
		if (this.estimates.size() >= MAX_ESTIMATES) {
			return new OutputEstimate(model, method, defaultTokens);
		}
		return this.estimates.computeIfAbsent(key, (missing) -> new OutputEstimate(model, method, defaultTokens));
	}

	/**
	 * Everything that is being learned.
	 * @return the estimates, ordered by model and method
	 */
	public List<OutputEstimate> all() {
		return this.estimates.values()
			.stream()
			.sorted(Comparator.comparing(OutputEstimate::model).thenComparing(OutputEstimate::method))
			.toList();
	}

	/**
	 * Forgets what was learned about a model.
	 * @param model name of the model
	 */
	public void reset(String model) {
		for (OutputEstimate estimate : this.estimates.values()) {
			if (estimate.model().equals(model)) {
				estimate.reset();
			}
		}
	}

	/** What an estimate is for. */
	private record Key(String model, String method) {

	}

}
