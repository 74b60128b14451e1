package io.github.llmratelimit.provider;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/*
 * Two spellings of one thing. In headers and in google.rpc.RetryInfo a duration is
 * compact, as Go prints it: "6m0s", "1.176s", "120ms", "22h40m48.5s". In sentences the
 * same occurs with blanks ("6m 11.52s") and with words ("22 seconds"), and what follows
 * is prose. Duration.parse reads neither, and throws.
 */
/**
 * Reads durations. All results are rounded up to whole milliseconds and at most
 * {@link #MAX_DAYS} days; what is longer is taken for an error of the sender.
 */
final class Durations {

	/** Longest time that any provider's window can mean. */
	static final int MAX_DAYS = 31;

	static final long SECOND_NANOS = 1_000_000_000L;

	private static final long MAX_NANOS = MAX_DAYS * 86_400L * SECOND_NANOS;

	private static final int MILLI_NANOS = 1_000_000;

	private Durations() {
	}

	/**
	 * Read a compact duration.
	 * @return the duration, or {@code null} if the text is anything else
	 */
	static @Nullable Duration parse(String text) {
		TextCursor cursor = new TextCursor(text);
		long total = 0;
		long previousUnit = Long.MAX_VALUE;
		do {
			Decimal number = Decimal.read(cursor);
			long unit = unitNanos(cursor.letters());
			// the larger unit comes first, which also ends "5s5s5s…"
			if (number == null || unit == 0 || unit >= previousUnit) {
				return null;
			}
			total = add(total, number.times(unit, MAX_NANOS));
			previousUnit = unit;
		}
		while (!cursor.atEnd());
		return ofNanos(total);
	}

	/**
	 * Read the duration with which a text goes on, and leave the rest.
	 * @return the duration, or {@code null} if the text goes on differently
	 */
	static @Nullable Duration readFrom(String text, int position) {
		TextCursor cursor = new TextCursor(text, position);
		long total = 0;
		boolean found = false;
		boolean apart = true;
		do {
			cursor.skipBlanks();
			Decimal number = Decimal.read(cursor);
			cursor.skipBlanks();
			long unit = (number != null) ? unitNanos(unitOf(cursor.letters())) : 0;
			if (number == null || unit == 0) {
				// "6m 4 of 5 …" ends with 6m, "6m4" is broken
				total = apart ? total : -1;
				break;
			}
			total = add(total, number.times(unit, MAX_NANOS));
			found = true;
			apart = cursor.skipBlanks();
		}
		while (apart || TextCursor.isDigit(cursor.peek()));
		return found ? ofNanos(total) : null;
	}

	/**
	 * Multiply by seconds.
	 * @return the duration, or {@code null} if it is too long
	 */
	static @Nullable Duration ofSeconds(Decimal seconds) {
		return ofNanos(seconds.times(SECOND_NANOS, MAX_NANOS));
	}

	/**
	 * Multiply by milliseconds.
	 * @return the duration, or {@code null} if it is too long
	 */
	static @Nullable Duration ofMillis(Decimal millis) {
		return ofNanos(millis.times(MILLI_NANOS, MAX_NANOS));
	}

	private static long add(long total, long part) {
		return (total >= 0 && part >= 0 && total + part <= MAX_NANOS) ? total + part : -1;
	}

	private static @Nullable Duration ofNanos(long nanos) {
		return (nanos >= 0) ? Duration.ofMillis((nanos + MILLI_NANOS - 1) / MILLI_NANOS) : null;
	}

	private static long unitNanos(String unit) {
		return switch (unit) {
			case "d" -> 86_400 * SECOND_NANOS;
			case "h" -> 3_600 * SECOND_NANOS;
			case "m" -> 60 * SECOND_NANOS;
			case "s" -> SECOND_NANOS;
			case "ms" -> MILLI_NANOS;
			case "us", "\u00B5s", "\u03BCs" -> 1_000;
			case "ns" -> 1;
			default -> 0;
		};
	}

	private static String unitOf(String word) {
		return switch (word) {
			case "day", "days" -> "d";
			case "hr", "hrs", "hour", "hours" -> "h";
			case "min", "mins", "minute", "minutes" -> "m";
			case "sec", "secs", "second", "seconds" -> "s";
			case "msec", "millis", "millisecond", "milliseconds" -> "ms";
			default -> word;
		};
	}

}
