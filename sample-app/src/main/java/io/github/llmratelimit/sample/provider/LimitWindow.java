package io.github.llmratelimit.sample.provider;

/**
 * How a provider holds one dimension of one model against its limit. Implementations are
 * guarded by the budget that owns them, and see ticks that never go back.
 */
interface LimitWindow {

	/**
	 * Returns the most that fits when nothing is in use.
	 * @return the limit, at least 1
	 */
	long limit();

	/**
	 * Changes the limit; what is in use stays in use.
	 * @param newLimit the new limit, at least 1
	 */
	void changeLimit(long newLimit);

	/**
	 * Returns what counts against the limit now.
	 * @param now the current tick
	 * @return the amount in use; above the limit if that was lowered, or if more was
	 * taken than fits
	 */
	long used(long now);

	/**
	 * Returns how long a caller would have to wait until an amount fits, if nobody else
	 * came before.
	 * @param now the current tick
	 * @param amount between zero and the limit
	 * @return nanoseconds, zero if it fits now
	 * @throws IllegalArgumentException if the amount never fits
	 */
	long nanosUntilFits(long now, long amount);

	/**
	 * Returns how long it takes until nothing is in use any more, if nobody comes.
	 * @param now the current tick
	 * @return nanoseconds, zero if nothing is in use now
	 */
	long nanosUntilFull(long now);

	/**
	 * Takes an amount, whether it fits or not.
	 * @param now the current tick
	 * @param amount at least zero
	 * @return what was taken, for corrections
	 */
	Taken take(long now, long amount);

	/**
	 * Changes what was taken before. What doesn't count any more stays as it was.
	 * @param now the current tick
	 * @param taken what was taken
	 * @param amount what it should have been
	 */
	void correct(long now, Taken taken, long amount);

	/**
	 * Returns the window that responses tell of: not always the one that is enforced.
	 * @return this, or a longer one
	 */
	default LimitWindow told() {
		return this;
	}

	/** Throws if an amount never fits. */
	default void requireAtMostLimit(long amount) {
		if (amount > limit()) {
			throw new IllegalArgumentException(
					"Invalid amount (%d): must be at most the limit (%d)".formatted(amount, limit()));
		}
	}

	/** What one call took. */
	final class Taken {

		final long at;

		long amount;

		Taken(long at, long amount) {
			this.at = at;
			this.amount = amount;
		}

	}

}
