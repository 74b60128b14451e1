package io.github.llmratelimit.engine;

/**
 * Whether a limiter limits.
 */
public enum LimiterMode {

	/** Calls wait and are refused. The default. */
	ENFORCE,

	/** Calls never wait; what would have happened is counted. */
	OBSERVE,

	/** Everything passes and nothing is counted, e.g. in an application's own tests. */
	OFF

}
