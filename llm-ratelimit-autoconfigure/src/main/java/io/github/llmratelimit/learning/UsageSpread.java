package io.github.llmratelimit.learning;

import java.util.Locale;

import io.github.llmratelimit.Limit;

/**
 * How actual usage compares to the estimates of calls, in the mean and in its spread, and
 * how much budget a call needs so that the calls in flight together rarely use more. For
 * providers that count real tokens ({@link io.github.llmratelimit.Booking#ACTUAL}). Not
 * thread-safe.
 */
public final class UsageSpread {

	/*
	 * How much to hold for calls whose usage is not known yet
	 *
	 * Problem. The provider counts what a call really uses, which is known when it ends;
	 * estimates are 1 to 3 times that. Holding estimates leaves half of the limit unused.
	 *
	 * Simple scheme: hold a fixed share more than the expected usage. It fails, since the
	 * spread of a sum shrinks with the number of calls in flight: 2 % was too little for
	 * few big calls (1.8 refusals per 1,000) and 4 % too much for many small ones (2 % of
	 * goodput).
	 *
	 * Chosen: with e the estimates and a the actual usage of calls that ended, all sums
	 * decayed by 0.999 per call,
	 *
	 * ratio = sum(a) / sum(e), v = sum((a - ratio e)^2) / sum(e^2)
	 *
	 * a call of estimate E needs ratio E + z sqrt(v (S + F^2 / n)), where S is the sum of
	 * squared estimates in flight and F their sum, E included: the errors of calls are
	 * independent, so their variances add up, each in proportion to the square of its
	 * estimate; but the error of the ratio is the same for all. With w the weights that
	 * the decay gives, n = sum(w e)^2 / sum(w^2 e^2) is how many calls of equal size
	 * would tell as much: from about ten, when enough was seen, up to two thousand. With
	 * so few v is uncertain too, and z grows to the quantile of Student's distribution, z
	 * (1 + (z^2 + 1) / (4 (n - 1))). The sum is at most what was held before anything was
	 * learned: F, or more if a call ever used more than its estimate.
	 *
	 * Without the terms of n the first hundred calls of which a limit lets 16 a minute in
	 * need 4.1 deviations where later ones need 2.7, for the same share of refusals: 3.0
	 * of 1,000 calls were refused in the first six minutes of such limits and 3.4 of the
	 * smallest tried; now 1.3 and 1.9.
	 *
	 * How many deviations. Usage is not normally distributed, a few large calls outweigh
	 * all others, and ratio and v are known from few of those, so no z is right for all:
	 * in simulation z = 2.75 had 0.5 to 1.5 refusals per 1,000 calls on rolling minutes
	 * and 3 where small calls end fast on slices; with estimates that are either right or
	 * ten times too high even 3 is too few. So z is what refusals make of it: each raises
	 * it by 1/8, each call that was let in while little was left lowers it by 0.0012/8.
	 * It rests where 1.2 of 1,000 calls are refused, whatever the distribution. To count
	 * refusals that come together as one did not hold: on fixed minutes a burst of twenty
	 * was refused at once, 3 per 1,000 in all. Steps of 1/4 gave 95.9 instead of 96.1 %
	 * of what is possible on small limits. It begins at 2.75, goes down four times as
	 * fast until the first refusal, and stays between 2.25 and 6. To begin at 2.5 has 2.8
	 * refusals per 1,000 where a limit lets few calls in; to go down from 2.75 as slowly
	 * as later costs small limits 0.3 % for an hour, and eight times as fast has 2.1
	 * refusals there where no header tells anything. Where no refusal is acceptable it is
	 * 5.25, which had none in 101,000 calls where 5 had three, and more if that was too
	 * little.
	 *
	 * Measured, refusals per 1,000 calls on rolling minutes: calls of equal size none, at
	 * 100 % of what is possible; estimates that are right or five times too high 1.6.
	 *
	 * The squared error is expanded into sum(a^2) - 2 ratio sum(a e) + ratio^2 sum(e^2),
	 * so that it belongs to today's ratio, not to the one of its time: errors against the
	 * ratio 1 of the first calls would spoil v for a thousand calls. Doubles hold the
	 * squares of the largest amounts; what cancels is lost below 1e-12 of v's scale, and
	 * v is never negative.
	 */

	/** Standard deviations held in addition at first. */
	public static final double NORMAL_DEVIATIONS = 2.75;

