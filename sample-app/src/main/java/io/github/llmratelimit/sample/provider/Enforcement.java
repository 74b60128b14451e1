package io.github.llmratelimit.sample.provider;

/**
 * How a provider holds one dimension of one model against its limit. Implementations are
 * guarded by the budget that owns them, and see ticks that never go back.
 */
interface Enforcement {

	/**
	 * Returns the most that fits when nothing is in use.
	 * @return the limit, at least 1
	 */
	long limit();

	/**
	 * Returns what counts against the limit now.
	 * @param now the current tick
	 * @return the amount in use, between zero and the limit
	 */
	long used(long now);

	/**
	 * Returns how long a caller would have to wait until an amount fits, if nobody else
	 * came before.
	 * @param now the current tick
	 * @param amount between zero and the limit
	 * @return nanoseconds, zero if it fits now
	 */
	long nanosUntilFits(long now, long amount);

	/**
	 * Returns how long it takes until nothing is in use any more, if nobody comes.
	 * @param now the current tick
	 * @return nanoseconds, zero if nothing is in use now
	 */
	long nanosUntilFull(long now);

	/**
	 * Takes an amount that fits.
	 * @param now the current tick
	 * @param amount between zero and the limit
	 */
	void take(long now, long amount);

}
