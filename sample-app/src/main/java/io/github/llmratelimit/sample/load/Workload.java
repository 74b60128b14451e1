package io.github.llmratelimit.sample.load;

import java.util.random.RandomGenerator;

import io.github.llmratelimit.sample.chat.BatchService;
import io.github.llmratelimit.sample.chat.SummaryService;
import io.github.llmratelimit.sample.load.Task.Kind;
import io.github.llmratelimit.sample.prompts.Prompts;

/**
 * Chooses what is called: half of it questions, a third documents, the rest jobs. A call
 * costs about 2,000 tokens in the mean.
 */
final class Workload {

	private static final double QUESTIONS = 0.50;

	private static final double DOCUMENTS = 0.35;

	private static final int MIN_ANSWER = 50;

	private static final int MAX_ANSWER = 400;

	private final Prompts prompts;

	Workload(Prompts prompts) {
		this.prompts = prompts;
	}

	Task next(RandomGenerator random) {
		double dice = random.nextDouble();
		if (dice < QUESTIONS) {
			return new Task(Kind.QUESTION, this.prompts.question(random), random.nextInt(MIN_ANSWER, MAX_ANSWER + 1));
		}
		if (dice < QUESTIONS + DOCUMENTS) {
			return new Task(Kind.DOCUMENT, this.prompts.document(random), SummaryService.MAX_TOKENS);
		}
		return new Task(Kind.JOB, this.prompts.job(random), BatchService.MAX_TOKENS);
	}

}
