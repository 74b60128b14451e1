package io.github.llmratelimit;

/**
 * What a provider takes off a limit on tokens for a call.
 *
 * @param formula how input and output are put together for {@link Dimension#TOKENS}
 * @param outputWeight how much one output token counts, e.g. 5 for models with burndown
 * on Amazon Bedrock; between 0 and {@value #LARGEST_WEIGHT}
 * @param cachedInputWeight how much one input token counts that came from the provider's
 * cache, 0 where it is free; between 0 and {@value #LARGEST_WEIGHT}
 */
public record CostRule(Formula formula, double outputWeight, double cachedInputWeight) {

	/** Largest weight that can be stated. */
	public static final double LARGEST_WEIGHT = 1000;

	/** Input and output are added, one by one: the rule of most providers. */
	public static final CostRule PLAIN = new CostRule(Formula.SUM, 1, 1);

	public CostRule {
		check("outputWeight", outputWeight);
		check("cachedInputWeight", cachedInputWeight);
	}

	private static void check(String name, double weight) {
		if (!(weight >= 0 && weight <= LARGEST_WEIGHT)) {
			throw new IllegalArgumentException(
					"Invalid %s (%s): must be between 0 and %s.".formatted(name, weight, LARGEST_WEIGHT));
		}
	}

	/**
	 * What a call is expected to take of a dimension. That input will come from the cache
	 * is not known before the call.
	 * @param cost the call's cost
	 * @param dimension the dimension
	 * @return the amount, at least 0
	 */
	public long amount(Cost cost, Dimension dimension) {
		if (this == PLAIN || dimension != Dimension.TOKENS) {
			return cost.amount(dimension);
		}
		long input = cost.amount(Dimension.INPUT_TOKENS);
		return tokens(input, weighted(cost.amount(Dimension.OUTPUT_TOKENS), this.outputWeight));
	}

	/**
	 * What a call took of a dimension, once its usage is known.
	 * @param usage the call's usage
	 * @param dimension the dimension
	 * @return the amount, at least 0
	 */
	public long amount(Usage usage, Dimension dimension) {
		if (this == PLAIN || dimension != Dimension.TOKENS && dimension != Dimension.INPUT_TOKENS) {
			return usage.amount(dimension);
		}
		long input = usage.inputTokens() - usage.cachedInputTokens()
				+ weighted(usage.cachedInputTokens(), this.cachedInputWeight);
		return (dimension == Dimension.INPUT_TOKENS) ? input
				: tokens(input, weighted(usage.outputTokens(), this.outputWeight));
	}

	/**
	 * Whether it is plain that a usage takes no more than a cost, of whatever dimension.
	 * @param cost the call's cost
	 * @param usage the call's usage
	 * @return {@code true} if so; {@code false} if it has to be calculated
	 */
	public boolean covers(Cost cost, Usage usage) {
		return !cost.unsplit() && usage.inputTokens() <= cost.inputTokens()
				&& usage.outputTokens() <= cost.outputTokens() && this.cachedInputWeight <= 1;
	}

	private long tokens(long input, long output) {
		return switch (this.formula) {
			case SUM -> input + output;
			case MAX -> Math.max(input, output);
			case INPUT -> input;
		};
	}

	private static long weighted(long tokens, double weight) {
		return (weight == 1) ? tokens : (long) Math.min(Math.ceil(tokens * weight), Limit.LARGEST_AMOUNT);
	}

	/** How input and output are put together. */
	public enum Formula {

		/** Input and output are added. */
		SUM,

		/** The larger of input and output, the latter as the maximum asked for. */
		MAX,

		/** Input alone; output is free. */
		INPUT

	}

}
