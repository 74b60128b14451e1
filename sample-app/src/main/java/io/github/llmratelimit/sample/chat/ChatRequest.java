package io.github.llmratelimit.sample.chat;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A chat completion request, whatever the provider.
 *
 * @param model the model
 * @param messages the conversation
 * @param maxTokens most tokens that the answer may have
 */
public record ChatRequest(String model, List<Message> messages, @JsonProperty("max_completion_tokens") int maxTokens) {

	/**
	 * One message of a conversation.
	 *
	 * @param role who speaks: {@code system}, {@code user} or {@code assistant}
	 * @param content what is said
	 */
	public record Message(String role, String content) {

		static Message system(String content) {
			return new Message("system", content);
		}

		static Message user(String content) {
			return new Message("user", content);
		}

	}

}
