package io.github.llmratelimit.sample.chat;

/**
 * What this service answers over HTTP.
 *
 * @param text the model's answer
 * @param model the model that answered
 * @param promptTokens tokens of the request
 * @param completionTokens tokens of the answer
 */
record Answer(String text, String model, int promptTokens, int completionTokens) {

	static Answer of(ChatResponse response) {
		return new Answer(response.text(), response.model(), response.usage().promptTokens(),
				response.usage().completionTokens());
	}

}
