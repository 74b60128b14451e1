package io.github.llmratelimit;

/**
 * Where the number in a limit comes from, the strongest first.
 */
public enum LimitOrigin {

	/** Changed while the application runs. */
	RUNTIME,

	/** Written for the model in {@code llm.ratelimit.models}. */
	CONFIGURED,

	/** Told by the provider in a response. */
	LEARNED,

	/** A row of the application's own {@code llm.ratelimit.providers.*.tiers}. */
	TIER,

	/** A row of the dated tier tables that come with the library. */
	BUNDLED_TIER,

	/**
	 * Assumed, and small enough to be safe with any account, until the provider tells the
	 * limits of a model that is configured to learn them.
	 */
	ASSUMED

}
