package io.github.llmratelimit;

/**
 * What a call is expected to take, estimated before it starts.
 *
 * @param requests calls, usually 1; at least 0
 * @param inputTokens tokens of the prompt, or of the whole call where {@code unsplit}; at
 * least 0
 * @param outputTokens most tokens of the answer; at least 0
 * @param unsplit whether {@code inputTokens} is the total of input and output
 */
public record Cost(long requests, long inputTokens, long outputTokens, boolean unsplit) {

	public Cost {
		if (requests < 0 || inputTokens < 0 || outputTokens < 0) {
			throw new IllegalArgumentException(
					"Invalid cost (%d requests, %d input tokens, %d output tokens): must not be negative."
						.formatted(requests, inputTokens, outputTokens));
		}
		if (requests > Limit.LARGEST_AMOUNT || inputTokens > Limit.LARGEST_AMOUNT
				|| outputTokens > Limit.LARGEST_AMOUNT) {
			throw new IllegalArgumentException(
					"Invalid cost (%d requests, %d input tokens, %d output tokens): must be at most %d each."
						.formatted(requests, inputTokens, outputTokens, Limit.LARGEST_AMOUNT));
		}
	}

	/**
	 * One call whose input and output are known apart.
	 * @param inputTokens tokens of the prompt
	 * @param outputTokens most tokens of the answer
	 * @return the cost
	 */
	public static Cost of(long inputTokens, long outputTokens) {
		return new Cost(1, inputTokens, outputTokens, false);
	}

	/**
	 * One call of which only the total is known.
	 * @param tokens input and output together
	 * @return the cost
	 */
	public static Cost ofTotal(long tokens) {
		return new Cost(1, tokens, 0, true);
	}

	/**
	 * Input and output together.
	 * @return the sum
	 */
	public long totalTokens() {
		return this.inputTokens + this.outputTokens;
	}

	/**
	 * How much of a dimension this cost takes. Where only the total is known it is split
	 * in halves for limits on input or output alone.
	 * @param dimension the dimension
	 * @return the amount, at least 0
	 */
	public long amount(Dimension dimension) {
		// what every call asks for, without the look-ups of a switch
		if (dimension == Dimension.TOKENS) {
			return totalTokens();
		}
		if (dimension == Dimension.REQUESTS) {
			return this.requests;
		}
		return switch (dimension) {
			case REQUESTS, CONCURRENT -> this.requests;
			case TOKENS, ENQUEUED_TOKENS -> totalTokens();
			case INPUT_TOKENS -> this.unsplit ? this.inputTokens - this.inputTokens / 2 : this.inputTokens;
			case OUTPUT_TOKENS -> this.unsplit ? this.inputTokens / 2 : this.outputTokens;
		};
	}

}
