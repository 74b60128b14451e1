package io.github.llmratelimit.learning;

import org.jspecify.annotations.Nullable;

/**
 * Calls that are added up and written down as one, where estimates count: nothing that is
 * learned of a window tells apart what was sent within a part of a guard. Not
 * thread-safe.
 */
public final class AddedCalls {

	private final AdmissionLog log;

	private final @Nullable UsageCredit usage;

	AddedCalls(AdmissionLog log, @Nullable UsageCredit usage) {
		this.log = log;
		this.usage = usage;
	}

	/**
	 * For how long calls may be added up. Those until then predict nothing.
	 * @param nowNanos the time
	 * @return nanoseconds from now; 0 or less if none may
	 */
	public long nanosLeft(long nowNanos) {
		long left = this.log.partLeftNanos(nowNanos);
		return (this.usage != null) ? Math.min(left, this.usage.addedNanosLeft(nowNanos)) : left;
	}

	/**
	 * Calls were sent within that time.
	 * @param estimates what they take together
	 */
	public void sent(long estimates) {
		this.log.added(estimates);
		if (this.usage != null) {
			this.usage.added(estimates);
		}
	}

	/**
	 * One of them has ended.
	 * @param estimate its estimate
	 * @param used what the provider counts for it
	 * @param sentNanos when it was sent
	 */
	public void ended(long estimate, long used, long sentNanos) {
		if (this.usage != null) {
			this.usage.ended(estimate, used, sentNanos);
		}
	}

}
