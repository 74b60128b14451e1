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
 */
record QuotaHeaders(String limit, String remaining, String reset) {

	static final QuotaHeaders NONE = new QuotaHeaders("", "", "");

	/**
	 * Create the three names from a pattern.
	 * @param pattern the name with a star for {@code limit}, {@code remaining} and
	 * {@code reset}
	 */
	static QuotaHeaders of(String pattern) {
		return new QuotaHeaders(pattern.replace("*", "limit"), pattern.replace("*", "remaining"),
				pattern.replace("*", "reset"));
	}

	/**
	 * Read the three headers. Bad values are dropped one by one; of lines that disagree
	 * the most restrictive counts.
	 * @param success whether the response is a success, on which a limit of 0 is nonsense
	 */
	Quota read(HttpFields fields, Instant now, boolean success) {
		if (this == NONE) {
			return Quota.UNKNOWN;
		}
		Long limit = smallest(fields.values(this.limit));
		Long remaining = smallest(fields.values(this.remaining));
		return quota(limit, remaining, longest(fields.values(this.reset), now), success);
	}

	static Quota quota(@Nullable Long limit, @Nullable Long remaining, @Nullable Duration reset, boolean success) {
		boolean nonsense = success && limit != null && limit == 0;
		Quota quota = nonsense ? new Quota(null, null, reset) : new Quota(limit, remaining, reset);
		return quota.isKnown() ? quota : Quota.UNKNOWN;
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
