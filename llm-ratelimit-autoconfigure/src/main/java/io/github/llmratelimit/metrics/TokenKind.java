package io.github.llmratelimit.metrics;

/**
 * Which tokens of a call are counted.
 */
enum TokenKind {

	/** Expected before the call, input and output together. */
	ESTIMATED,

	/** Of the prompt, cached ones included. */
	INPUT,

	/** Of the answer. */
	OUTPUT,

	/** Of the prompt, read from the provider's cache. */
	CACHED

}
