package io.github.llmratelimit.engine.ledger;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.learning.AdmissionLog;
import io.github.llmratelimit.learning.BookingCheck;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a provider says is left with what each way of booking would leave, and
 * tells once that another one fits. Nothing is switched: a fit can be chance, and the
 * wrong way costs either refused calls or quota.
 */
final class BookingWatch {

	private final Booking configured;

	private final AdmissionLog log;

	private final BookingCheck check;

	private boolean told;

	BookingWatch(Booking configured, long windowNanos, long guardNanos, long nowNanos) {
		this.configured = configured;
		this.log = new AdmissionLog(guardNanos, nowNanos);
		this.check = new BookingCheck(this.log, windowNanos, guardNanos, nowNanos);
	}

	void sent(long estimate, long nowNanos) {
		this.log.admitted(estimate, nowNanos);
		this.check.admitted(estimate, nowNanos);
	}

	/** Until when calls may be added up. */
	long addsUntil(long nowNanos) {
		return nowNanos + this.check.addedNanosLeft(nowNanos);
	}

	void added(long estimates, long sinceNanos) {
		this.check.added(estimates, sinceNanos);
	}

	void ended(long estimate, long used, long takenAtNanos, long nowNanos) {
		this.check.ended(estimate, used, takenAtNanos, nowNanos);
	}

	void answered(long remaining, long limit, long takenAtNanos, long nowNanos) {
		this.check.answered(remaining, limit, takenAtNanos, nowNanos);
	}

	/** The way of booking that fits much better than the configured one, once. */
	@Nullable Booking suggestion(long nowNanos) {
		Booking suggestion = this.told ? null : this.check.suggestion(this.configured, nowNanos);
		this.told |= suggestion != null;
		return suggestion;
	}

}
