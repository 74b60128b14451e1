package io.github.llmratelimit.sample.chat;

import java.util.List;

import io.github.llmratelimit.LlmRateLimited;
import io.github.llmratelimit.sample.chat.ChatRequest.Message;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Service;

/**
 * Summarises a document.
 */
@Service
public class SummaryService {

	/**
	 * What the model is told when the caller has no wish of his own.
	 */
	public static final String DEFAULT_INSTRUCTION = "Summarise the document in five sentences. "
			+ "Keep names, numbers and dates. Answer in the language of the document.";

	/**
	 * Most tokens of a summary.
	 */
	public static final int MAX_TOKENS = 400;

	private final LlmClient client;

	private final String model;

	SummaryService(LlmClient client, @Value("${demo.model}") String model) {
		this.client = client;
		this.model = model;
	}

	/**
	 * Summarises a document. Without {@code tokens}, the starter counts every text
	 * argument, here the instruction and the document.
	 * @param instruction what to do
	 * @param document the document
	 * @return the summary
	 */
	@LlmRateLimited(model = "${demo.model}", maxOutputTokens = "" + MAX_TOKENS)
	public ChatResponse summarise(String instruction, String document) {
		return this.client.complete(request(this.model, instruction, document));
	}

	/**
	 * Returns what is sent for a document.
	 * @param model the model
	 * @param instruction what to do
	 * @param document the document
	 * @return the request
	 */
	public static ChatRequest request(String model, String instruction, String document) {
		return new ChatRequest(model, List.of(Message.system(instruction), Message.user(document)), MAX_TOKENS);
	}

}
