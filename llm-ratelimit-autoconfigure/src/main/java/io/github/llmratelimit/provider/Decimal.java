package io.github.llmratelimit.provider;

import org.jspecify.annotations.Nullable;

/*
 * Why not Long.parseLong and Double.parseDouble: the first accepts "+500" and digits of
 * other scripts; the second accepts "10d", "5f", "NaN", "Infinity" and "0x10p0", and both
 * throw on what is merely wrong. A header is read by what it may hold: ASCII digits, at
 * most one point.
 */
/**
 * A number that isn't negative, in fixed point.
 *
 * @param whole the part before the point, up to {@link #MAX_WHOLE}
 * @param nanos the part after the point in billionths, rounded up so that a wait is never
 * cut short; up to 1,000,000,000
 */
record Decimal(long whole, long nanos) {

	/** Largest number that a header may hold: 15 digits, as in RFC 9651. */
	static final long MAX_WHOLE = 999_999_999_999_999L;

	private static final long NANOS = 1_000_000_000L;

	/**
	 * Read a count.
	 * @return the number, or {@code null} if the text isn't made of digits or is too long
	 */
	static @Nullable Long count(String text) {
		TextCursor cursor = new TextCursor(text);
		long value = cursor.digits();
		return (value >= 0 && cursor.atEnd()) ? value : null;
	}

	/**
	 * Read a number with or without a fraction.
	 * @return the number, or {@code null} if the text is anything else
	 */
	static @Nullable Decimal parse(String text) {
		TextCursor cursor = new TextCursor(text);
		Decimal decimal = read(cursor);
		return cursor.atEnd() ? decimal : null;
	}

	/**
	 * Read digits, and a point if digits follow it.
	 * @return the number, or {@code null} if there is none or it is too long
	 */
	static @Nullable Decimal read(TextCursor cursor) {
		long whole = cursor.digits();
		int end = cursor.position();
		long nanos = cursor.skip('.') ? readFraction(cursor) : 0;
		if (nanos < 0) {
			// the point ends a sentence
			cursor.moveTo(end);
			nanos = 0;
		}
		return (whole >= 0) ? new Decimal(whole, nanos) : null;
	}

	/**
	 * Read the digits after a point.
	 * @return billionths, rounded up, or -1 if there is no digit
	 */
	static long readFraction(TextCursor cursor) {
		long nanos = TextCursor.isDigit(cursor.peek()) ? 0 : -1;
		long place = NANOS / 10;
		boolean more = false;
		while (TextCursor.isDigit(cursor.peek())) {
			int digit = cursor.next() - '0';
			nanos += digit * place;
			more |= place == 0 && digit > 0;
			place /= 10;
		}
		return more ? nanos + 1 : nanos;
	}

	/**
	 * Multiply by a unit of time, rounding up to nanoseconds.
	 * @param unitNanos length of the unit
	 * @param maxNanos longest time wanted
	 * @return the time in nanoseconds, or -1 if it is longer than that
	 */
	long times(long unitNanos, long maxNanos) {
		if (this.whole > maxNanos / unitNanos) {
			return -1;
		}
		long fraction = (unitNanos >= NANOS) ? this.nanos * (unitNanos / NANOS)
				: (this.nanos * unitNanos + NANOS - 1) / NANOS;
		long total = this.whole * unitNanos + fraction;
		return (total <= maxNanos) ? total : -1;
	}

}
