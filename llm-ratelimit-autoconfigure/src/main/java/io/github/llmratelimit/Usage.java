package io.github.llmratelimit;

/**
 * What a call really took, as the provider reported it.
 *
 * @param inputTokens tokens of the prompt, cached ones included; at least 0
 * @param outputTokens tokens of the answer; at least 0
 * @param cachedInputTokens part of the input that came from the provider's prompt cache;
 * between 0 and {@code inputTokens}
 */
public record Usage(long inputTokens, long outputTokens, long cachedInputTokens) {

	/**
	 * Repairs what providers have been seen to send: negative numbers count as 0, and
	 * more cached than input tokens as all of them. A broken report must not fail the
	 * call that it speaks of.
	 */
	public Usage {
		inputTokens = clamp(inputTokens, Limit.LARGEST_AMOUNT);
		outputTokens = clamp(outputTokens, Limit.LARGEST_AMOUNT);
		cachedInputTokens = clamp(cachedInputTokens, inputTokens);
	}

	/**
	 * Usage without cached input.
	 * @param inputTokens tokens of the prompt
	 * @param outputTokens tokens of the answer
	 * @return the usage
	 */
	public static Usage of(long inputTokens, long outputTokens) {
		return new Usage(inputTokens, outputTokens, 0);
	}

	private static long clamp(long value, long most) {
		return Math.max(0, Math.min(value, most));
	}

	/**
	 * What two calls took together.
	 * @param other the other call's usage
	 * @return the sum
	 */
	public Usage plus(Usage other) {
		return new Usage(this.inputTokens + other.inputTokens, this.outputTokens + other.outputTokens,
				this.cachedInputTokens + other.cachedInputTokens);
	}

	/**
	 * Input and output together.
	 * @return the sum
	 */
	public long totalTokens() {
		return this.inputTokens + this.outputTokens;
	}

	/**
	 * How much of a dimension this usage takes beside one call.
	 * @param dimension the dimension
	 * @return the amount, at least 0
	 */
	public long amount(Dimension dimension) {
		return switch (dimension) {
			case REQUESTS, CONCURRENT -> 1;
			case TOKENS, ENQUEUED_TOKENS -> totalTokens();
			case INPUT_TOKENS -> this.inputTokens;
			case OUTPUT_TOKENS -> this.outputTokens;
		};
	}

}
