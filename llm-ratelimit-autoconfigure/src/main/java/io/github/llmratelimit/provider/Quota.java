package io.github.llmratelimit.provider;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What a response tells about one limit. The window isn't part of it: most providers
 * don't send one.
 *
 * @param limit amount granted per window, 0 to 999,999,999,999,999; {@code null} if not
 * told or not plausible
 * @param remaining amount left when the response was made, same range; already out of
 * date when other calls are in flight; {@code null} if not told or not plausible
 * @param reset time until the provider expects more, usually until all of the limit is
 * back; zero to 31 days in whole milliseconds; {@code null} if not told or not plausible
 */
public record Quota(@Nullable Long limit, @Nullable Long remaining, @Nullable Duration reset) {

	/** Nothing is known. */
	public static final Quota UNKNOWN = new Quota(null, null, null);

	/**
	 * Return whether the response told anything.
	 * @return {@code false} if all components are {@code null}
	 */
	public boolean isKnown() {
		return this.limit != null || this.remaining != null || this.reset != null;
	}

	boolean isUsedUp() {
		return this.remaining != null && this.remaining == 0;
	}

	boolean isNeverGranted() {
		return this.limit != null && this.limit == 0;
	}

}
