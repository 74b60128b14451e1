package io.github.llmratelimit.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/*
 * RFC 9110 section 10.2.3 knows whole seconds and HTTP-dates. Fractions, RFC 3339 and
 * repeated lines occur too. Units don't: "10d" and "4 seconds" are refused, since a
 * sender that writes one of them may mean anything.
 */
/**
 * Reads {@code Retry-After} and {@code retry-after-ms}.
 */
final class RetryAfterParser {

	/** Longest wait that is taken seriously: Azure has sent it, nobody has sent more. */
	static final Duration MAX_HINT = Duration.ofHours(24);

	private RetryAfterParser() {
	}

	/**
	 * Read the lines of {@code Retry-After}.
	 * @return the longest usable wait, or {@code null}
	 */
	static @Nullable Duration seconds(List<String> lines, Instant now) {
		Duration longest = null;
		for (String line : lines) {
			longest = longest(longest, usable(parseSeconds(line, now)));
		}
		return longest;
	}

	/**
	 * Read the lines of {@code retry-after-ms}.
	 * @return the longest usable wait, or {@code null}
	 */
	static @Nullable Duration millis(List<String> lines) {
		Duration longest = null;
		for (String line : lines) {
			Decimal number = Decimal.parse(line);
			longest = longest(longest, usable((number != null) ? Durations.ofMillis(number) : null));
		}
		return longest;
	}

	private static @Nullable Duration parseSeconds(String line, Instant now) {
		// commas aren't separators here: a date contains one
		Decimal number = Decimal.parse(line);
		if (number != null) {
			return Durations.ofSeconds(number);
		}
		Instant instant = Timestamps.parse(line, now);
		return (instant != null) ? ResetParser.until(instant, now) : null;
	}

	/**
	 * Return the wait if a caller can act on it: zero gives no spacing, and more than
	 * {@link #MAX_HINT} isn't plausible.
	 */
	static @Nullable Duration usable(@Nullable Duration wait) {
		return (wait != null && !wait.isZero() && !wait.isNegative() && wait.compareTo(MAX_HINT) <= 0) ? wait : null;
	}

	static @Nullable Duration longest(@Nullable Duration first, @Nullable Duration second) {
		if (first == null || second == null) {
			return (first != null) ? first : second;
		}
		return (first.compareTo(second) >= 0) ? first : second;
	}

}
