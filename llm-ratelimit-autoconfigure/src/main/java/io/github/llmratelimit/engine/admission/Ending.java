package io.github.llmratelimit.engine.admission;

/**
 * How an admitted call ended, as far as the books go.
 */
public enum Ending {

	/** Answered, and its usage is known. */
	SETTLED,

	/** Sent, and nobody knows what it used: everything stays taken. */
	KEPT,

	/** Provably never sent: everything comes back. */
	GIVEN_BACK,

	/** Refused by a provider that counts the request and not its tokens. */
	REFUSED

}
