package io.github.llmratelimit;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * One limit that a provider enforces: an amount of one dimension, over one window.
 *
 * @param dimension what is counted
 * @param amount how much of it fits into every interval of the window's length; at least
 * 1
 * @param per length of the window, at least {@link #SHORTEST_WINDOW}; {@code null} for
 * held dimensions only
 * @param origin where the amount comes from
 */
public record Limit(Dimension dimension, long amount, @Nullable Duration per, LimitOrigin origin) {

	/** Shortest window that can be stated. */
	public static final Duration SHORTEST_WINDOW = Duration.ofMillis(100);

	/** Longest window that can be stated. */
	public static final Duration LONGEST_WINDOW = Duration.ofDays(31);

	/**
	 * Largest amount that can be stated, beyond every published limit by orders of
	 * magnitude, and small enough that sums cannot overflow.
	 */
	public static final long LARGEST_AMOUNT = 1_000_000_000_000_000L;

	public Limit {
		if (amount < 1 || amount > LARGEST_AMOUNT) {
			throw new IllegalArgumentException(
					"Invalid amount (%d): must be between 1 and %d.".formatted(amount, LARGEST_AMOUNT));
		}
		if (dimension.isHeld() != (per == null)) {
			throw new IllegalArgumentException("Invalid per (%s): %s is %s.".formatted(per, dimension.id(),
					dimension.isHeld() ? "held while a call runs and has no window" : "counted over a window"));
		}
		if (per != null && (per.compareTo(SHORTEST_WINDOW) < 0 || per.compareTo(LONGEST_WINDOW) > 0)) {
			throw new IllegalArgumentException(
					"Invalid per (%s): must be between %s and %s.".formatted(per, SHORTEST_WINDOW, LONGEST_WINDOW));
		}
	}

	/**
	 * A limit per minute, as written by the application.
	 * @param dimension what is counted
	 * @param amount how much of it fits into a minute
	 * @return the limit
	 */
	public static Limit perMinute(Dimension dimension, long amount) {
		return new Limit(dimension, amount, Duration.ofMinutes(1), LimitOrigin.CONFIGURED);
	}

	/**
	 * The same window with another amount.
	 * @param newAmount the amount; at least 1
	 * @param newOrigin where it comes from
	 * @return the changed limit
	 */
	public Limit withAmount(long newAmount, LimitOrigin newOrigin) {
		return new Limit(this.dimension, newAmount, this.per, newOrigin);
	}

	/**
	 * The window in short form: {@code 1m}, {@code 1d}, {@code 10s}, or {@code none} for
	 * a held dimension.
	 * @return the form used in meters and messages
	 */
	public String window() {
		if (this.per == null) {
			return "none";
		}
		long millis = this.per.toMillis();
		if (millis % 86_400_000 == 0) {
			return millis / 86_400_000 + "d";
		}
		if (millis % 3_600_000 == 0) {
			return millis / 3_600_000 + "h";
		}
		if (millis % 60_000 == 0) {
			return millis / 60_000 + "m";
		}
		return (millis % 1_000 == 0) ? millis / 1_000 + "s" : millis + "ms";
	}

	@Override
	public String toString() {
		return "%d %s per %s (%s)".formatted(this.amount, this.dimension.id(), window(), this.origin);
	}

}
