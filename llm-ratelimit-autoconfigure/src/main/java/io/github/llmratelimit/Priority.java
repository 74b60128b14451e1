package io.github.llmratelimit;

/**
 * How urgent a call is beside other calls that wait for the same budget.
 */
public enum Priority {

	/** Before everything else, e.g. somebody looks at a screen and waits. */
	HIGH,

	/** The default. */
	NORMAL,

	/** Fills what the others leave, e.g. a nightly job. */
	BATCH

}
