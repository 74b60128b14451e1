package io.github.llmratelimit.autoconfigure.tiers;

import java.time.Duration;
import java.util.Map;

import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.autoconfigure.tiers.LimitReader.Window;
import org.jspecify.annotations.Nullable;

/**
 * Limits on requests that follow from other limits. Azure grants tokens, and requests in
 * proportion to them, and counts requests over slices of the minute in which it expects
 * them to be spread evenly.
 *
 * @param perThousandTokens requests per minute that come with 1,000 tokens per minute
 * @param slice window in which requests must be spread evenly
 */
public record RequestRates(@Nullable Long perThousandTokens, @Nullable Duration slice) {

	/** Nothing follows from anything. */
	static final RequestRates NONE = new RequestRates(null, null);

	/**
	 * Adds the requests that come with tokens, unless requests per minute are stated.
	 * @param limits limits of a pool
	 */
	public void addRequests(Map<Window, Limit> limits) {
		Limit tokens = limits.get(Window.TOKENS_PER_MINUTE);
		if (this.perThousandTokens != null && tokens != null) {
			long requests = Math.max(1, tokens.amount() / 1_000 * this.perThousandTokens
					+ tokens.amount() % 1_000 * this.perThousandTokens / 1_000);
			limits.putIfAbsent(Window.REQUESTS_PER_MINUTE,
					Limit.perMinute(Dimension.REQUESTS, requests).withAmount(requests, tokens.origin()));
		}
	}

	/**
	 * Adds a slice of the requests per minute, unless shorter windows are stated.
	 * @param limits limits of a pool
	 */
	public void addSlice(Map<Window, Limit> limits) {
		Limit minute = limits.get(Window.REQUESTS_PER_MINUTE);
		if (this.slice == null || minute == null || hasShorterWindow(limits)) {
			return;
		}
		long amount = Math.max(1, minute.amount() * this.slice.toMillis() / Duration.ofMinutes(1).toMillis());
		Limit sliced = new Limit(Dimension.REQUESTS, amount, this.slice, minute.origin());
		limits.put(Window.of(sliced), sliced);
	}

	private static boolean hasShorterWindow(Map<Window, Limit> limits) {
		return limits.keySet()
			.stream()
			.anyMatch((window) -> window.dimension() == Dimension.REQUESTS && window.per() != null
					&& window.per().compareTo(Duration.ofMinutes(1)) < 0);
	}

}
