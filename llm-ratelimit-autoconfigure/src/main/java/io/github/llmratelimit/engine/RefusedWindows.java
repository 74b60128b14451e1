package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.List;

import io.github.llmratelimit.Dimension;

/**
 * The windows of a budget that a refusal can mean.
 */
final class RefusedWindows {

	/** What a refusal means of which no window is known. */
	private static final Duration USUAL_WINDOW = Duration.ofMinutes(1);

	private final List<RollingWindow> windows;

	private final Tariff tariff;

	RefusedWindows(List<RollingWindow> windows, Tariff tariff) {
		this.windows = windows;
		this.tariff = tariff;
	}

	/**
	 * A refused call had its place: widens the guard of every window that can be meant,
	 * and lowers the one if there is but one. Where real tokens count, calls that used
	 * more than expected explain it, and a wider guard would only cost.
	 */
	void cameTooEarly(Entry entry, long nowNanos) {
		for (RollingWindow window : this.windows) {
			Dimension dimension = window.limit().dimension();
			boolean uncertain = this.tariff.takesExpected() && Tariff.counts(dimension);
			if (!uncertain) {
				window.widen(nowNanos);
			}
			if (this.windows.size() == 1) {
				window.refused(entry.takenAtNanos(), this.tariff.taken(entry, dimension), uncertain);
			}
			window.cameTooEarly();
		}
	}

	/** Lets calls start at the limits' pace after a pause. */
	void restart(long pauseEndNanos) {
		this.windows.forEach((window) -> window.restart(pauseEndNanos));
	}

	/**
	 * When the oldest call has left every window, as far as the refusal had no hint; a
	 * minute from now if no window is known.
	 */
	long oldestComesBackAt(long nowNanos) {
		long latest = this.windows.isEmpty() ? nowNanos + USUAL_WINDOW.toNanos() : nowNanos;
		for (RollingWindow window : this.windows) {
			latest = Ticks.latest(latest, window.oldestComesBackAt(nowNanos));
		}
		return latest;
	}

}
