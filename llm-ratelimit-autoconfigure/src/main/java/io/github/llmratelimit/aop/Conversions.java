package io.github.llmratelimit.aop;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.llmratelimit.Limit;
import io.github.llmratelimit.Priority;
import org.jspecify.annotations.Nullable;

import org.springframework.format.datetime.standard.DurationFormatterUtils;

/**
 * From what an attribute says to what it means, the same for a literal and for the result
 * of an expression. What can't be understood is an {@link IllegalArgumentException} that
 * ends the sentence "Invalid … :".
 */
final class Conversions {

	private static final Pattern AMOUNT = Pattern.compile("(\\d[\\d_]{0,20})([kKM]?)");

	private static final Pattern DURATION = Pattern.compile(".*\\d\\s*[a-zA-Z].*");

	private Conversions() {
	}

	/** What is inside an {@link Optional}, or the value itself. */
	static @Nullable Object unwrap(@Nullable Object value) {
		if (value instanceof Optional<?> optional) {
			return optional.orElse(null);
		}
		if (value instanceof OptionalInt optional) {
			return optional.isPresent() ? optional.getAsInt() : null;
		}
		if (value instanceof OptionalLong optional) {
			return optional.isPresent() ? optional.getAsLong() : null;
		}
		return value;
	}

	/** An amount of tokens: any number, or 30000, 30_000, 30k, 2M as text. */
	static long tokens(Object value) {
		if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
			return checked(((Number) value).longValue(), value);
		}
		if (value instanceof Number number) {
			// through double, since longValue() of what is too large may be anything
			double exact = number.doubleValue();
			if (!(exact >= 0 && exact <= Limit.LARGEST_AMOUNT)) {
				throw outOfRange(value);
			}
			return (long) Math.ceil(exact);
		}
		if (value instanceof CharSequence text) {
			return amount(text.toString().trim());
		}
		throw new IllegalArgumentException("must be a number, but is a " + value.getClass().getName());
	}

	private static long amount(String text) {
		Matcher matcher = AMOUNT.matcher(text);
		if (!matcher.matches()) {
			throw new IllegalArgumentException("must be a number such as 30000, 30_000, 30k or 2M");
		}
		String digits = matcher.group(1).replace("_", "");
		if (digits.length() > 16) {
			throw outOfRange(text);
		}
		long scale = switch (matcher.group(2)) {
			case "k", "K" -> 1_000;
			case "M" -> 1_000_000;
			default -> 1;
		};
		long number = Long.parseLong(digits);
		return checked((number <= Limit.LARGEST_AMOUNT) ? number * scale : number, text);
	}

	private static long checked(long tokens, Object value) {
		if (tokens < 0 || tokens > Limit.LARGEST_AMOUNT) {
			throw outOfRange(value);
		}
		return tokens;
	}

	private static IllegalArgumentException outOfRange(Object value) {
		return new IllegalArgumentException(
				"must be between 0 and %d, but is %s".formatted(Limit.LARGEST_AMOUNT, value));
	}

	static Priority priority(Object value) {
		if (value instanceof Priority priority) {
			return priority;
		}
		String name = value.toString().trim().toUpperCase(Locale.ROOT);
		for (Priority priority : Priority.values()) {
			if (priority.name().equals(name)) {
				return priority;
			}
		}
		throw new IllegalArgumentException("must be HIGH, NORMAL or BATCH, but is " + value);
	}

	static @Nullable String tenant(Object value) {
		String tenant = value.toString();
		return tenant.isBlank() ? null : tenant;
	}

	static Duration duration(Object value) {
		if (value instanceof Duration duration) {
			return positive(duration);
		}
		if (!(value instanceof CharSequence)) {
			throw new IllegalArgumentException(
					"must be a duration such as 30s, but is a " + value.getClass().getName());
		}
		String text = value.toString().trim();
		if (!DURATION.matcher(text).matches()) {
			throw new IllegalArgumentException("must be a duration with its unit, such as 30s, 500ms, 2m or PT30S");
		}
		try {
			return positive(DurationFormatterUtils.detectAndParse(text));
		}
		catch (RuntimeException ex) {
			throw new IllegalArgumentException("must be a duration such as 30s, 500ms, 2m or PT30S", ex);
		}
	}

	private static Duration positive(Duration duration) {
		if (duration.isNegative()) {
			throw new IllegalArgumentException("must be positive, or zero to never wait, but is " + duration);
		}
		return duration;
	}

}
