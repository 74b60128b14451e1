package io.github.llmratelimit.simulation;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.simulation.Scenario.Account;

/**
 * A provider's limiter, exact: one limit on requests and one on tokens, enforced over a
 * window and booked in one of the ways that providers are known to use.
 */
final class SimulatedProvider {

	private final Account account;

	private final ProviderWindow requests;

	private final ProviderWindow tokens;

	SimulatedProvider(Account account) {
		this.account = account;
		this.requests = new ProviderWindow(account.enforcement(), account.rpm());
		this.tokens = new ProviderWindow(account.enforcement(), account.tpm());
	}

	/** A request arrives: takes its charge, or refuses. */
	boolean arrive(SimulatedCall call, long now) {
		if (wouldFit(call, now)) {
			this.requests.take(1);
			call.booked = this.tokens.take(charge(call));
			return true;
		}
		call.refusedFor = this.tokens.fits(charge(call)) ? Dimension.REQUESTS : Dimension.TOKENS;
		if (this.account.enforcement() == Enforcement.ROLLING_REFUSALS_COUNT && this.requests.fits(1)) {
			this.requests.take(1);
		}
		return false;
	}

	/** A part of the answer was produced, where that is what counts. */
	void produce(double outputTokens, long now) {
		this.tokens.advance(now);
		this.tokens.take(outputTokens);
	}

	/** A response is complete. */
	void complete(SimulatedCall call, long now) {
		if (this.account.booking() == Booking.SETTLED && call.booked != null) {
			this.tokens.advance(now);
			this.tokens.correct(call.booked, call.actualTokens());
		}
	}

	/** Whether a request would be admitted, for a client that knows everything. */
	boolean wouldFit(SimulatedCall call, long now) {
		this.requests.advance(now);
		this.tokens.advance(now);
		return this.requests.fits(1) && this.tokens.fits(charge(call));
	}

	/** What it says of itself with every answer, as of the arrival. */
	Headers headers() {
		return new Headers(this.requests.limit(), this.requests.remaining(), this.tokens.limit(),
				this.tokens.remaining());
	}

	/** What a call finally counts, for goodput. */
	long counted(SimulatedCall call) {
		return (this.account.booking() == Booking.ESTIMATE) ? call.estimatedTokens : call.actualTokens();
	}

	private long charge(SimulatedCall call) {
		if (this.account.booking() != Booking.ACTUAL) {
			return call.estimatedTokens;
		}
		return this.account.outputAsProduced() ? call.inputTokens : call.actualTokens();
	}

	/**
	 * What a response says of the limits, for the window that is enforced.
	 *
	 * @param requestLimit requests that it grants
	 * @param remainingRequests requests left of them
	 * @param tokenLimit tokens that it grants
	 * @param remainingTokens tokens left of them
	 */
	record Headers(long requestLimit, long remainingRequests, long tokenLimit, long remainingTokens) {
	}

}
