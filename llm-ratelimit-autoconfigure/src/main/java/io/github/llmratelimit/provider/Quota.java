package io.github.llmratelimit.provider;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What a response tells about one limit.
 *
 * @param limit amount granted per window, 0 to 999,999,999,999,999; {@code null} if not
 * told or not plausible
 * @param remaining amount left when the response was made, same range; already out of
 * date when other calls are in flight; {@code null} if not told or not plausible
 * @param reset time until the provider expects more, usually until all of the limit is
 * back; zero to 31 days in whole milliseconds; {@code null} if not told or not plausible
 * @param window length of the window that limit and remaining speak of, as the response
 * tells it or else the provider's documentation; 1 ms to 31 days; {@code null} if not
 * known, and then the numbers can't be related to a limit per minute or any other. A
 * window of a second is a rate: the provider may measure it over a longer time
 */
public record Quota(@Nullable Long limit, @Nullable Long remaining, @Nullable Duration reset,
		@Nullable Duration window) {

	/** Nothing is known. */
	public static final Quota UNKNOWN = new Quota(null, null, null);

	/**
	 * Create a quota of which no window is known.
	 * @param limit amount granted per window, or {@code null}
	 * @param remaining amount left when the response was made, or {@code null}
	 * @param reset time until the provider expects more, or {@code null}
	 */
	public Quota(@Nullable Long limit, @Nullable Long remaining, @Nullable Duration reset) {
		this(limit, remaining, reset, null);
	}

	/**
	 * Return whether the response told anything.
	 * @return {@code false} if limit, remaining and reset are {@code null}; a window
	 * alone says nothing
	 */
	public boolean isKnown() {
		return this.limit != null || this.remaining != null || this.reset != null;
	}

	/**
	 * Return these numbers for another window; nothing stays nothing.
	 */
	Quota per(@Nullable Duration window) {
		return isKnown() ? new Quota(this.limit, this.remaining, this.reset, window) : UNKNOWN;
	}

	boolean isUsedUp() {
		return this.remaining != null && this.remaining == 0;
	}

	boolean isPerDayOrLonger() {
		return this.window != null && this.window.compareTo(WindowRules.DAY) >= 0;
	}

	boolean isNeverGranted() {
		return this.limit != null && this.limit == 0;
	}

}
