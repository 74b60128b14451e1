package io.github.llmratelimit;

import java.util.List;

/**
 * What one model may use, resolved from configuration and tier tables.
 *
 * @param model name under which the application knows the model
 * @param providerModel what the provider calls it
 * @param key the budget that the model draws on
 * @param limits every window of that budget; at least one
 * @param booking how the provider books a call
 * @param strict whether no refusal is acceptable: where real tokens count, twice as much
 * room is kept free for calls that use more than expected
 * @param costRule what the provider takes off a limit on tokens for a call
 * @param defaultOutputTokens tokens expected of an answer whose maximum is not stated; at
 * least 0
 */
public record ModelLimits(String model, String providerModel, BudgetKey key, List<Limit> limits, Booking booking,
		boolean strict, CostRule costRule, long defaultOutputTokens) {

	/** Tokens expected of an answer whose maximum is not stated. */
	public static final long DEFAULT_OUTPUT_TOKENS = 512;

	public ModelLimits {
		limits = List.copyOf(limits);
		if (limits.isEmpty()) {
			throw new IllegalArgumentException(
					"Invalid limits ([]): model '%s' must have at least one.".formatted(model));
		}
		if (defaultOutputTokens < 0 || defaultOutputTokens > Limit.LARGEST_AMOUNT) {
			throw new IllegalArgumentException("Invalid defaultOutputTokens (%d): must be between 0 and %d."
				.formatted(defaultOutputTokens, Limit.LARGEST_AMOUNT));
		}
	}

	/**
	 * The same model with other limits.
	 * @param newLimits every window of the budget
	 * @return the changed limits
	 */
	public ModelLimits withLimits(List<Limit> newLimits) {
		return new ModelLimits(this.model, this.providerModel, this.key, newLimits, this.booking, this.strict,
				this.costRule, this.defaultOutputTokens);
	}

	/**
	 * A model whose tokens are counted one by one, input and output together.
	 * @param model name under which the application knows the model
	 * @param providerModel what the provider calls it
	 * @param key the budget that the model draws on
	 * @param limits every window of that budget; at least one
	 * @param booking how the provider books a call
	 * @param defaultOutputTokens tokens expected of an answer whose maximum is not stated
	 */
	public ModelLimits(String model, String providerModel, BudgetKey key, List<Limit> limits, Booking booking,
			long defaultOutputTokens) {
		this(model, providerModel, key, limits, booking, false, CostRule.PLAIN, defaultOutputTokens);
	}

}
