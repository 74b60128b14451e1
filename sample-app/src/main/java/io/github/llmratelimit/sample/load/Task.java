package io.github.llmratelimit.sample.load;

/**
 * One call of a load.
 *
 * @param kind which service it is for
 * @param text what is asked
 * @param maxTokens most tokens that the answer may have; only questions choose it
 */
record Task(Kind kind, String text, int maxTokens) {

	enum Kind {

		/**
		 * A question, for the chat.
		 */
		QUESTION,

		/**
		 * A document, to be summarised.
		 */
		DOCUMENT,

		/**
		 * A job of the batch.
		 */
		JOB

	}

}
