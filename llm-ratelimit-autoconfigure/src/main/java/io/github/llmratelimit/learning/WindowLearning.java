package io.github.llmratelimit.learning;

import java.time.Duration;
import java.util.Objects;

import io.github.llmratelimit.Limit;
import io.github.llmratelimit.learning.UsageCredit.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Everything that answers teach about one window of a budget: which limit holds, how much
 * of it is left to us, and how much may be sent beyond our ledger. Not thread-safe.
 */
public final class WindowLearning {

	/*
	 * The parts know nothing of each other; what one learns and the others must hear of
	 * is decided here:
	 *
	 * - A limit that changes makes what remained before it incomparable: the cap and all
	 * credit are forgotten, and so is what remained for calls sent before the change.
	 *
	 * - As long as the cap acts, somebody else may use the key, and credit would spend
	 * what they take: it is suspended for a window, at least a minute, from each answer
	 * that shows it. In simulation, credit beside another user of the key raised the
	 * refusals on a bucket by half.
	 *
	 * - A refusal suspends credit too: either credit was wrong, or the ledger was, whose
	 * guard then is too short for both. What goes wrong soon after a suspension doubles
	 * the next one, up to 16 times: on a bucket, other users of the key are only seen now
	 * and then.
	 *
	 * - Only calls of ours that succeeded give credit; failures for lack of capacity
	 * teach no remaining amount and never shrink a limit.
	 */

	private static final long SHORTEST_SUSPENSION_NANOS = Duration.ofMinutes(1).toNanos();

	private static final int LONGEST_FACTOR = 16;

	private final LearningRules rules;

	private final long windowNanos;

	private long guardNanos;

	private final AdmissionLog log;

	private final LimitLearner learner;

	private final RemainingCap cap;

	private final Credit credit;

	private @Nullable UsageCredit usage;

	private AddedCalls added;

	/** How many times longer than the first the suspension is; 0 before the first. */
	private int suspensionFactor;

	private long suspendedUntilNanos;

	private boolean changed;

	private long changedNanos;

	/**
	 * Create the learning of a window.
	 * @param base the limit as stated, this instance's share of it; must have a window
	 * @param rules what may be learned
	 * @param guardNanos the range of one-way latencies
	 * @param nowNanos the time
	 */
	public WindowLearning(Limit base, LearningRules rules, long guardNanos, long nowNanos) {
		this.rules = rules;
		this.windowNanos = Objects.requireNonNull(base.per(), "Held limits have no window").toNanos();
		this.guardNanos = guardNanos;
		this.log = new AdmissionLog(guardNanos, nowNanos);
		this.added = new AddedCalls(this.log, null);
		this.learner = new LimitLearner(base, rules.share());
		this.cap = new RemainingCap(rules.roundedTo());
		this.credit = new Credit(this.log, this.windowNanos, guardNanos);
	}

	/**
	 * A call was admitted, or admitted anew because it left late.
	 * @param cost an upper bound of what the provider will count for it
	 * @param nowNanos the time, not before that of the last call
	 */
	public void admitted(long cost, long nowNanos) {
		this.log.admitted(cost, nowNanos);
	}

	/**
	 * Lets credit follow what calls use.
	 * @param usageCredit the credit of this window
	 */
	public void use(UsageCredit usageCredit) {
		this.usage = usageCredit;
		this.added = new AddedCalls(this.log, usageCredit);
	}

	/**
	 * A call is sent whose answer may teach.
	 * @param cost an upper bound of what the provider will count for it
	 * @param expected what it is expected to count
	 * @param nowNanos the time
	 * @return for {@link SentCall#predicted}
	 */
	public long @Nullable [] sent(long cost, long expected, long nowNanos) {
		return (this.usage != null) ? this.usage.sent(cost, expected, nowNanos) : null;
	}

	/**
	 * What takes calls that are added up, where estimates count.
	 * @return the same as {@link #admitted}, {@link #sent} and {@link #ended} for each
	 */
	public AddedCalls addedUp() {
		return this.added;
	}

	/**
	 * A call has ended.
	 * @param call what was known when it was sent
	 * @param used what the provider counts for it, negative if nobody knows
	 * @param nowNanos the time
	 */
	public void ended(SentCall call, long used, long nowNanos) {
		if (this.usage != null) {
			this.usage.ended(call, used, nowNanos);
		}
	}

