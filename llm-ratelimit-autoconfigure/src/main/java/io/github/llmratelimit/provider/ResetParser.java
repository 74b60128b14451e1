package io.github.llmratelimit.provider;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/*
 * The same name carries different things: x-ratelimit-reset-tokens is "6m0s" at OpenAI
 * and "300" at Azure, anthropic-ratelimit-…-reset is RFC 3339, X-RateLimit-Reset is
 * seconds from now, epoch seconds or (OpenRouter) epoch milliseconds, and HTTP-dates
 * occur. The forms can be told apart, and numbers by their size:
 *
 *   below 10^9   seconds from now (10^9 s would be 31 years)
 *   below 10^11  epoch seconds    (10^11 s is the year 5138, 10^11 ms the year 1973)
 *   above        epoch milliseconds
 */
/**
 * Reads the time until a limit resets, in all forms that occur.
 */
final class ResetParser {

	private static final long FIRST_EPOCH_SECOND = 1_000_000_000L;

	private static final long FIRST_EPOCH_MILLI = 100_000_000_000L;

	private static final long MAX_SECONDS = Durations.MAX_DAYS * 86_400L;

	private static final int MILLI_NANOS = 1_000_000;

	private ResetParser() {
	}

	/**
	 * Read a reset.
	 * @return zero (also for the past) to 31 days in whole milliseconds, or {@code null}
	 * if the text is anything else
	 */
	static @Nullable Duration parse(String text, Instant now) {
		Decimal number = Decimal.parse(text);
		if (number != null) {
			return ofNumber(number, now);
		}
		Duration duration = Durations.parse(text);
		if (duration != null) {
			return duration;
		}
		Instant instant = Timestamps.parse(text, now);
		return (instant != null) ? until(instant, now) : null;
	}

	private static @Nullable Duration ofNumber(Decimal number, Instant now) {
		if (number.whole() < FIRST_EPOCH_SECOND) {
			return Durations.ofSeconds(number);
		}
		if (number.whole() < FIRST_EPOCH_MILLI) {
			return until(Instant.ofEpochSecond(number.whole(), number.nanos()), now);
		}
		// a fraction of a millisecond is rounded up
		return until(Instant.ofEpochMilli(number.whole() + ((number.nanos() > 0) ? 1 : 0)), now);
	}

	/**
	 * Return the time until then.
	 * @return zero (also for the past) to 31 days in whole milliseconds, or {@code null}
	 * if it is longer
	 */
	static @Nullable Duration until(Instant instant, Instant now) {
		if (!instant.isAfter(now)) {
			return Duration.ZERO;
		}
		// the seconds of any two Instants can be subtracted, their nanoseconds can't
		if (instant.getEpochSecond() - now.getEpochSecond() > MAX_SECONDS) {
			return null;
		}
		long nanos = Duration.between(now, instant).toNanos();
		long millis = (nanos + MILLI_NANOS - 1) / MILLI_NANOS;
		return (millis <= MAX_SECONDS * 1000) ? Duration.ofMillis(millis) : null;
	}

}
