package io.github.llmratelimit;

import java.util.Locale;

/**
 * What a limit counts.
 */
public enum Dimension {

	/** Calls. */
	REQUESTS,

	/** Input and output tokens together, as the provider's cost formula adds them. */
	TOKENS,

	/** Input tokens alone. */
	INPUT_TOKENS,

	/** Output tokens alone. */
	OUTPUT_TOKENS,

	/** Calls in progress at one time: held, not counted over a window. */
	CONCURRENT,

	/**
	 * Tokens of batch jobs that the provider has accepted and not yet worked off: held.
	 */
	ENQUEUED_TOKENS;

	private final String id = name().toLowerCase(Locale.ROOT).replace('_', '-');

	/**
	 * Returns the name used in configuration, e.g. {@code input-tokens}.
	 * @return the lower-case name with dashes
	 */
	public String id() {
		return this.id;
	}

	/**
	 * Whether an amount of this dimension is held while a call runs, instead of being
	 * counted over a window of time.
	 * @return {@code true} for {@link #CONCURRENT} and {@link #ENQUEUED_TOKENS}
	 */
	public boolean isHeld() {
		return this == CONCURRENT || this == ENQUEUED_TOKENS;
	}

}
