package io.github.llmratelimit;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * When a call would be admitted if it were made now.
 *
 * @param waitTime how long it would wait; zero if it need not
 * @param dimension the dimension that makes it wait, {@code null} if none does
 * @param ahead how many calls wait before it
 */
public record Forecast(Duration waitTime, @Nullable Dimension dimension, int ahead) {

	/**
	 * Whether the call would start at once.
	 * @return {@code true} if it need not wait
	 */
	public boolean isImmediate() {
		return this.waitTime.isZero();
	}

}
