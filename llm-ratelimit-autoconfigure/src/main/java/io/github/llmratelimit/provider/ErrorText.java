package io.github.llmratelimit.provider;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * What the sentence for humans tells. Often it is the only part that names the limit.
 */
final class ErrorText {

	private static final List<String> WAIT_PHRASES = List.of("try again in", "retry in", "retry after",
			"try again after");

	private final String text;

	private final String words;

	ErrorText(String text) {
		this.text = lowerCase(text);
		this.words = this.text.replace('_', ' ').replace('-', ' ');
	}

	static String shortened(String text, int length) {
		return (text.length() <= length) ? text : text.substring(0, length);
	}

	static String lowerCase(String text) {
		return text.toLowerCase(Locale.ROOT);
	}

	/**
	 * Return whether the text holds one of the phrases, which are written in lower case
	 * with blanks in the place of {@code -} and {@code _}.
	 */
	boolean hasAny(List<String> phrases) {
		for (String phrase : phrases) {
			if (this.words.contains(phrase)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Return whether the limit is said to be 0, as in {@code limit: 0, model: …}.
	 */
	boolean saysLimitIsZero() {
		return numbersAfter("limit").contains(0L);
	}

	/**
	 * Return whether the request can never fit, as in
	 * {@code Limit 200000, Used 0, Requested 480002}.
	 */
	boolean saysRequestedIsAboveLimit() {
		List<Long> limits = numbersAfter("limit");
		List<Long> requested = numbersAfter("requested");
		return !limits.isEmpty() && !requested.isEmpty() && requested.get(0) > limits.get(0);
	}

	/**
	 * Return how long the text asks to wait, as in {@code Please try again in 1m24s.}
	 * @return the first usable wait, at least as long as given, or {@code null}
	 */
	@Nullable Duration wait(Duration atLeast) {
		for (String phrase : WAIT_PHRASES) {
			for (int at = this.text.indexOf(phrase); at >= 0; at = this.text.indexOf(phrase, at + 1)) {
				Duration wait = RetryAfterParser.usable(Durations.readFrom(this.text, at + phrase.length()));
				if (wait != null && wait.compareTo(atLeast) >= 0) {
					return wait;
				}
			}
		}
		return null;
	}

	private List<Long> numbersAfter(String word) {
		List<Long> numbers = new ArrayList<>();
		for (int at = this.text.indexOf(word); at >= 0; at = this.text.indexOf(word, at + 1)) {
			TextCursor cursor = new TextCursor(this.text, at + word.length());
			boolean apart = cursor.skip(':') | cursor.skipBlanks();
			Long number = apart ? readGrouped(cursor) : null;
			if (number != null) {
				numbers.add(number);
			}
		}
		return numbers;
	}

	/**
	 * Read a whole number that may have thousands separators.
	 */
	private static @Nullable Long readGrouped(TextCursor cursor) {
		long value = cursor.digits();
		while (value >= 0 && value <= Decimal.MAX_WHOLE) {
			int end = cursor.position();
			int group = cursor.skip(',') ? cursor.digits(3) : -1;
			if (group < 0) {
				cursor.moveTo(end);
				break;
			}
			value = value * 1000 + group;
		}
		boolean hasFraction = cursor.skip('.') && TextCursor.isDigit(cursor.peek());
		return (value >= 0 && value <= Decimal.MAX_WHOLE && !hasFraction) ? value : null;
	}

}
