package io.github.llmratelimit.learning;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.Limit;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a provider says remains with what would remain under each way of booking,
 * and suggests another way if that fits far better. It only suggests. Not thread-safe.
 */
public final class BookingCheck {

	/*
	 * How a provider books, seen from its answers
	 *
	 * For every booking a shadow of the window runs along. When a call is sent, the use
	 * by each of them is noted; when its answer tells what remained, the error of each is
	 * |limit - remaining - use| / limit, and its mean decays by 0.98 per answer.
	 *
	 * Simple scheme: switch to the best fit. It fails where the window doesn't roll: no
	 * booking fits a fixed minute or a bucket, the best of three wrong ones is chosen by
	 * chance, and following it cost up to 4,046 refusals in three minutes in simulation.
	 *
	 * Chosen: say something only if one booking fits tightly, mean error below 1 % (2 %
	 * for real tokens, which are produced over time), while the configured one is off by
	 * 2 % or more and at least twice as much, over 50 answers and a minute. Where nothing
	 * fits nothing is said. A limit that changes starts the comparison anew.
	 *
	 * Calls sent within the guard of each other may arrive in another order, and the
	 * answer to one then leaves the other out or in. So a call is only compared if what
	 * was sent around it is at most 0.5 % of the limit: in a burst nothing is compared.
	 *
	 * Up to 64 calls are compared at a time; others pass unnoticed, so the cost per call
	 * is bounded whatever is in flight.
	 */

	private static final Duration SHORTEST = Duration.ofMinutes(1);

	private static final int FEWEST_ANSWERS = 50;

	private static final double TIGHT = 0.01;

	private static final double TIGHT_ACTUAL = 0.02;

	private static final double LOOSE = 0.02;

	private static final double DECAY = 0.98;

	/** Most that may be sent around a call that is compared, as a part of the limit. */
	private static final double AROUND = 0.005;

	private static final int COMPARED = 64;

	private static final Booking[] BOOKINGS = Booking.values();

	private final AdmissionLog log;

	private final long windowNanos;

	private final long guardNanos;

	private final ShadowWindow[] shadows = new ShadowWindow[BOOKINGS.length];

	private final boolean[] pending = new boolean[COMPARED];

	private final long[] pendingSentNanos = new long[COMPARED];

	private final long[] pendingEstimates = new long[COMPARED];

	/** Use by every booking when the call was sent, one call after the other. */
	private final long[] pendingUses = new long[COMPARED * BOOKINGS.length];

	private int next;

	private final double[] errors = new double[BOOKINGS.length];

	private double weight;

	private int answers;

	private long firstAnswerNanos;

	private long limit;

	/**
	 * Create a check that has seen nothing yet.
	 * @param log what is admitted to the window
	 * @param windowNanos length of the window
	 * @param guardNanos the range of one-way latencies
	 * @param nowNanos the time
	 */
	public BookingCheck(AdmissionLog log, long windowNanos, long guardNanos, long nowNanos) {
		this.log = log;
		this.guardNanos = guardNanos;
		this.windowNanos = windowNanos;
		for (int i = 0; i < this.shadows.length; i++) {
			this.shadows[i] = new ShadowWindow(windowNanos, nowNanos);
		}
	}

	/**
	 * A call was sent.
	 * @param estimate its estimate in the provider's currency, as admitted to the log
	 * @param nowNanos the time, not before that of the last call of any method
	 */
	public void admitted(long estimate, long nowNanos) {
		long amount = plausible(estimate);
		shadow(Booking.ESTIMATE).take(amount, nowNanos);
		shadow(Booking.SETTLED).take(amount, nowNanos);
		this.next = (this.next + 1) % COMPARED;
		if (this.pending[this.next] && nowNanos - this.pendingSentNanos[this.next] < 2 * this.windowNanos) {
			return;
		}
		this.pending[this.next] = true;
		this.pendingSentNanos[this.next] = nowNanos;
		this.pendingEstimates[this.next] = amount;
		for (int i = 0; i < BOOKINGS.length; i++) {
			this.pendingUses[this.next * BOOKINGS.length + i] = this.shadows[i].taken(nowNanos);
		}
	}

	/**
	 * For how long calls may be added up instead: they are then compared to nothing,
	 * which the first of so many need not be.
	 * @param nowNanos the time
	 * @return nanoseconds from now; 0 or less if none may
	 */
	public long addedNanosLeft(long nowNanos) {
		return Math.min(this.log.partLeftNanos(nowNanos), shadow(Booking.ESTIMATE).slotLeftNanos(nowNanos));
	}

