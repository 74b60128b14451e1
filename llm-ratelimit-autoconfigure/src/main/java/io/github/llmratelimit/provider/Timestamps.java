package io.github.llmratelimit.provider;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;

import org.jspecify.annotations.Nullable;

/*
 * RFC 9110 section 5.6.7 obliges recipients to accept three forms of a date:
 *
 *   Thu, 15 Oct 2026 12:00:20 GMT     IMF-fixdate
 *   Thursday, 15-Oct-26 12:00:45 GMT  RFC 850
 *   Thu Oct 15 12:01:00 2026          asctime
 *
 * DateTimeFormatter.RFC_1123_DATE_TIME takes the first only, and throws on a day name
 * that doesn't fit the date, which says nothing about the time meant. Anthropic sends
 * RFC 3339 instead, with or without offset and fraction.
 */
/**
 * Reads the points in time that occur in headers.
 */
final class Timestamps {

	private static final int INVALID = Integer.MIN_VALUE;

	private static final long AVERAGE_YEAR_SECONDS = 31_556_952;

	private static final List<String> DAYS = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");

	private static final List<String> MONTHS = List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep",
			"oct", "nov", "dec");

	private Timestamps() {
	}

	/**
	 * Read an RFC 3339 timestamp or an HTTP-date.
	 * @param now tells the century of two-digit years
	 * @return the point in time, or {@code null} if the text is anything else
	 */
	static @Nullable Instant parse(String text, Instant now) {
		TextCursor cursor = new TextCursor(text);
		Instant instant = TextCursor.isDigit(cursor.peek()) ? readRfc3339(cursor) : readHttpDate(cursor, now);
		return cursor.atEnd() ? instant : null;
	}

	private static @Nullable Instant readRfc3339(TextCursor cursor) {
		int year = cursor.digits(4);
		boolean shaped = cursor.skip('-');
		int month = cursor.digits(2);
		shaped &= cursor.skip('-');
		int day = cursor.digits(2);
		shaped &= cursor.skip('T') || cursor.skip('t') || cursor.skip(' ');
		int second = readTime(cursor);
		long nanos = cursor.skip('.') ? Decimal.readFraction(cursor) : 0;
		int offset = readOffset(cursor);
		if (!shaped || nanos < 0 || offset == INVALID) {
			return null;
		}
		Instant local = instant(year, month, day, second);
		return (local != null) ? local.plusNanos(nanos).minusSeconds(offset) : null;
	}

	private static int readOffset(TextCursor cursor) {
		if (cursor.skip('Z') || cursor.skip('z')) {
			return 0;
		}
		int sign = cursor.skip('-') ? -1 : cursor.skip('+') ? 1 : 0;
		int hours = cursor.digits(2);
		boolean shaped = cursor.skip(':');
		int minutes = cursor.digits(2);
		boolean valid = shaped && sign != 0 && within(hours, 0, 23) && within(minutes, 0, 59);
		return valid ? sign * (hours * 3600 + minutes * 60) : INVALID;
	}

	private static @Nullable Instant readHttpDate(TextCursor cursor, Instant now) {
		String weekday = cursor.letters();
		if (weekday.length() < 3 || !DAYS.contains(weekday.substring(0, 3))) {
			return null;
		}
		return cursor.skip(',') ? readDayFirst(cursor, now) : readMonthFirst(cursor);
	}

	private static @Nullable Instant readDayFirst(TextCursor cursor, Instant now) {
		cursor.skipBlanks();
		int day = readDay(cursor);
		boolean shaped = cursor.skip('-') || cursor.skipBlanks();
		int month = readMonth(cursor);
		shaped &= cursor.skip('-') || cursor.skipBlanks();
		int year = readYear(cursor, now);
		shaped &= cursor.skipBlanks();
		int second = readTime(cursor);
		shaped &= cursor.skipBlanks();
		String zone = cursor.letters();
		shaped &= zone.equals("gmt") || zone.equals("utc");
		return shaped ? instant(year, month, day, second) : null;
	}

	private static @Nullable Instant readMonthFirst(TextCursor cursor) {
		boolean shaped = cursor.skipBlanks();
		int month = readMonth(cursor);
		shaped &= cursor.skipBlanks();
		int day = readDay(cursor);
		shaped &= cursor.skipBlanks();
		int second = readTime(cursor);
		shaped &= cursor.skipBlanks();
		int year = cursor.digits(4);
		return shaped ? instant(year, month, day, second) : null;
	}

	private static int readDay(TextCursor cursor) {
		long day = cursor.digits();
		return (day <= 31) ? (int) day : INVALID;
	}

	private static int readMonth(TextCursor cursor) {
		return MONTHS.indexOf(cursor.letters()) + 1;
	}

	private static int readYear(TextCursor cursor, Instant now) {
		int start = cursor.position();
		long year = cursor.digits();
		return switch (cursor.position() - start) {
			case 4 -> (int) year;
			case 2 -> ofTwoDigits((int) year, now);
			default -> INVALID;
		};
	}

	/**
	 * RFC 9110: what seems more than 50 years ahead is in the past.
	 */
	private static int ofTwoDigits(int year, Instant now) {
		long currentYear = now.getEpochSecond() / AVERAGE_YEAR_SECONDS + 1970;
		long candidate = currentYear - currentYear % 100 + year;
		candidate = (candidate > currentYear + 50) ? candidate - 100 : candidate;
		return within(candidate, 0, 9999) ? (int) candidate : INVALID;
	}

	/**
	 * Read {@code hh:mm:ss}.
	 * @return the second of the day, or {@link #INVALID}
	 */
	private static int readTime(TextCursor cursor) {
		int hour = cursor.digits(2);
		boolean shaped = cursor.skip(':');
		int minute = cursor.digits(2);
		shaped &= cursor.skip(':');
		int second = cursor.digits(2);
		// 60 is a leap second, which becomes the first of the next minute
		boolean valid = shaped && within(hour, 0, 23) && within(minute, 0, 59) && within(second, 0, 60);
		return valid ? hour * 3600 + minute * 60 + second : INVALID;
	}

	private static @Nullable Instant instant(int year, int month, int day, int secondOfDay) {
		if (secondOfDay == INVALID || !within(year, 0, 9999) || !within(month, 1, 12)
				|| !within(day, 1, YearMonth.of(year, month).lengthOfMonth())) {
			return null;
		}
		return Instant.ofEpochSecond(LocalDate.of(year, month, day).toEpochDay() * 86_400 + secondOfDay);
	}

	private static boolean within(long value, long min, long max) {
		return value >= min && value <= max;
	}

}