	/** Fewest that are held in addition where no refusal is acceptable. */
	public static final double STRICT_DEVIATIONS = 5.25;

	/** Most that are held, however many calls are refused. */
	public static final double MOST_DEVIATIONS = 6;

	/** Fewest that are held in addition once anything is known. */
	static final double FEWEST_DEVIATIONS = 2.25;

	/** By how many a refusal raises them. */
	static final double STEP = 0.125;

	/** Refusals per call at which they stay as they are. */
	static final double TOLERATED = 0.0012;

	/** How many times as fast they fall until the first refusal. */
	static final int FIRST_FALL = 4;

	/** Estimated tokens to be seen before anything is concluded. */
	static final long TOKENS_TO_LEARN = 100_000;

	private static final double DECAY = 0.999;

	private static final double LARGEST = 1e60;

	/** From how few calls on a deviation tells nothing. */
	private static final double TOO_FEW_CALLS = 2;

	private double actuals;

	private double estimates;

	private double actualSquares;

	private double estimateSquares;

	private double products;

	/** Squared estimates by the squares of their weights. */
	private double weightedSquares;

	/** Most that a call used of its estimate; its estimate if none used more. */
	private double mostUsed = 1;

	/** Estimated tokens of all calls, not decayed; stops counting when enough. */
	private long tokensSeen;

	private double ratio = 1;

	private double variance;

	private final boolean strict;

	private double deviations;

	private boolean wasRefused;

	/**
	 * Creates a spread of which nothing is known, for calls of which one or two in a
	 * thousand may be refused.
	 */
	public UsageSpread() {
		this(false);
	}

	/**
	 * Creates a spread of which nothing is known.
	 * @param strict whether no refusal is acceptable
	 */
	public UsageSpread(boolean strict) {
		this.strict = strict;
		this.deviations = strict ? STRICT_DEVIATIONS : NORMAL_DEVIATIONS;
	}

	/**
	 * A call ended and its usage is known. Calls without estimate and negative usage are
	 * ignored.
	 * @param estimate what the call was expected to use, in the provider's currency
	 * @param actual what it used, in the same
	 */
	public void observe(long estimate, long actual) {
		if (estimate <= 0 || actual < 0) {
			return;
		}
		double expected = Math.min(estimate, Limit.LARGEST_AMOUNT);
		double used = Math.min(actual, Limit.LARGEST_AMOUNT);
		this.actuals = this.actuals * DECAY + used;
		this.estimates = this.estimates * DECAY + expected;
		this.actualSquares = this.actualSquares * DECAY + used * used;
		this.estimateSquares = this.estimateSquares * DECAY + expected * expected;
		this.products = this.products * DECAY + used * expected;
		this.weightedSquares = this.weightedSquares * DECAY * DECAY + expected * expected;
		this.mostUsed = Math.max(this.mostUsed, used / expected);
		this.tokensSeen = Math.min(TOKENS_TO_LEARN, this.tokensSeen + (long) expected);
		if (isLearned()) {
			this.ratio = this.actuals / this.estimates;
			double errorSquares = this.actualSquares - 2 * this.ratio * this.products
					+ this.ratio * this.ratio * this.estimateSquares;
			this.variance = Math.max(0, errorSquares / this.estimateSquares);
		}
	}

	/**
	 * What a call will use in the mean: what to book for it while it is in flight. The
	 * ratio changes, so a correction later must start from the amount that was booked.
	 * @param estimate the call's estimate; negative counts as 0
	 * @return ratio times estimate, rounded up; between 0 and
	 * {@link Limit#LARGEST_AMOUNT}
	 */
	public long expected(long estimate) {
		return amount(this.ratio * Math.max(0, estimate));
	}

	/**
	 * What must be free for a call to start beside those in flight, which are booked as
	 * {@link #expected}.
	 * @param estimate the call's estimate; negative counts as 0
	 * @param inFlight sum of the estimates of calls in flight; negative or not a number
	 * counts as 0
	 * @param squaresInFlight sum of their squares; negative or not a number counts as 0
	 * @param deviations standard deviations to be held in addition, such as
	 * {@link #NORMAL_DEVIATIONS}; negative or not a number counts as 0
	 * @return the amount, rounded up; between 0 and {@link Limit#LARGEST_AMOUNT}
	 */
	public long required(long estimate, double inFlight, double squaresInFlight, double deviations) {
		double expected = Math.max(0, estimate);
		double sum = plausible(inFlight) + expected;
		double squares = plausible(squaresInFlight) + expected * expected;
		return amount(this.ratio * expected + margin(sum, squares, plausible(deviations)));
	}

