package io.github.llmratelimit.sample.endtoend;

import java.util.List;

import io.github.llmratelimit.LlmRateLimited;
import io.github.llmratelimit.sample.chat.ChatRequest;
import io.github.llmratelimit.sample.chat.ChatRequest.Message;
import io.github.llmratelimit.sample.chat.ChatResponse;
import io.github.llmratelimit.sample.chat.LlmClient;

/**
 * What an application writes to call a model within its limits.
 */
class LimitedModel {

	private final LlmClient client;

	private final String model;

	LimitedModel(LlmClient client, String model) {
		this.client = client;
		this.model = model;
	}

	@LlmRateLimited(model = "${bench.model}", tokens = "#prompt", maxOutputTokens = "#maxTokens")
	ChatResponse ask(String prompt, int maxTokens) {
		return this.client.complete(new ChatRequest(this.model, List.of(new Message("user", prompt)), maxTokens));
	}

}
