package io.github.llmratelimit.learning;

import io.github.llmratelimit.Booking;
import org.jspecify.annotations.Nullable;

/**
 * What a provider's answers say can still be sent, beside our ledger, judged by what
 * calls really used. For one window of tokens. Not thread-safe.
 */
public final class UsageCredit {

	/*
	 * Credit where estimates are wrong, or the window's shape is known
	 *
	 * Problem. Credit counts whatever was sent since an answer by its estimate. Where the
	 * provider counts real tokens, half of which the estimates were, that is twice too
	 * much; and what comes back by itself on a rolling window is not in it. On slices of
	 * ten seconds the ledger's margin for all calls in flight, a fifth of such a limit,
	 * is never freed: 84 % of what is possible was reached.
	 *
	 * Chosen: the same sum with the best knowledge of each call. With R_k what was left
	 * when k was counted, u the usage of calls that ended and ratio times the estimate of
	 * those in flight, S the squared estimates of the latter, and J the range of one-way
	 * latencies,
	 *
	 * left_k = R_k + u_k - sum(u sent after sent_k - J) - z sqrt(v S)
	 *
	 * where only calls sent after k are uncertain, not all that are in flight (see
	 * UsageSpread); and, where the window rolls, on top of that what has come back since,
	 *
	 * sum(u sent between sent_k + J - W and now - J - W)
	 *
	 * In a budget that books estimates u is the estimate, since the provider may do so
	 * too, and at its return the lesser of estimate and usage: with both terms that is
	 * sound whatever the booking. The largest left_k is what may be sent.
	 *
	 * Whether the provider counts a call when it arrives, and whether its window rolls,
	 * nobody says, and whoever guesses wrongly is refused: 2 to 15 calls per 1,000 where
	 * a bucket was taken for a rolling window. So both are predictions to be tested: when
	 * a call is sent, what is left by either sum is written down, with twice the z; what
	 * the answer tells must not be less. Only after 50 such tests that could have failed,
	 * in two windows, and none that did, a sum is acted upon; where the window must roll,
	 * after 100 in three minutes, since few and small calls test little. One of 200 users
	 * failed within 80 seconds where it was wrong, in all shapes and bookings simulated;
	 * it is not tried again for an hour then. Somebody else who uses the key fails it
	 * too, as it must be.
	 *
	 * Refusals end it too, for a minute and two windows; but where real tokens count one
	 * or two a minute are the price of z = 3, so only the third counts.
	 *
	 * Measured, 200 users at 2 M tokens per minute, % of what is possible: real tokens on
	 * slices 84 -> 94.5 at 0.1 refusals per 1,000 calls (with more short answers 88 -> 98
	 * at 1.2), on fixed minutes 97 -> 100 at 0.4. On rolling minutes little is gained,
	 * 97.1 -> 97.4 at 1.0; z = 3 there has 1.7. In a budget that knows nothing but its
	 * limits, real tokens on a rolling minute 84 -> 93, settled ones 84 -> 91, without a
	 * refusal.
	 */

	/** By how much a prediction must exceed what is certain to be a test. */
	private static final double INFORMATIVE = 0.01;

	/** Standard deviations where the window rolls and less of it is lost by waiting. */
	private static final double ROLLING_DEVIATIONS = 4;

	/**
	 * Standard deviations where no refusal is acceptable. Fewer than the ledger holds,
	 * since what is uncertain here is certain a second later.
	 */
	private static final double STRICT_DEVIATIONS = 5;

	private static final int TESTS_OF_COUNTING = 50;

	private static final int TESTS_OF_ROLLING = 100;

	private static final long MINUTE_NANOS = 60_000_000_000L;

	/** Refusals closer to each other are one event. */
	private static final long APART_NANOS = 1_000_000_000L;

	private final UsageLog log;

	private final Booking booking;

	private final UsageSpread spread;

	private final boolean strict;

	/** That the provider counts calls when they arrive, by the booking as known. */
	private final Trust counting;

	/** That its window rolls. */
	private final Trust rolling;

	/** When calls were refused, the one before the last and the last. */
	private final long[] refusedNanos;

	private long guardNanos;

	private final long startNanos;

	private long predictedNanos;

	/**
	 * Create a credit of which nothing is known.
	 * @param windowNanos length of the window
	 * @param guardNanos the range of one-way latencies
	 * @param booking how the budget books
	 * @param spread how usage compares to estimates, as it is learned elsewhere
	 * @param strict whether no refusal is acceptable
	 * @param nowNanos the time
	 */
	public UsageCredit(long windowNanos, long guardNanos, Booking booking, UsageSpread spread, boolean strict,
			long nowNanos) {
		this.guardNanos = guardNanos;
		this.booking = booking;
		this.spread = spread;
		this.strict = strict;
		this.log = new UsageLog(windowNanos, guardNanos, nowNanos);
		this.counting = new Trust(TESTS_OF_COUNTING, 2 * windowNanos, nowNanos);
		this.rolling = new Trust(TESTS_OF_ROLLING, Math.max(2 * windowNanos, 3 * MINUTE_NANOS), nowNanos);
		this.refusedNanos = new long[] { nowNanos - MINUTE_NANOS, nowNanos - MINUTE_NANOS };
		this.startNanos = nowNanos;
		this.predictedNanos = nowNanos - guardNanos;
	}

