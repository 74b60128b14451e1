package io.github.llmratelimit.sample.chat;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.llmratelimit.sample.chat.ChatRequest.Message;

/**
 * A chat completion, as far as this service needs it.
 *
 * @param model the model that answered
 * @param choices the answers, usually one
 * @param usage the tokens that were used
 */
public record ChatResponse(String model, List<Choice> choices, Usage usage) {

	/**
	 * Returns the answer.
	 * @return text of the first choice, empty if there is none
	 */
	public String text() {
		return this.choices.isEmpty() ? "" : this.choices.get(0).message().content();
	}

	/**
	 * One answer.
	 *
	 * @param message the answer
	 * @param finishReason {@code stop}, or {@code length} if it was cut off
	 */
	public record Choice(Message message, @JsonProperty("finish_reason") String finishReason) {
	}

	/**
	 * Tokens of one call.
	 *
	 * @param promptTokens tokens of the request
	 * @param completionTokens tokens of the answer
	 * @param totalTokens their sum
	 */
	public record Usage(@JsonProperty("prompt_tokens") int promptTokens,
			@JsonProperty("completion_tokens") int completionTokens, @JsonProperty("total_tokens") int totalTokens) {
	}

}
