package io.github.llmratelimit.sample.chat;

import java.util.List;

import io.github.llmratelimit.LlmRateLimited;
import io.github.llmratelimit.sample.chat.ChatRequest.Message;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Service;

/**
 * Answers a question, while somebody waits for it.
 */
@Service
public class ChatService {

	private final LlmClient client;

	private final String model;

	ChatService(LlmClient client, @Value("${demo.model}") String model) {
		this.client = client;
		this.model = model;
	}

	/**
	 * Answers a question.
	 * @param prompt the question
	 * @param maxTokens most tokens that the answer may have
	 * @return the answer
	 */
	@LlmRateLimited(model = "${demo.model}", tokens = "#prompt", maxOutputTokens = "#maxTokens")
	public ChatResponse chat(String prompt, int maxTokens) {
		return this.client.complete(request(this.model, prompt, maxTokens));
	}

	/**
	 * Returns what is sent for a question.
	 * @param model the model
	 * @param prompt the question
	 * @param maxTokens most tokens that the answer may have
	 * @return the request
	 */
	public static ChatRequest request(String model, String prompt, int maxTokens) {
		return new ChatRequest(model, List.of(Message.user(prompt)), maxTokens);
	}

}
