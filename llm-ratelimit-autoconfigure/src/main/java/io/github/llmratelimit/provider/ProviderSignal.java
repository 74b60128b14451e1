package io.github.llmratelimit.provider;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What one response of a provider says.
 *
 * @param kind what the response means
 * @param retryable whether the same request may succeed later; not whether the caller
 * should wait so long
 * @param retryAfter how long the provider asks to wait, above zero and up to 24 hours in
 * whole milliseconds; {@code null} if it doesn't say, says something implausible, or the
 * kind is {@link SignalKind#OK}. A caller adds its own jitter and maximum
 * @param requests the limit of requests
 * @param tokens the limit of tokens, input and output together
 * @param inputTokens the limit of input tokens
 * @param outputTokens the limit of output tokens
 */
public record ProviderSignal(SignalKind kind, boolean retryable, @Nullable Duration retryAfter, Quota requests,
		Quota tokens, Quota inputTokens, Quota outputTokens) {

	/** A success that tells nothing about limits. */
	public static final ProviderSignal OK = of(SignalKind.OK, false, null);

	/**
	 * Create a signal that tells nothing about limits.
	 * @param kind what the response means
	 * @param retryable whether the same request may succeed later
	 * @param retryAfter how long the provider asks to wait, or {@code null}
	 * @return the signal
	 */
	public static ProviderSignal of(SignalKind kind, boolean retryable, @Nullable Duration retryAfter) {
		return new ProviderSignal(kind, retryable, retryAfter, Quota.UNKNOWN, Quota.UNKNOWN, Quota.UNKNOWN,
				Quota.UNKNOWN);
	}

}
