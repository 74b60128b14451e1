package io.github.llmratelimit.autoconfigure.diagnostics;

import java.time.Duration;

/**
 * Writes durations for messages.
 */
public final class Durations {

	private static final long MANY_SECONDS = Duration.ofDays(36_500).toSeconds();

	private Durations() {
	}

	/**
	 * A duration as it is written in configuration.
	 * @param duration the duration
	 * @return e.g. {@code 90s}, {@code 5m} or {@code 250ms}
	 */
	public static String text(Duration duration) {
		if (duration.toSeconds() > MANY_SECONDS || duration.toSeconds() < -MANY_SECONDS) {
			return duration.toString(); // shorter units would overflow
		}
		if (duration.toNanosPart() % 1_000_000 != 0) {
			return duration.toNanos() + "ns";
		}
		long millis = duration.toMillis();
		if (millis % 1_000 != 0) {
			return millis + "ms";
		}
		return (millis != 0 && millis % 60_000 == 0) ? millis / 60_000 + "m" : millis / 1_000 + "s";
	}

}