	/**
	 * A call is sent.
	 * @param estimate its estimate in the provider's currency
	 * @param expected what it is expected to use
	 * @param nowNanos the time, not before that of the last call of any method
	 * @return what is left before it by either sum, or {@code null} if it is no test
	 */
	long @Nullable [] sent(long estimate, long expected, long nowNanos) {
		this.log.advance(nowNanos);
		long[] predicted = null;
		if (nowNanos - this.predictedNanos >= this.guardNanos) {
			this.predictedNanos = nowNanos;
			double deviation = deviation(UsageSpread.STRICT_DEVIATIONS);
			predicted = new long[] { this.log.left(this.guardNanos, false, deviation, 0),
					this.log.left(this.guardNanos, true, deviation, 0) };
		}
		this.log.sent(expected, square(estimate));
		return predicted;
	}

	private double deviation(double z) {
		return (this.booking == Booking.ACTUAL) ? z * this.spread.deviation() : 0;
	}

	private double deviations(boolean rolls) {
		return this.strict ? STRICT_DEVIATIONS : rolls ? ROLLING_DEVIATIONS : UsageSpread.NORMAL_DEVIATIONS;
	}

	private double square(long estimate) {
		return (this.booking == Booking.ACTUAL) ? UsageSpread.square(estimate) : 0;
	}

	/**
	 * A call has ended.
	 * @param call what was known when it was sent
	 * @param used what it used, negative if nobody knows
	 * @param nowNanos the time
	 */
	void ended(SentCall call, long used, long nowNanos) {
		this.log.advance(nowNanos);
		long part = this.log.part(call.admittedNanos());
		long most = (this.booking == Booking.ESTIMATE) ? Math.max(call.cost(), used)
				: (used >= 0) ? used : Math.max(call.cost(), call.expected());
		long least = (this.booking == Booking.ESTIMATE) ? Math.min(call.cost(), used) : used;
		this.log.ended(part, most - call.expected(), Math.max(0, least), square(call.cost()));
		if (this.booking == Booking.ACTUAL) {
			this.log.correct(part, most - call.expected(), call);
		}
	}

	/**
	 * A call has ended that the provider did not count.
	 * @param call what was known when it was sent
	 * @param nowNanos the time
	 */
	void uncounted(SentCall call, long nowNanos) {
		this.log.advance(nowNanos);
		this.log.ended(this.log.part(call.admittedNanos()), -call.expected(), 0, square(call.cost()));
	}

	/**
	 * A call succeeded, and its answer told what remains of the window.
	 * @param remaining what the provider said is left
	 * @param limit the limit that holds
	 * @param call what was known when it was sent
	 * @param soonAfter {@link AdmissionLog#soonAfter what was sent soon after}
	 * @param safe what {@link Credit} allows
	 * @param nowNanos the time
	 */
	void answered(long remaining, long limit, SentCall call, long soonAfter, long safe, long nowNanos) {
		this.log.advance(nowNanos);
		if (call.admittedNanos() - this.startNanos < this.guardNanos) {
			return;
		}
		long[] predicted = call.predicted();
		if (predicted != null) {
			double atMost = (double) remaining + call.cost() + soonAfter;
			double informative = INFORMATIVE * limit;
			check(this.counting, predicted[0], atMost, Math.max(0, safe) + informative, nowNanos);
			check(this.rolling, predicted[1], atMost, Math.max(0, predicted[0]) + informative, nowNanos);
		}
		// what it used is known, and put right, a moment later
		long own = (this.booking == Booking.ACTUAL) ? call.expected() : call.cost();
		this.log.answered(this.log.part(call.admittedNanos()), remaining + own, call);
	}

	private static void check(Trust trust, long predicted, double atMost, double informative, long nowNanos) {
		if (predicted > atMost) {
			trust.wrong(nowNanos);
		}
		else if (predicted > informative) {
			trust.right(nowNanos);
		}
	}

	/**
	 * Whether a call may start whatever our ledger says about this window.
	 * @param estimate its estimate
	 * @param nowNanos the time
	 */
	boolean covers(long estimate, long nowNanos) {
		boolean rolls = this.rolling.isEarned(nowNanos);
		// where estimates count, the first sum knows nothing that Credit doesn't know
		if (!rolls && (this.booking == Booking.ESTIMATE || !this.counting.isEarned(nowNanos))) {
			return false;
		}
		this.log.advance(nowNanos);
		long expected = (this.booking == Booking.ACTUAL) ? this.spread.expected(estimate) : estimate;
		return expected <= this.log.left(this.guardNanos, rolls, deviation(deviations(rolls)), square(estimate));
	}

	/** A call was refused. */
	void refused(long nowNanos) {
		this.log.forget();
		if (nowNanos - this.refusedNanos[1] < APART_NANOS) {
			return;
		}
		if (this.booking != Booking.ACTUAL) {
			this.rolling.wrong(nowNanos);
		}
		if (this.booking != Booking.ACTUAL || nowNanos - this.refusedNanos[0] < MINUTE_NANOS) {
			this.rolling.doubt(nowNanos + MINUTE_NANOS);
			this.counting.doubt(nowNanos + MINUTE_NANOS);
		}
		this.refusedNanos[0] = this.refusedNanos[1];
		this.refusedNanos[1] = nowNanos;
	}

	void guard(long newGuardNanos) {
		this.guardNanos = newGuardNanos;
	}

	/** Forgets all answers, such as when the limit falls. */
	void reset() {
		this.log.forget();
	}

}
