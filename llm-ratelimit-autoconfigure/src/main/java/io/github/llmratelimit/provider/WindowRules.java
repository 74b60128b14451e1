package io.github.llmratelimit.provider;

import java.time.Duration;
import java.util.List;

import io.github.llmratelimit.provider.DialectTable.Quirk;

/*
 * Which window the numbers speak of
 *
 * A number without its window is worse than none: read as a minute's, a limit of 10,000
 * requests per day admits a thousand times too much, and read as a day's, a limit per
 * minute stops the application. Mostly the name of the header decides (tables of
 * BundledDialects), or the response itself (w of RateLimit-Policy, Azure's
 * renewalperiod). Two providers send different windows under one name:
 *
 * OpenAI sends requests per minute, or per day for models and tiers that are limited so:
 *
 *   limit 10000, remaining 9999, reset 8.64s         86,400 s / 10,000
 *   limit 200,   remaining 11,   reset 22h40m48.5s   189 x 432 s = 22 h 40 m 48 s
 *   limit 500,   remaining 499,  reset 120ms         60 s / 500: a minute
 *
 * Its limits refill evenly and the reset is when all is back, so used x W / limit gives
 * the window W. "Longer than a minute" wouldn't do, as the first line shows. What remains
 * is rounded down, so one less than told may be used, yet at least the call itself. Both
 * ends of the range get some tolerance. It can't be mistaken for a minute's, whose resets
 * are 1,440 times shorter. Whatever fits neither (proxies, fixed windows, mistakes) stays
 * a minute, which is what the documentation says. When nothing remains, the reset has
 * been seen to be the wait for the next request (8.64 s of a used-up day), which is a
 * plausible part of a minute too; then only the sentence tells.
 *
 * OpenRouter sends the limit that was hit under names without any dimension; which one
 * that is stands in the sentence.
 */
/**
 * Decides whose window the numbers about requests are where the name of the header
 * doesn't.
 */
final class WindowRules {

	static final Duration MINUTE = Duration.ofMinutes(1);

	static final Duration DAY = Duration.ofDays(1);

	/** Cover rounding, and the time between counting the call and answering. */
	private static final double LEAST = 0.9;

	private static final double MOST = 1.01;

	private static final List<String> REQUESTS_PER_DAY = List.of("requests per day", "(rpd)");

	private WindowRules() {
	}

	/**
	 * Decide by the numbers themselves.
	 */
	static Quotas ofReset(DialectTable table, Quotas quotas) {
		boolean perDay = table.has(Quirk.RESET_SHOWS_DAY) && resetsLikeDay(quotas.requests());
		return perDay ? quotas.withRequestsPer(DAY) : quotas;
	}

	private static boolean resetsLikeDay(Quota quota) {
		if (quota.limit() == null || quota.remaining() == null || quota.reset() == null) {
			return false;
		}
		long used = quota.limit() - quota.remaining();
		if (used < 1) {
			return false;
		}
		double each = (double) DAY.toMillis() / quota.limit();
		double reset = quota.reset().toMillis();
		return reset >= LEAST * each * Math.max(1, used - 1) && reset <= MOST * each * used;
	}

	/**
	 * Decide by what a refusal says.
	 */
	static Quotas ofRefusal(DialectTable table, Quotas quotas, SignalKind kind, ErrorText text) {
		if (table.has(Quirk.RESET_SHOWS_DAY) && kind == SignalKind.RATE_LIMIT_DAY && quotas.requests().isUsedUp()
				&& text.hasAny(REQUESTS_PER_DAY)) {
			return quotas.withRequestsPer(DAY);
		}
		if (!table.has(Quirk.REFUSAL_TELLS_WINDOW)) {
			return quotas;
		}
		return switch (kind) {
			case RATE_LIMIT_DAY -> quotas.withRequestsPer(DAY);
			case RATE_LIMIT_REQUESTS -> quotas.withRequestsPer(MINUTE);
			default -> quotas;
		};
	}

}
