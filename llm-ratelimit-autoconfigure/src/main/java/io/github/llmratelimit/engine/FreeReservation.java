package io.github.llmratelimit.engine;

import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Reservation;
import io.github.llmratelimit.Usage;

/**
 * What a limiter gives that is switched off: nothing was taken.
 *
 * @param cost the cost asked for
 */
record FreeReservation(Cost cost) implements Reservation {

	@Override
	public void settle(Usage usage) {
		// nothing was taken
	}

	@Override
	public void release() {
		// nothing was taken
	}

	@Override
	public void close() {
		// nothing was taken
	}

}
