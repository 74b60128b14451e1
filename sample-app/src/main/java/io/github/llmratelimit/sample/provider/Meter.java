package io.github.llmratelimit.sample.provider;

/**
 * What a provider counts.
 */
enum Meter {

	/** Calls. */
	REQUESTS,

	/** Input and output together. */
	TOKENS,

	/** Tokens of the prompt. */
	INPUT_TOKENS,

	/** Tokens of the answer. */
	OUTPUT_TOKENS;

	/** What a call is estimated to take when it arrives. */
	long estimate(ChatCall call) {
		return switch (this) {
			case REQUESTS -> 1;
			case TOKENS -> (long) call.promptTokens() + call.maxTokens();
			case INPUT_TOKENS -> call.promptTokens();
			case OUTPUT_TOKENS -> call.maxTokens();
		};
	}

	/** What a call really took, once it is answered. */
	long actual(ChatCall call, Completion completion) {
		return actualInput(call, completion) + actualOutput(completion);
	}

	/** The part of {@link #actual} that is there before the answer. */
	long actualInput(ChatCall call, Completion completion) {
		return switch (this) {
			case REQUESTS -> 1;
			case TOKENS -> call.billedPromptTokens();
			case INPUT_TOKENS -> (long) call.billedPromptTokens() - completion.cachedTokens();
			case OUTPUT_TOKENS -> 0;
		};
	}

	/** The part of {@link #actual} that comes with the answer. */
	long actualOutput(Completion completion) {
		return (this == TOKENS || this == OUTPUT_TOKENS) ? completion.tokens() : 0;
	}

	/** What counts of the prompt at arrival where output counts as it is produced. */
	long prompt(ChatCall call) {
		return switch (this) {
			case REQUESTS -> 1;
			case TOKENS, INPUT_TOKENS -> call.promptTokens();
			case OUTPUT_TOKENS -> 0;
		};
	}

}
