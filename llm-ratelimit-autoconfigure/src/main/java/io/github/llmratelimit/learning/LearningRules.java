package io.github.llmratelimit.learning;

/**
 * What may be learned about a limit, and how its provider tells.
 *
 * @param limits whether limits that the provider tells become the limit
 * @param remaining whether remaining amounts lower than ours cap the limit
 * @param credit whether remaining amounts allow more than our ledger does; has no effect
 * with a {@code share} below 1, since others then use the same key by intention
 * @param share the part of the provider's limit that this instance may use, above 0 and
 * at most 1
 * @param roundedTo to which multiples the provider rounds what remains, such as 1,000 for
 * Anthropic's tokens; at least 1
 * @param countedAtArrival whether the provider counts a call when it arrives, rather than
 * its tokens as they are produced
 */
public record LearningRules(boolean limits, boolean remaining, boolean credit, double share, long roundedTo,
		boolean countedAtArrival) {

	/** Everything is learned, from exact amounts. */
	public static final LearningRules ALL = new LearningRules(true, true, true, 1, 1, true);

	public LearningRules {
		if (!(share > 0 && share <= 1)) {
			throw new IllegalArgumentException("Invalid share (%s): must be above 0 and at most 1.".formatted(share));
		}
		if (roundedTo < 1) {
			throw new IllegalArgumentException("Invalid roundedTo (%d): must be at least 1.".formatted(roundedTo));
		}
	}

}
