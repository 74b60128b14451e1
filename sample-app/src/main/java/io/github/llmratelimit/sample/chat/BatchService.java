package io.github.llmratelimit.sample.chat;

import java.util.List;

import io.github.llmratelimit.LlmRateLimited;
import io.github.llmratelimit.sample.chat.ChatRequest.Message;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Service;

/**
 * Works through jobs that can wait: interactive calls go first.
 */
@Service
public class BatchService {

	/**
	 * Most tokens of one result.
	 */
	public static final int MAX_TOKENS = 200;

	private final LlmClient client;

	private final String model;

	BatchService(LlmClient client, @Value("${demo.model}") String model) {
		this.client = client;
		this.model = model;
	}

	/**
	 * Does a job.
	 * @param job the job
	 * @return the result
	 */
	@LlmRateLimited(model = "${demo.model}", tokens = "#job.text()", maxOutputTokens = "" + MAX_TOKENS,
			priority = "BATCH")
	public ChatResponse process(BatchJob job) {
		return this.client.complete(request(this.model, job));
	}

	/**
	 * Returns what is sent for a job.
	 * @param model the model
	 * @param job the job
	 * @return the request
	 */
	public static ChatRequest request(String model, BatchJob job) {
		return new ChatRequest(model, List.of(Message.user(job.text())), MAX_TOKENS);
	}

}
