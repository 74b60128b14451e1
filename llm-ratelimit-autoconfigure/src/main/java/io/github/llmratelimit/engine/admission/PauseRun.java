package io.github.llmratelimit.engine.admission;

import java.util.ArrayList;
import java.util.List;

import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.time.Ticks;
import org.jspecify.annotations.Nullable;

/**
 * A pause as others are told of it: it begins with the refusal that stops a budget, is
 * prolonged by those that follow, and is over when no dimension is paused any more.
 */
public final class PauseRun {

	/*
	 * Told once, and in order
	 *
	 * A full limit is refused to every call that is on its way: fifty refusals, one
	 * pause. So only the refusal that begins it is told, and one that makes it a pause
	 * for the day. The end is told when it has come, by the budget's alarm: calls may
	 * wait for it or not, come soon or tomorrow. Beginnings are told outside of the lock,
	 * where the end could overtake them; so the end is told only once it has been asked
	 * for, which is after the beginning was told.
	 */

	private @Nullable Reason reason;

	private @Nullable Runnable atEnd;

	private final List<Runnable> ended = new ArrayList<>();

	/**
	 * A refusal has paused the budget.
	 * @return whether that is to be told
	 */
	public boolean begin(Reason newReason) {
		boolean begins = this.reason == null || newReason == Reason.DAY_LIMIT && this.reason != newReason;
		if (begins) {
			this.reason = newReason;
		}
		return begins;
	}

	/** What to do at the end; it may have come. */
	public void atEnd(Runnable task) {
		this.atEnd = task;
	}

	/**
	 * Looks whether the pause is over.
	 * @param endNanos when nothing is paused any more; now or before if nothing is
	 * @return when to look again, {@link Ticks#FOREVER_NANOS} from now if nobody waits
	 */
	long look(long endNanos, long nowNanos) {
		if (this.atEnd == null) {
			return nowNanos + Ticks.FOREVER_NANOS;
		}
		if (endNanos - nowNanos > 0) {
			return endNanos;
		}
		this.ended.add(this.atEnd);
		this.atEnd = null;
		this.reason = null;
		return nowNanos + Ticks.FOREVER_NANOS;
	}

	/** What is to be done since a pause is over. */
	public List<Runnable> takeEnded() {
		if (this.ended.isEmpty()) {
			return List.of();
		}
		List<Runnable> taken = List.copyOf(this.ended);
		this.ended.clear();
		return taken;
	}

}