	private double margin(double sum, double squares, double deviations) {
		double most = (this.mostUsed - this.ratio) * sum;
		if (!isLearned() || deviations == 0 || most <= 0) {
			return 0;
		}
		double calls = calls();
		return (calls < TOO_FEW_CALLS) ? most
				: Math.min(most, held(deviations) * Math.sqrt(squares + sum * sum / calls));
	}

	/** How many calls of equal size would tell as much as those that were seen. */
	private double calls() {
		return this.estimates * this.estimates / this.weightedSquares;
	}

	/**
	 * What to hold per estimated token of one call.
	 * @param deviations standard deviations, not negative
	 * @return more than that many times the deviation, as long as that is known from few
	 * calls only
	 */
	double held(double deviations) {
		if (this.variance == 0) {
			return 0;
		}
		double freedom = Math.max(TOO_FEW_CALLS, calls()) - 1;
		return deviations * deviation() * (1 + (deviations * deviations + 1) / (4 * freedom));
	}

	/** A call was let in when little was left, and was not refused. */
	public void fitted() {
		if (isLearned()) {
			double fall = STEP * TOLERATED * (this.wasRefused ? 1 : FIRST_FALL);
			this.deviations = Math.max(this.strict ? STRICT_DEVIATIONS : FEWEST_DEVIATIONS, this.deviations - fall);
		}
	}

	/**
	 * A call was refused that should have fitted: calls in flight used more than was held
	 * for them.
	 */
	public void refused() {
		this.wasRefused = true;
		this.deviations = Math.min(MOST_DEVIATIONS, this.deviations + STEP);
	}

	/**
	 * Standard deviations to be held in addition to what is expected.
	 * @return the number; {@value #NORMAL_DEVIATIONS} at first, more after refusals, less
	 * after many calls without one; never below {@value #STRICT_DEVIATIONS} where no
	 * refusal is acceptable
	 */
	public double deviations() {
		return this.deviations;
	}

	/**
	 * The square of an estimate, as it is added up for {@link #required}. Exact up to 94
	 * million tokens, so sums of usual calls come back to 0 when all have ended.
	 * @param estimate the call's estimate; negative counts as 0
	 * @return its square
	 */
	public static double square(long estimate) {
		double expected = Math.max(0, estimate);
		return expected * expected;
	}

	/** Neither negative nor so large that products of it are infinite. */
	private static double plausible(double value) {
		return (value > 0) ? Math.min(value, LARGEST) : 0;
	}

	private static long amount(double value) {
		// a sum that is whole but for rounding errors isn't raised by a token
		return (long) Math.min(Math.ceil(value - 1e-9 * value), Limit.LARGEST_AMOUNT);
	}

	/**
	 * Actual usage per estimated token.
	 * @return the ratio; 1 until 100,000 estimated tokens were seen, above 1 where
	 * estimates are too low
	 */
	public double ratio() {
		return this.ratio;
	}

	/**
	 * Standard deviation of a call's usage from the ratio, per estimated token.
	 * @return the deviation, at least 0; 0 until 100,000 estimated tokens were seen
	 */
	public double deviation() {
		return Math.sqrt(this.variance);
	}

	/**
	 * Whether enough was seen to conclude anything.
	 * @return {@code true} after 100,000 estimated tokens
	 */
	public boolean isLearned() {
		return this.tokensSeen >= TOKENS_TO_LEARN;
	}

	/** Forgets everything. */
	public void reset() {
		this.actuals = 0;
		this.estimates = 0;
		this.actualSquares = 0;
		this.estimateSquares = 0;
		this.products = 0;
		this.weightedSquares = 0;
		this.mostUsed = 1;
		this.tokensSeen = 0;
		this.ratio = 1;
		this.variance = 0;
		this.deviations = this.strict ? STRICT_DEVIATIONS : NORMAL_DEVIATIONS;
		this.wasRefused = false;
	}

	@Override
	public String toString() {
		return isLearned()
				? String.format(Locale.ROOT, "%.3f actual per estimated token, +/- %.3f a call", this.ratio,
						deviation())
				: "not learned yet (%d of %d tokens seen)".formatted(this.tokensSeen, TOKENS_TO_LEARN);
	}

}
