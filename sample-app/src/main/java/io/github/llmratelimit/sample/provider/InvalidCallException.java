package io.github.llmratelimit.sample.provider;

/**
 * Thrown for a call that is wrong in itself, before any limit is looked at.
 */
final class InvalidCallException extends Exception {

	private static final long serialVersionUID = 1L;

	private final transient Reply reply;

	InvalidCallException(Reply reply) {
		super("HTTP " + reply.status());
		this.reply = reply;
	}

	Reply reply() {
		return this.reply;
	}

}
