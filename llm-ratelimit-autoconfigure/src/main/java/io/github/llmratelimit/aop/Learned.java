package io.github.llmratelimit.aop;

import io.github.llmratelimit.Usage;
import io.github.llmratelimit.UsageListener;
import io.github.llmratelimit.learning.InputRatios;
import io.github.llmratelimit.learning.OutputEstimate;
import io.github.llmratelimit.learning.OutputEstimates;
import io.github.llmratelimit.tokens.TokenEstimate;
import org.jspecify.annotations.Nullable;

/**
 * What earlier calls taught about the tokens of the next one.
 *
 * @param outputs lengths of answers, {@code null} if they aren't learned
 * @param inputs tokens of prompts against their estimates, {@code null} if they aren't
 * learned
 */
record Learned(@Nullable OutputEstimates outputs, @Nullable InputRatios inputs) {

	/**
	 * Teaches the length of the answers of one method's own model.
	 *
	 * @param estimate what is learned
	 */
	record Answers(OutputEstimate estimate) implements UsageListener {

		@Override
		public void onUsage(String model, Usage usage) {
			if (model.equals(this.estimate.model())) { // and no fallback model
				this.estimate.observe(usage.outputTokens());
			}
		}

	}

	/**
	 * Teaches what one prompt really had.
	 *
	 * @param model the model that it was estimated for
	 * @param providerModel what the provider calls it
	 * @param prompt the estimate
	 * @param ratios what is learned
	 * @param next hears too, if anybody does
	 */
	record Prompt(String model, String providerModel, TokenEstimate prompt, InputRatios ratios,
			@Nullable UsageListener next) implements UsageListener {

		@Override
		public void onUsage(String answered, Usage usage) {
			if (answered.equals(this.model)) {
				double profiled = this.prompt.profiled();
				long actual = usage.inputTokens() - this.prompt.others();
				// anything else is no vocabulary's doing: several requests, a prefix that
				// the method adds, or a report that lacks what was cached
				if (actual >= InputRatios.SMALLEST * profiled && actual <= InputRatios.LARGEST * profiled) {
					this.ratios.observe(this.providerModel, profiled, actual);
				}
			}
			if (this.next != null) {
				this.next.onUsage(answered, usage);
			}
		}

	}

}
