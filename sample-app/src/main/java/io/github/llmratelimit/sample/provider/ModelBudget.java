package io.github.llmratelimit.sample.provider;

import java.time.Duration;

import io.github.llmratelimit.sample.provider.ProviderStats.ModelStats;
import io.github.llmratelimit.sample.provider.Verdict.Level;
import io.github.llmratelimit.sample.provider.Verdict.Outcome;
import io.github.llmratelimit.time.Ticker;

/**
 * The request and token limits of one model, with its counters. A call is charged in full
 * when it arrives, and nothing is given back. One lock makes the order of the ticks the
 * order of the arrivals.
 */
final class ModelBudget {

	private final Ticker ticker;

	private final Enforcement requests;

	private final Enforcement tokens;

	private final AdmissionLog log;

	private final boolean refusedTakesRequest;

	private long admitted;

	private long admittedTokens;

	private long refusedByRequests;

	private long refusedByTokens;

	private long refusedAsTooLarge;

	/**
	 * Creates a budget.
	 * @param ticker the clock
	 * @param requests holds the request limit
	 * @param tokens holds the token limit
	 * @param log remembers what was admitted
	 * @param refusedTakesRequest whether a refused call still takes a request, where one
	 * is left
	 */
	ModelBudget(Ticker ticker, Enforcement requests, Enforcement tokens, AdmissionLog log,
			boolean refusedTakesRequest) {
		this.ticker = ticker;
		this.requests = requests;
		this.tokens = tokens;
		this.log = log;
		this.refusedTakesRequest = refusedTakesRequest;
	}

	/**
	 * Judges a call that arrives now, and charges it if it is admitted.
	 * @param charge its tokens
	 * @return the verdict
	 */
	synchronized Verdict arrive(long charge) {
		long now = this.ticker.nanos();
		if (charge > this.tokens.limit()) {
			this.refusedAsTooLarge++;
			return verdict(Outcome.TOO_LARGE, charge, 0, now);
		}
		long requestWait = this.requests.nanosUntilFits(now, 1);
		long tokenWait = this.tokens.nanosUntilFits(now, charge);
		if (requestWait == 0 && tokenWait == 0) {
			this.requests.take(now, 1);
			this.tokens.take(now, charge);
			this.log.add(now, charge);
			this.admitted++;
			this.admittedTokens += charge;
			return verdict(Outcome.ADMITTED, charge, 0, now);
		}
		if (requestWait == 0 && this.refusedTakesRequest) {
			this.requests.take(now, 1);
		}
		if (requestWait >= tokenWait) {
			this.refusedByRequests++;
			return verdict(Outcome.REQUESTS, charge, requestWait, now);
		}
		this.refusedByTokens++;
		return verdict(Outcome.TOKENS, charge, tokenWait, now);
	}

	/**
	 * Returns the tokens admitted in an interval.
	 * @param from its first tick, at most {@link AdmissionLog#RETENTION} ago
	 * @param to the first tick after it
	 * @return the sum of the admitted tokens
	 */
	synchronized long tokensBetween(long from, long to) {
		return this.log.tokensBetween(from, to);
	}

	synchronized ModelStats stats() {
		long now = this.ticker.nanos();
		long refused = this.refusedByRequests + this.refusedByTokens + this.refusedAsTooLarge;
		return new ModelStats(this.requests.limit(), this.tokens.limit(), this.admitted + refused, this.admitted,
				this.refusedByRequests, this.refusedByTokens, this.refusedAsTooLarge, this.admittedTokens,
				this.log.tokensInWindow(now), this.log.maxTokens(), this.log.maxRequests());
	}

	private Verdict verdict(Outcome outcome, long charge, long waitNanos, long now) {
		return new Verdict(outcome, charge, Duration.ofNanos(waitNanos), level(this.requests, now),
				level(this.tokens, now));
	}

	private static Level level(Enforcement enforcement, long now) {
		return new Level(enforcement.limit(), enforcement.used(now), Duration.ofNanos(enforcement.nanosUntilFull(now)));
	}

}
