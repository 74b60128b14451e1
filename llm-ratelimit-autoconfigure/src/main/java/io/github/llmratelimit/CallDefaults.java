package io.github.llmratelimit;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What calls to a model do where they do not say it themselves.
 *
 * @param maxWait how long they wait; zero never waits
 * @param fallbackModels models to try instead, in order
 * @param fallbackAfter how long a call may have to wait before another model is
 * preferred, {@code null} for its {@code maxWait}: only instead of a refusal
 */
public record CallDefaults(Duration maxWait, List<String> fallbackModels, @Nullable Duration fallbackAfter) {

	public CallDefaults {
		fallbackModels = List.copyOf(fallbackModels);
		if (maxWait.isNegative()) {
			throw new IllegalArgumentException(
					"Invalid maxWait (%s): must be positive, or zero to never wait.".formatted(maxWait));
		}
		if (fallbackAfter != null && fallbackAfter.isNegative()) {
			throw new IllegalArgumentException(
					"Invalid fallbackAfter (%s): must be positive or zero.".formatted(fallbackAfter));
		}
	}

}
