package io.github.llmratelimit.learning;

import org.jspecify.annotations.Nullable;

/**
 * What one answer told about one window.
 *
 * @param limit the limit, or {@code null} if it wasn't told
 * @param remaining what was left, or {@code null} if it wasn't told
 * @param outcome how the call ended
 */
public record Told(@Nullable Long limit, @Nullable Long remaining, Outcome outcome) {

	/** How a call ended, as far as limits are concerned. */
	public enum Outcome {

		/** The call succeeded: the provider counted it. */
		SUCCEEDED,

		/** A limit refused the call: the provider didn't count its tokens. */
		REFUSED,

		/** The provider failed or lacked capacity: its limits may speak of its load. */
		FAILED

	}

}
