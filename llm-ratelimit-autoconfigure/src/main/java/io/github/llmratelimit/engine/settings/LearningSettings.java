package io.github.llmratelimit.engine.settings;

/**
 * What is taken from the provider's responses.
 *
 * @param limits whether limits in headers become the limit
 * @param remaining whether a remaining amount that is lower than the ledger says caps the
 * limit
 * @param credit whether a remaining amount that is higher than the ledger says may be
 * used
 * @param outputTokens whether reported usage replaces the tokens expected of an answer
 * whose maximum is not stated
 */
public record LearningSettings(boolean limits, boolean remaining, boolean credit, boolean outputTokens) {

	/** Everything. */
	public static final LearningSettings ALL = new LearningSettings(true, true, true, true);

}
