package io.github.llmratelimit.engine;

import java.util.LinkedHashMap;
import java.util.Map;

import io.github.llmratelimit.LearnedEstimates;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.ModelLimits;
import io.github.llmratelimit.learning.InputRatios;
import io.github.llmratelimit.learning.OutputEstimate;
import io.github.llmratelimit.learning.OutputEstimates;
import org.jspecify.annotations.Nullable;

/**
 * What calls taught about the size of calls, wherever it is kept: with the methods that
 * make them, and with the budget that they draw on.
 *
 * @param outputs lengths of answers, {@code null} if they aren't learned
 * @param inputs tokens of prompts against their estimates, {@code null} if they aren't
 * learned
 */
record Lessons(@Nullable OutputEstimates outputs, @Nullable InputRatios inputs) {

	LearnedEstimates of(ModelLimits model, Budget budget) {
		Map<String, Long> outputTokens = new LinkedHashMap<>();
		if (this.outputs != null) {
			for (OutputEstimate estimate : this.outputs.all()) {
				if (estimate.model().equals(model.model())) {
					outputTokens.put(estimate.method(), estimate.tokens(Limit.LARGEST_AMOUNT));
				}
			}
		}
		Double ratio = (this.inputs != null) ? this.inputs.all().get(model.providerModel()) : null;
		return new LearnedEstimates(outputTokens, ratio, budget.usedParts());
	}

	void forget(ModelLimits model, Budget budget) {
		if (this.outputs != null) {
			this.outputs.reset(model.model());
		}
		if (this.inputs != null) {
			this.inputs.reset(model.providerModel());
		}
		budget.forgetUsedParts();
	}

}
