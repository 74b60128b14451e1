package io.github.llmratelimit.sample.provider;

import java.util.List;

/**
 * A call as the provider sees it, whatever the wire format.
 *
 * @param model the model asked for
 * @param contents texts of the messages
 * @param promptTokens tokens of those texts
 * @param maxTokens most tokens that the answer may have
 */
record ChatCall(String model, List<String> contents, int promptTokens, int maxTokens) {

	/**
	 * Tokens that the wrapping of one message costs, and the opening of the answer. They
	 * show in the usage but aren't charged on arrival: there a provider works with an
	 * estimate.
	 */
	private static final int MESSAGE_OVERHEAD = 4;

	private static final int ANSWER_OVERHEAD = 3;

	/**
	 * Returns what the call is charged on arrival.
	 * @return prompt and longest possible answer
	 */
	long charge() {
		return (long) this.promptTokens + this.maxTokens;
	}

	/**
	 * Returns the prompt tokens that the usage reports.
	 * @return tokens of the texts and of their wrapping
	 */
	int billedPromptTokens() {
		return this.promptTokens + MESSAGE_OVERHEAD * this.contents.size() + ANSWER_OVERHEAD;
	}

}
