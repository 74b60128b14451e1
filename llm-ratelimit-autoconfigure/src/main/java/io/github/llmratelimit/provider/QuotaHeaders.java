package io.github.llmratelimit.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The names under which a provider tells about one limit.
 *
 * @param limit name of the header with the limit
 * @param remaining name of the header with what remains
 * @param reset name of the header with the reset
 * @param renewal name of the header with the length of the window in seconds, or empty
 * @param window the window that is meant unless {@code renewal} tells another, or
 * {@code null} if it isn't known
 * @param others names to read if there is nothing under these, or {@code null}
 */
record QuotaHeaders(String limit, String remaining, String reset, String renewal, @Nullable Duration window,
		@Nullable QuotaHeaders others) {

	static final QuotaHeaders NONE = new QuotaHeaders("", "", "", "", null, null);

	/**
	 * Create the three names from a pattern.
	 * @param pattern the name with a star for {@code limit}, {@code remaining} and
	 * {@code reset}
	 */
	static QuotaHeaders of(String pattern) {
		return new QuotaHeaders(pattern.replace("*", "limit"), pattern.replace("*", "remaining"),
				pattern.replace("*", "reset"), "", null, null);
	}

	QuotaHeaders per(Duration window) {
		return new QuotaHeaders(this.limit, this.remaining, this.reset, this.renewal, window, this.others);
	}

	QuotaHeaders withRenewal(String renewal) {
		return new QuotaHeaders(this.limit, this.remaining, this.reset, renewal, this.window, this.others);
	}

	QuotaHeaders or(QuotaHeaders others) {
		return new QuotaHeaders(this.limit, this.remaining, this.reset, this.renewal, this.window, others);
	}

	/**
	 * Read the headers. Bad values are dropped one by one; of lines that disagree the
	 * most restrictive counts.
	 * @param success whether the response is a success, on which a limit of 0 is nonsense
	 */
	Quota read(HttpFields fields, Instant now, boolean success) {
		if (this == NONE) {
			return Quota.UNKNOWN;
		}
		Long limit = smallest(fields.values(this.limit));
		Long remaining = smallest(fields.values(this.remaining));
		Quota quota = quota(limit, remaining, longest(fields.values(this.reset), now), success).per(windowOf(fields));
		return (quota.isKnown() || this.others == null) ? quota : this.others.read(fields, now, success);
	}

	static Quota quota(@Nullable Long limit, @Nullable Long remaining, @Nullable Duration reset, boolean success) {
		boolean nonsense = success && limit != null && limit == 0;
		Quota quota = nonsense ? new Quota(null, null, reset) : new Quota(limit, remaining, reset);
		return quota.isKnown() ? quota : Quota.UNKNOWN;
	}

	private @Nullable Duration windowOf(HttpFields fields) {
		Duration longest = null;
		for (String line : this.renewal.isEmpty() ? List.<String>of() : fields.values(this.renewal)) {
			longest = RetryAfterParser.longest(longest, window(Decimal.count(line)));
		}
		return (longest != null) ? longest : this.window;
	}

	/**
	 * Return a window of so many seconds.
	 * @return the window, or {@code null} if it is none: 0, or longer than 31 days
	 */
	static @Nullable Duration window(@Nullable Long seconds) {
		return (seconds != null && seconds > 0) ? Durations.ofSeconds(new Decimal(seconds, 0)) : null;
	}

	static @Nullable Long smallest(List<String> lines) {
		Long smallest = null;
		for (String line : lines) {
			Long value = Decimal.count(line);
			if (value != null && (smallest == null || value < smallest)) {
				smallest = value;
			}
		}
		return smallest;
	}

	private static @Nullable Duration longest(List<String> lines, Instant now) {
		Duration longest = null;
		for (String line : lines) {
			longest = RetryAfterParser.longest(longest, ResetParser.parse(line, now));
		}
		return longest;
	}

}
