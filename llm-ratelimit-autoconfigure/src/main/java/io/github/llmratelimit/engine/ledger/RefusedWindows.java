package io.github.llmratelimit.engine.ledger;

import java.time.Duration;
import java.util.List;

import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.time.Ticks;

/**
 * The windows of a ledger that a provider's refusal can mean, and what it does to them.
 *
 * @param windows the windows; empty if none is known
 * @param tariff how the provider books
 */
public record RefusedWindows(List<RollingWindow> windows, Tariff tariff) {

	/** What a refusal means of which no window is known. */
	private static final Duration USUAL_WINDOW = Duration.ofMinutes(1);

	/** Part of a window in which too little comes back for a burst. */
	private static final int SHORT = 20;

	/**
	 * A refused call had its place: widens the guard of every window, and lowers the one
	 * if there is but one. Where real tokens count, calls that used more than expected
	 * explain it, so more is held for that, and a wider guard would only cost.
	 */
	public void cameTooEarly(LedgerEntry entry, long nowNanos) {
		for (RollingWindow window : this.windows) {
			Dimension dimension = window.limit().dimension();
			if (!this.tariff.isUncertain(dimension)) {
				window.widen(nowNanos);
			}
			if (isExplained(window)) {
				this.tariff.spread(dimension).refused();
			}
			else if (this.windows.size() == 1) {
				window.refused(entry.takenAtNanos(), this.tariff.taken(entry, dimension));
			}
			window.cameTooEarly();
		}
	}

	/** Whether calls that used more than expected are reason enough for the refusal. */
	private boolean isExplained(RollingWindow window) {
		return this.tariff.isUncertain(window.limit().dimension()) && window.isNearlyFull();
	}

	/**
	 * Lets calls start at the limits' pace after a pause, but where the limit is as we
	 * think and the pause too short for a burst to follow.
	 */
	public void restart(long pauseEndNanos) {
		for (RollingWindow window : this.windows) {
			boolean isShort = pauseEndNanos - window.latestNanos() <= window.windowNanos() / SHORT;
			if (!isShort || !isExplained(window)) {
				window.restart(pauseEndNanos);
			}
		}
	}

	/**
	 * When the oldest call has left every window; a minute from now if there is none.
	 */
	public long oldestComesBackAt(long nowNanos) {
		long latest = nowNanos;
		for (RollingWindow window : this.windows) {
			latest = Ticks.latest(latest, window.oldestComesBackAt(nowNanos));
		}
		return this.windows.isEmpty() ? nowNanos + USUAL_WINDOW.toNanos() : latest;
	}

}