	/**
	 * Calls were sent within that time.
	 * @param estimates what they take together, in the log too from now on
	 * @param sinceNanos when that began
	 */
	public void added(long estimates, long sinceNanos) {
		this.log.added(estimates);
		shadow(Booking.ESTIMATE).correct(estimates, sinceNanos, sinceNanos);
		shadow(Booking.SETTLED).correct(estimates, sinceNanos, sinceNanos);
	}

	/**
	 * A call ended and told its usage.
	 * @param estimate what was {@link #admitted} for it
	 * @param actual what it used in the provider's currency
	 * @param admittedNanos when it was admitted
	 * @param nowNanos the time
	 */
	public void ended(long estimate, long actual, long admittedNanos, long nowNanos) {
		long used = plausible(actual);
		shadow(Booking.SETTLED).correct(used - plausible(estimate), admittedNanos, nowNanos);
		shadow(Booking.ACTUAL).take(used, nowNanos);
	}

	/**
	 * The answer to a call that succeeded told what remains.
	 * @param remaining what the provider said is left
	 * @param currentLimit the limit that holds, as told by the provider where it tells
	 * @param admittedNanos when the call was admitted
	 * @param nowNanos the time
	 */
	public void answered(long remaining, long currentLimit, long admittedNanos, long nowNanos) {
		int index = 0;
		while (index < COMPARED && !(this.pending[index] && this.pendingSentNanos[index] == admittedNanos)) {
			index++;
		}
		if (index == COMPARED) {
			return;
		}
		this.pending[index] = false;
		boolean plausible = remaining >= 0 && currentLimit >= 1 && remaining <= currentLimit;
		if (!plausible || sentAround(index) > AROUND * currentLimit) {
			return;
		}
		if (currentLimit != this.limit) {
			reset();
			this.limit = currentLimit;
		}
		if (this.answers == 0) {
			this.firstAnswerNanos = nowNanos;
		}
		this.answers = Math.min(FEWEST_ANSWERS, this.answers + 1);
		this.weight = this.weight * DECAY + 1;
		for (int i = 0; i < BOOKINGS.length; i++) {
			long use = this.pendingUses[index * BOOKINGS.length + i];
			double error = Math.abs((double) currentLimit - remaining - use) / currentLimit;
			this.errors[i] = this.errors[i] * DECAY + error;
		}
	}

	private long sentAround(int index) {
		long sent = this.pendingSentNanos[index];
		if (!this.log.reachesBackTo(sent - this.guardNanos)) {
			return Long.MAX_VALUE;
		}
		return this.log.through(sent + this.guardNanos) - this.log.before(sent - this.guardNanos)
				- this.pendingEstimates[index];
	}

	/**
	 * The booking that fits far better than the configured one.
	 * @param configured how the budget books
	 * @param nowNanos the time
	 * @return the better one, or {@code null} if there is none or too little was seen
	 */
	public @Nullable Booking suggestion(Booking configured, long nowNanos) {
		if (this.answers < FEWEST_ANSWERS || nowNanos - this.firstAnswerNanos < SHORTEST.toNanos()) {
			return null;
		}
		Booking best = configured;
		for (Booking booking : BOOKINGS) {
			best = (error(booking) < error(best)) ? booking : best;
		}
		double tight = (best == Booking.ACTUAL) ? TIGHT_ACTUAL : TIGHT;
		boolean fits = error(best) < tight;
		boolean configuredIsOff = error(configured) >= LOOSE && error(best) < error(configured) / 2;
		return (fits && configuredIsOff) ? best : null;
	}

	/**
	 * How well a booking predicts what the provider says.
	 * @param booking the booking
	 * @return mean error as a part of the limit; 0 as long as nothing was compared
	 */
	public double error(Booking booking) {
		return (this.weight > 0) ? this.errors[booking.ordinal()] / this.weight : 0;
	}

	/** Forgets all comparisons; what is taken is still known. */
	public void reset() {
		Arrays.fill(this.errors, 0);
		this.weight = 0;
		this.answers = 0;
	}

	private ShadowWindow shadow(Booking booking) {
		return this.shadows[booking.ordinal()];
	}

	private static long plausible(long amount) {
		return Math.max(0, Math.min(amount, Limit.LARGEST_AMOUNT));
	}

	@Override
	public String toString() {
		return (this.weight > 0)
				? String.format(Locale.ROOT, "mean error: estimate %.1f %%, settled %.1f %%, actual %.1f %%",
						100 * error(Booking.ESTIMATE), 100 * error(Booking.SETTLED), 100 * error(Booking.ACTUAL))
				: "nothing compared yet";
	}

}
