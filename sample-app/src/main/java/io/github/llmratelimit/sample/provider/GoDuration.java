package io.github.llmratelimit.sample.provider;

import java.math.BigDecimal;
import java.time.Duration;

/**
 * Durations as OpenAI writes them in headers, which is Go's way: {@code 6m0s},
 * {@code 1.176s}, {@code 120ms}, {@code 0s}.
 */
final class GoDuration {

	private GoDuration() {
	}

	/**
	 * Writes a duration, rounded up to whole milliseconds, so that nobody who obeys comes
	 * too early.
	 * @param duration zero or positive
	 * @return the text
	 */
	static String format(Duration duration) {
		long millis = ceilMillis(duration);
		if (millis == 0) {
			return "0s";
		}
		if (millis < 1000) {
			return millis + "ms";
		}
		long hours = millis / 3_600_000;
		long minutes = millis / 60_000 % 60;
		String seconds = BigDecimal.valueOf(millis % 60_000, 3).stripTrailingZeros().toPlainString() + "s";
		if (hours > 0) {
			return hours + "h" + minutes + "m" + seconds;
		}
		return (minutes > 0) ? minutes + "m" + seconds : seconds;
	}

	static long ceilMillis(Duration duration) {
		return ceil(duration, 1_000_000);
	}

	static long ceilSeconds(Duration duration) {
		return ceil(duration, 1_000_000_000);
	}

	private static long ceil(Duration duration, long unitNanos) {
		return (duration.toNanos() + unitNanos - 1) / unitNanos;
	}

}
