package io.github.llmratelimit.sample.load;

import io.github.llmratelimit.sample.chat.BatchJob;
import io.github.llmratelimit.sample.chat.BatchService;
import io.github.llmratelimit.sample.chat.ChatRequest;
import io.github.llmratelimit.sample.chat.ChatService;
import io.github.llmratelimit.sample.chat.LlmClient;
import io.github.llmratelimit.sample.chat.SummaryService;

/**
 * Sends the same requests as the services, without the limiter: a 429 ends the call.
 */
final class DirectCaller implements Caller {

	private final LlmClient client;

	private final String model;

	DirectCaller(LlmClient client, String model) {
		this.client = client;
		this.model = model;
	}

	@Override
	public void call(Task task) {
		this.client.complete(request(task));
	}

	private ChatRequest request(Task task) {
		return switch (task.kind()) {
			case QUESTION -> ChatService.request(this.model, task.text(), task.maxTokens());
			case DOCUMENT -> SummaryService.request(this.model, SummaryService.DEFAULT_INSTRUCTION, task.text());
			case JOB -> BatchService.request(this.model, new BatchJob("load", task.text()));
		};
	}

}
