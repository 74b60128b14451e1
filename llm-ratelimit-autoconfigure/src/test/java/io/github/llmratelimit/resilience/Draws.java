package io.github.llmratelimit.resilience;

import java.util.random.RandomGenerator;

/**
 * Random numbers that are always the same.
 */
final class Draws {

	/** Draws 0: hints as they are, backoff a quarter shorter. */
	static final RandomGenerator LOWEST = () -> 0;

	/** Draws 0.5: hints an eighth longer, backoff as it is. */
	static final RandomGenerator MIDDLE = () -> Long.MIN_VALUE;

	/** Draws almost 1: hints and backoff a quarter longer. */
	static final RandomGenerator HIGHEST = () -> -1;

	private Draws() {
	}

}
