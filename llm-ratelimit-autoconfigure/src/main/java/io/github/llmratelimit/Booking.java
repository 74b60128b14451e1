package io.github.llmratelimit;

/**
 * When, and by which number, a provider takes a call's tokens off its limit. Booking in
 * another way than the provider does costs either refused calls or unused quota.
 */
public enum Booking {

	/**
	 * Prompt and maximum output are taken when the request arrives and nothing is given
	 * back, e.g. OpenAI and Azure pay-as-you-go.
	 */
	ESTIMATE,

	/**
	 * As {@link #ESTIMATE} at arrival, corrected to the actual usage when the call ends,
	 * e.g. Amazon Bedrock.
	 */
	SETTLED,

	/** Real tokens as they are produced, e.g. Anthropic's output tokens. */
	ACTUAL

}
