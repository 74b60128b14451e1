package io.github.llmratelimit.sample.load;

import io.github.llmratelimit.sample.chat.BatchJob;
import io.github.llmratelimit.sample.chat.BatchService;
import io.github.llmratelimit.sample.chat.ChatService;
import io.github.llmratelimit.sample.chat.SummaryService;

/**
 * Calls the annotated services.
 */
final class LimitedCaller implements Caller {

	private final ChatService chat;

	private final SummaryService summary;

	private final BatchService batch;

	LimitedCaller(ChatService chat, SummaryService summary, BatchService batch) {
		this.chat = chat;
		this.summary = summary;
		this.batch = batch;
	}

	@Override
	public void call(Task task) {
		switch (task.kind()) {
			case QUESTION -> this.chat.chat(task.text(), task.maxTokens());
			case DOCUMENT -> this.summary.summarise(SummaryService.DEFAULT_INSTRUCTION, task.text());
			case JOB -> this.batch.process(new BatchJob("load", task.text()));
		}
	}

}
