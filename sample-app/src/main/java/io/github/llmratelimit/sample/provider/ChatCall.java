package io.github.llmratelimit.sample.provider;

import java.util.List;

/**
 * A call as the provider sees it, whatever the wire format.
 *
 * @param model the model asked for
 * @param contents texts of the messages
 * @param promptTokens tokens of those texts
 * @param maxTokens most tokens that the answer may have
 * @param streamed how the answer is wanted
 */
record ChatCall(String model, List<String> contents, int promptTokens, int maxTokens, Streamed streamed) {

	/**
	 * Tokens that the wrapping of one message costs, and the opening of the answer. They
	 * show in the usage but aren't charged on arrival: there a provider works with an
	 * estimate.
	 */
	private static final int MESSAGE_OVERHEAD = 4;

	private static final int ANSWER_OVERHEAD = 3;

	/**
	 * Returns the prompt tokens that the usage reports.
	 * @return tokens of the texts and of their wrapping
	 */
	int billedPromptTokens() {
		return this.promptTokens + MESSAGE_OVERHEAD * this.contents.size() + ANSWER_OVERHEAD;
	}

	/** How an answer is wanted. */
	enum Streamed {

		/** As a whole. */
		NO,

		/** Bit by bit. */
		YES,

		/** Bit by bit, with the usage at the end. */
		WITH_USAGE

	}

}
