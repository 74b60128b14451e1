package io.github.llmratelimit;

/**
 * Budget taken for one call that may now be sent. It ends exactly once, by whichever of
 * {@link #settle(Usage)}, {@link #release()} and {@link #close()} comes first; a later
 * ending changes nothing. Made for {@code try (Reservation r = limiter.acquire(cost))}.
 */
public interface Reservation extends AutoCloseable {

	/**
	 * Returns what was taken.
	 * @return the cost asked for
	 */
	Cost cost();

	/**
	 * The call was answered and this is what it took. What changes depends on the model's
	 * {@link Booking}; settling after the window has passed changes nothing.
	 * @param usage what the provider reported
	 */
	void settle(Usage usage);

	/**
	 * The call was provably never sent, so that the provider cannot have counted it: all
	 * that was taken is given back. Never for a call that failed on its way: the provider
	 * may have seen it.
	 */
	void release();

	/**
	 * The call was sent, or may have been, and nobody knows what it took: everything
	 * stays taken until its window has passed, and only held dimensions come back.
	 */
	@Override
	void close();

}
