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
 * @param caution what it says beside that of the way in which it is called
 */
public record ProviderSignal(SignalKind kind, boolean retryable, @Nullable Duration retryAfter, Quota requests,
		Quota tokens, Quota inputTokens, Quota outputTokens, Caution caution) {

	/** A success that tells nothing about limits. */
	public static final ProviderSignal OK = of(SignalKind.OK, false, null);

	/**
	 * Create a signal without {@link Caution}.
	 * @param kind what the response means
	 * @param retryable whether the same request may succeed later
	 * @param retryAfter how long the provider asks to wait, or {@code null}
	 * @param requests the limit of requests
	 * @param tokens the limit of tokens, input and output together
	 * @param inputTokens the limit of input tokens
	 * @param outputTokens the limit of output tokens
	 */
	public ProviderSignal(SignalKind kind, boolean retryable, @Nullable Duration retryAfter, Quota requests,
			Quota tokens, Quota inputTokens, Quota outputTokens) {
		this(kind, retryable, retryAfter, requests, tokens, inputTokens, outputTokens, Caution.NONE);
	}

	/**
	 * Return this signal with another caution.
	 * @param newCaution what the provider says of the way in which it is called
	 * @return the signal
	 */
	public ProviderSignal with(Caution newCaution) {
		return (newCaution == this.caution) ? this : new ProviderSignal(this.kind, this.retryable, this.retryAfter,
				this.requests, this.tokens, this.inputTokens, this.outputTokens, newCaution);
	}

	/**
	 * Return this signal with another wait.
	 * @param newRetryAfter how long to wait, or {@code null}
	 * @return the signal
	 */
	public ProviderSignal withRetryAfter(@Nullable Duration newRetryAfter) {
		return new ProviderSignal(this.kind, this.retryable, newRetryAfter, this.requests, this.tokens,
				this.inputTokens, this.outputTokens, this.caution);
	}

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
