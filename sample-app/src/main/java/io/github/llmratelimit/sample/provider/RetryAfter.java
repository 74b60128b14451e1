package io.github.llmratelimit.sample.provider;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/**
 * How a provider says when a refused call may come again.
 */
public enum RetryAfter {

	/** As the provider of the dialect does. */
	USUAL,

	/** Whole seconds, rounded up. */
	SECONDS,

	/** Milliseconds in a header of their own. */
	MILLIS,

	/** A date, as HTTP writes it. */
	DATE,

	/** One second and zero milliseconds, whatever is true: seen at Azure. */
	ZERO,

	/** No header; only texts may tell. */
	NONE;

	private static final String HEADER = "retry-after";

	private static final String MILLIS_HEADER = "retry-after-ms";

	void rewrite(Map<String, String> headers, Duration wait, Instant now) {
		if (this == USUAL || !headers.containsKey(HEADER)) {
			return;
		}
		headers.remove(HEADER);
		headers.remove(MILLIS_HEADER);
		switch (this) {
			case SECONDS -> headers.put(HEADER, Long.toString(GoDuration.ceilSeconds(wait)));
			case MILLIS -> headers.put(MILLIS_HEADER, Long.toString(GoDuration.ceilMillis(wait)));
			case DATE -> headers.put(HEADER,
					DateTimeFormatter.RFC_1123_DATE_TIME.format(now.plus(wait).plusSeconds(1).atZone(ZoneOffset.UTC)));
			case ZERO -> {
				headers.put(HEADER, "1");
				headers.put(MILLIS_HEADER, "0");
			}
			case NONE, USUAL -> {
			}
		}
	}

}
