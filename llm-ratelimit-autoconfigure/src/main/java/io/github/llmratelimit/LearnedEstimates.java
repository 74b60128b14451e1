package io.github.llmratelimit;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What earlier calls taught about the size of the next ones of one model, to be looked
 * at. Starts anew with every start of the application.
 *
 * @param outputTokens tokens that 95 % of the answers stay below, by the method that
 * calls; the model's default until 20 were seen. Used where no maximum is stated
 * @param inputRatio tokens of a prompt for each one of an estimate without the model's
 * tokenizer; {@code null} if none has been observed
 * @param usedParts tokens that calls use for each one they may use, by dimension: what is
 * taken of an actual booking, and what forecasts reckon with. 1 until enough was seen;
 * empty where estimates are booked
 */
public record LearnedEstimates(Map<String, Long> outputTokens, @Nullable Double inputRatio,
		Map<Dimension, Double> usedParts) {

	/** Nothing. */
	public static final LearnedEstimates NONE = new LearnedEstimates(Map.of(), null, Map.of());

	public LearnedEstimates {
		outputTokens = Map.copyOf(outputTokens);
		usedParts = Map.copyOf(usedParts);
	}

}