	/**
	 * A call has ended of which the provider counts nothing.
	 * @param call what was known when it was sent
	 * @param nowNanos the time
	 */
	public void uncounted(SentCall call, long nowNanos) {
		if (this.usage != null) {
			this.usage.uncounted(call, nowNanos);
		}
	}

	/**
	 * Whether a call may start even if our ledger says otherwise about this window,
	 * judged by what calls really use.
	 * @param estimate an upper bound of what the provider will count for it
	 * @param nowNanos the time
	 * @return whether there is so much left
	 */
	public boolean covers(long estimate, long nowNanos) {
		return this.usage != null && !isSuspended(nowNanos) && this.usage.covers(estimate, nowNanos);
	}

	/**
	 * Whether calls start by what answers tell where that is surer than our ledger.
	 * @param nowNanos the time
	 * @return whether {@link #judge} may know anything
	 */
	public boolean judges(long nowNanos) {
		return this.usage != null && !isSuspended(nowNanos) && this.usage.judges(nowNanos);
	}

	/**
	 * Whether a call may start, whatever our ledger says about this window.
	 * @param estimate an upper bound of what the provider will count for it
	 * @param ledgerMargin what our ledger holds for what is uncertain
	 * @param nowNanos the time
	 * @return what answers say
	 */
	public Verdict judge(long estimate, long ledgerMargin, long nowNanos) {
		return (this.usage != null && !isSuspended(nowNanos)) ? this.usage.judge(estimate, ledgerMargin, nowNanos)
				: Verdict.UNKNOWN;
	}

	private boolean isSuspended(long nowNanos) {
		return this.suspensionFactor > 0 && nowNanos - this.suspendedUntilNanos < 0;
	}

	/**
	 * A call was answered.
	 * @param told what the answer told about this window
	 * @param call what was known when the call was sent
	 * @param nowNanos the time
	 * @return what changed about the limit, or {@code null}
	 */
	public @Nullable LimitChange answered(Told told, SentCall call, long nowNanos) {
		LimitChange change = hearLimit(told, call, nowNanos);
		if (told.outcome() == Told.Outcome.REFUSED) {
			if (this.usage != null && told.remaining() != null) {
				this.usage.refused(told.remaining(), call, soonAfter(call), nowNanos);
			}
			refused(nowNanos);
		}
		boolean beforeChange = this.changed && call.admittedNanos() - this.changedNanos < 0;
		if (told.remaining() == null || told.outcome() == Told.Outcome.FAILED || beforeChange) {
			return change;
		}
		boolean succeeded = told.outcome() == Told.Outcome.SUCCEEDED;
		// after a refusal better a cap that is too low for a minute than one that is
		// loose
		long soonAfter = succeeded ? soonAfter(call) : 0;
		if (this.rules.remaining()) {
			// any provider counts a part of a call at its arrival, and a cap errs upwards
			long taken = call.takenWhenSent() - (succeeded ? 0 : call.cost());
			hearRemaining(told.remaining(), taken, soonAfter, nowNanos);
		}
		// a call of cost 0 is not ours: what was left after it is no room for us to use
		if (this.rules.credit() && this.rules.share() == 1 && succeeded && call.cost() > 0) {
			hearCredit(told.remaining(), (told.limit() != null) ? told.limit() : 0, call, soonAfter, nowNanos);
		}
		return change;
	}

	private @Nullable LimitChange hearLimit(Told told, SentCall call, long nowNanos) {
		if (!this.rules.limits() || told.limit() == null) {
			return null;
		}
		boolean mayShrink = told.outcome() != Told.Outcome.FAILED;
		return heard(this.learner.told(told.limit(), mayShrink, call.admittedNanos(), nowNanos), nowNanos);
	}

	private void hearRemaining(long remaining, long taken, long soonAfter, long nowNanos) {
		this.cap.answered(remaining, taken, soonAfter, nowNanos);
		if (isShort(nowNanos)) {
			suspendCredit(nowNanos);
		}
	}

	private void hearCredit(long remaining, long toldLimit, SentCall call, long soonAfter, long nowNanos) {
		long limit = limit().amount();
		if (this.usage != null && remaining <= limit && toldLimit <= limit) {
			this.usage.answered(remaining, limit, call, soonAfter, credit(nowNanos), nowNanos);
		}
		if (this.rules.countedAtArrival()) {
			this.credit.answered(remaining, toldLimit, limit, call.cost(), call.admittedNanos(), nowNanos);
		}
		else {
			this.credit.answeredUncounted(remaining, toldLimit, limit, call.othersInFlight(), call.admittedNanos(),
					nowNanos);
		}
	}

