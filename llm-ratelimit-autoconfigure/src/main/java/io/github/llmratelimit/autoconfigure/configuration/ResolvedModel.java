package io.github.llmratelimit.autoconfigure.configuration;

import java.time.Duration;
import java.util.List;

import io.github.llmratelimit.engine.LimiterDefinition;
import org.jspecify.annotations.Nullable;

/**
 * What the configuration means for one model.
 *
 * @param definition what its limiter is made of
 * @param learn whether its limits may be assumed until the provider tells them
 * @param fallbackModels names of models to try in this order where this one has no budget
 * soon enough
 * @param fallbackAfter how long a call may wait before a fallback model is preferred;
 * {@code null} is the call's longest wait
 */
record ResolvedModel(LimiterDefinition definition, boolean learn, List<String> fallbackModels,
		@Nullable Duration fallbackAfter) {

	ResolvedModel {
		fallbackModels = List.copyOf(fallbackModels);
	}

}
