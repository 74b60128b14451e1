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
	 * Where real tokens count and the window rolls, left_k is an estimate of the same
	 * thing as the ledger's remaining amount. What can be reached: with exact estimates
	 * our client comes to 100.8 % of the bound; what is lost is the margin. Of 100 calls
	 * in flight whose usage deviates by 2,200 tokens each, 25 were sent after the latest
	 * answer, so the best predictor deviates by 0.55 % of the limit, and not to be
	 * refused in 999 of 1,000 cases costs 1.6 %; with half a percent for what is sent
	 * within J of k, or a window before, 98.7 % of the bound remain.
	 *
	 * Whoever takes the larger of two estimates, or the largest of many, takes the one
	 * that errs most: at z = 3, 97.7 % at 1.3 refusals per 1,000 calls. So the one counts
	 * whose margin is least: z sqrt(v S) and what was sent so close to k that it may have
	 * been counted before. Under load that is about the latest answer; it is the ledger
	 * if no answer is recent or estimates are exact. It counts both ways, also against a
	 * ledger that has room. Where it is not known that the window rolls, older answers
	 * tell of less only by what has come back since, and the largest left_k remains.
	 *
	 * A refusal is the freshest answer of all, and what it tells is left is as good as
	 * what others tell: what was told before it is forgotten, and calls go on as soon as
	 * there is room again, without a restart at a slow pace that would cost 1 %.
	 *
	 * Whether the provider counts a call when it arrives, and whether its window rolls,
	 * nobody says, and whoever guesses wrongly is refused: 2 to 15 calls per 1,000 where
	 * a bucket was taken for a rolling window. So both are predictions to be tested: when
	 * a call is sent, what is left by either sum is written down, with twice the z; what
	 * the answer tells must not be less. Only after 50 such tests that could have failed,
	 * in two windows, and none that did, a sum is acted upon; where the window must roll,
	 * after 100 in three minutes, since few and small calls test little; where real
	 * tokens count 50 are enough, for six deviations are on their safe side. One of 200
	 * users failed within 80 seconds where it was wrong, in all shapes and bookings
	 * simulated; it is not tried again for an hour then. Somebody else who uses the key
	 * fails it too, as it must be. Of 30 users on slices a hundred tests told nothing,
	 * since at the beginning of a slice more is left than any sum promises, and two calls
	 * were refused. But a window that rolls doesn't forget: where an answer shows that
	 * half of what was used within the last window no longer counts, trust is to be
	 * earned anew. Half, for a provider may count less than what was used.
	 *
	 * Refusals end it too, for a minute and two windows; but where real tokens count some
	 * are the price of z, so only those count that told less than six deviations allow,
	 * or, if they tell nothing, the third within a minute.
	 *
	 * Measured, 200 users at 2 M tokens per minute, % of what is possible at refusals per
	 * 1,000 calls: real tokens on rolling minutes 97.9 -> 98.9 at 1.3, on slices 88 ->
	 * 96.9 at 0.8 (with more short answers 91 -> 99.1 at 1.3), on fixed minutes 98.0 ->
	 * 100.1 at 1.4; 30 users at 100,000 tokens per minute, of which a call may need a
	 * fifth, 96.0 at 1.5 with it and without. In a budget that knows nothing but its
	 * limits, real tokens on a rolling minute 84 -> 94, settled ones 84 -> 90, without a
	 * refusal.
	 */

	/** By how much a prediction must exceed what is certain to be a test. */
	private static final double INFORMATIVE = 0.01;

	private static final int TESTS_OF_COUNTING = 50;

	private static final int TESTS_OF_ROLLING = 100;

	private static final long MINUTE_NANOS = 60_000_000_000L;

	/** Refusals closer to each other are one event. */
	private static final long APART_NANOS = 1_000_000_000L;

	private final UsageLog log;

	private final Booking booking;

	private final UsageSpread spread;

	/** That the provider counts calls when they arrive, by the booking as known. */
	private final Trust counting;

	/** That its window rolls. */
	private final Trust rolling;

	/** Whether a refusal told what is left, and when. */
	private boolean refusalTold;

	private long refusalToldNanos;

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
	 * @param nowNanos the time
	 */
	public UsageCredit(long windowNanos, long guardNanos, Booking booking, UsageSpread spread, long nowNanos) {
		this.guardNanos = guardNanos;
		this.booking = booking;
		this.spread = spread;
		this.log = new UsageLog(windowNanos, guardNanos, nowNanos);
		this.counting = new Trust(TESTS_OF_COUNTING, 2 * windowNanos, nowNanos);
		this.rolling = new Trust((booking == Booking.ACTUAL) ? TESTS_OF_COUNTING : TESTS_OF_ROLLING,
				Math.max(2 * windowNanos, 3 * MINUTE_NANOS), nowNanos);
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
			double deviation = deviation(UsageSpread.MOST_DEVIATIONS);
			predicted = new long[] { this.log.left(this.guardNanos, false, deviation, 0),
					this.log.left(this.guardNanos, true, deviation, 0) };
		}
		this.log.sent(expected, square(estimate));
		return predicted;
	}

	/** For how long calls sent are told of as one, and none of them is a test. */
	long addedNanosLeft(long nowNanos) {
		return Math.min(this.log.partLeftNanos(nowNanos), this.predictedNanos + this.guardNanos - nowNanos);
	}

	/** Calls were sent since, where estimates count. */
	void added(long estimates) {
		this.log.sent(estimates, 0);
	}

	private double deviation(double z) {
		return (this.booking == Booking.ACTUAL) ? this.spread.held(z) : 0;
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
	 * A call has ended of which nothing else is known, where estimates count.
	 * @param estimate its estimate
	 * @param used what it used
	 * @param admittedNanos when it was sent
	 */
	void ended(long estimate, long used, long admittedNanos) {
		long more = Math.max(0, used - estimate);
		this.log.ended(this.log.part(admittedNanos), more, Math.max(0, Math.min(estimate, used)), 0);
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
			if (hasForgotten(remaining, limit, call)) {
				this.rolling.doubt(nowNanos);
			}
		}
		// what it used is known, and put right, a moment later
		long own = (this.booking == Booking.ACTUAL) ? call.expected() : call.cost();
		this.log.answered(this.log.part(call.admittedNanos()), remaining + own, call);
	}

	/** Whether half of what was used within the last window no longer counts. */
	private boolean hasForgotten(long remaining, long limit, SentCall call) {
		long used = this.log.usedBefore(this.log.part(call.admittedNanos()), this.guardNanos);
		return limit - remaining < used / 2;
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
		if (judges(nowNanos)) {
			return false;
		}
		// where estimates count, the first sum knows nothing that Credit doesn't know
		if (!rolls && (this.booking == Booking.ESTIMATE || !this.counting.isEarned(nowNanos))) {
			return false;
		}
		this.log.advance(nowNanos);
		long expected = (this.booking == Booking.ACTUAL) ? this.spread.expected(estimate) : estimate;
		return expected <= this.log.left(this.guardNanos, rolls, deviation(this.spread.deviations()), square(estimate));
	}

	/** Whether calls start by what answers tell where that is surer than our ledger. */
	boolean judges(long nowNanos) {
		return this.booking == Booking.ACTUAL && this.rolling.isEarned(nowNanos);
	}

	/**
	 * Whether a call may start, whatever our ledger says.
	 * @param estimate its estimate
	 * @param ledgerMargin what our ledger holds for what is uncertain
	 * @param nowNanos the time
	 */
	Verdict judge(long estimate, long ledgerMargin, long nowNanos) {
		if (!judges(nowNanos)) {
			return Verdict.UNKNOWN;
		}
		this.log.advance(nowNanos);
		long left = this.log.surest(this.guardNanos, deviation(this.spread.deviations()), square(estimate),
				ledgerMargin);
		if (left == UsageLog.NONE) {
			return Verdict.UNKNOWN;
		}
		return (this.spread.expected(estimate) <= left) ? Verdict.FITS : Verdict.TOO_MUCH;
	}

	/**
	 * A call was refused, and told what remains of the window.
	 * @param remaining what the provider said is left
	 * @param call what was known when it was sent
	 * @param soonAfter what was sent soon after
	 * @param nowNanos the time
	 */
	void refused(long remaining, SentCall call, long soonAfter, long nowNanos) {
		if (this.booking != Booking.ACTUAL || remaining >= call.cost()) {
			refused(nowNanos);
			return;
		}
		this.refusalTold = true;
		this.refusalToldNanos = nowNanos;
		long[] predicted = call.predicted();
		if (predicted != null) {
			double atMost = (double) remaining + soonAfter;
			check(this.counting, predicted[0], atMost, Double.MAX_VALUE, nowNanos);
			check(this.rolling, predicted[1], atMost, Double.MAX_VALUE, nowNanos);
		}
		this.log.advance(nowNanos);
		long part = this.log.part(call.admittedNanos());
		this.log.forgetBefore(part);
		this.log.answered(part, remaining, call);
	}

	/** A call was refused. */
	void refused(long nowNanos) {
		if (this.refusalTold && nowNanos - this.refusalToldNanos < APART_NANOS) {
			return; // is known already
		}
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

	/** What answers say of a call that wants to start. */
	public enum Verdict {

		/** There is room. */
		FITS,

		/** There is none. */
		TOO_MUCH,

		/** Our ledger knows better. */
		UNKNOWN

	}

}