	private long soonAfter(SentCall call) {
		return this.log.soonAfter(call.admittedNanos(), call.cost(), this.guardNanos);
	}

	private @Nullable LimitChange heard(@Nullable LimitChange change, long nowNanos) {
		if (change != null && change.isOfAmount()) {
			forgetRemaining(nowNanos);
		}
		return change;
	}

	/**
	 * Forgets what remained, and what will be told of it for calls sent before: it can't
	 * be compared with what our ledger has.
	 * @param nowNanos the time
	 */
	public void forgetRemaining(long nowNanos) {
		this.changed = true;
		this.changedNanos = nowNanos;
		this.cap.reset();
		this.credit.reset();
		if (this.usage != null) {
			this.usage.reset();
		}
	}

	/**
	 * The limit that holds: what decides whether a call can ever start.
	 * @return the limit with the origin of its amount
	 */
	public Limit limit() {
		return this.learner.effective();
	}

	/**
	 * What the provider leaves of the limit as it was stated.
	 * @return the part, above 0 and at most 1
	 */
	public double partLeft() {
		return this.learner.partLeft();
	}

	/**
	 * The amount up to which our ledger may admit now.
	 * @param nowNanos the time
	 * @return the limit's amount, or less while less is left to us
	 */
	public long amount(long nowNanos) {
		return this.cap.amount(limit().amount(), nowNanos);
	}

	/**
	 * What may be admitted now even if our ledger says otherwise about this window.
	 * @param nowNanos the time
	 * @return the amount; 0 if there is no credit
	 */
	public long credit(long nowNanos) {
		return this.credit.available(nowNanos);
	}

	/**
	 * Whether the provider's own answers decide how much may be sent, beside our ledger.
	 * @param nowNanos the time
	 * @return whether there is, or was lately, {@link #credit}
	 */
	public boolean isCreditKnown(long nowNanos) {
		return this.credit.isKnown(nowNanos);
	}

	/**
	 * Whether less is left to us than the limit grants: somebody else uses the key, or
	 * the limit is wrong.
	 * @param nowNanos the time
	 * @return whether {@link #amount} is below the limit
	 */
	public boolean isShort(long nowNanos) {
		return this.cap.isActive(limit().amount(), nowNanos);
	}

	/**
	 * Goes back to what was stated once a lower limit was not confirmed for long.
	 * @param nowNanos the time
	 * @return what changed, or {@code null}
	 */
	public @Nullable LimitChange expire(long nowNanos) {
		return heard(this.learner.expire(nowNanos), nowNanos);
	}

	/**
	 * The application changes the limit while it runs.
	 * @param amount the new amount; {@code null} drops the change
	 * @param nowNanos the time
	 * @return what changed, or {@code null}
	 */
	public @Nullable LimitChange change(@Nullable Long amount, long nowNanos) {
		return heard(this.learner.change(amount), nowNanos);
	}

	/**
	 * A call was refused that had its place in the ledger.
	 * @param newGuardNanos the guard from now on
	 * @param nowNanos the time
	 */
	public void cameTooEarly(long newGuardNanos, long nowNanos) {
		this.guardNanos = newGuardNanos;
		this.credit.guard(newGuardNanos);
		if (this.usage != null) {
			this.usage.guard(newGuardNanos);
		}
		refused(nowNanos);
	}

	/** Where real tokens count a refusal now and then is no sign that credit is wrong. */
	private void refused(long nowNanos) {
		if (this.usage != null) {
			this.usage.refused(nowNanos);
		}
		if (this.rules.countedAtArrival()) {
			suspendCredit(nowNanos);
		}
		else {
			this.credit.reset();
		}
	}

	private void suspendCredit(long nowNanos) {
		long first = Math.max(this.windowNanos, SHORTEST_SUSPENSION_NANOS);
		long sinceEnd = nowNanos - this.suspendedUntilNanos;
		if (this.suspensionFactor == 0 || sinceEnd >= this.suspensionFactor * first) {
			this.suspensionFactor = 1;
		}
		else if (sinceEnd >= 0) {
			this.suspensionFactor = Math.min(LONGEST_FACTOR, 2 * this.suspensionFactor);
		}
		this.suspendedUntilNanos = nowNanos + this.suspensionFactor * first;
		this.credit.suspend(this.suspendedUntilNanos);
	}

	@Override
	public String toString() {
		return this.learner + "; " + this.cap;
	}

}
