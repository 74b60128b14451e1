package io.github.llmratelimit.sample.provider;

import java.time.InstantSource;
import java.util.List;

/**
 * Whose wire format a provider speaks, and what that provider counts.
 */
public enum DialectName {

	/** OpenAI's chat completions. */
	OPENAI(List.of(Meter.REQUESTS, Meter.TOKENS)),

	/** Azure OpenAI's chat completions of a deployment. */
	AZURE_OPENAI(List.of(Meter.REQUESTS, Meter.TOKENS)),

	/** Anthropic's messages, with limits of their own on input and output. */
	ANTHROPIC(List.of(Meter.REQUESTS, Meter.INPUT_TOKENS, Meter.OUTPUT_TOKENS));

	private final List<Meter> meters;

	DialectName(List<Meter> meters) {
		this.meters = meters;
	}

	List<Meter> meters() {
		return this.meters;
	}

	Dialect create(InstantSource clock) {
		return switch (this) {
			case OPENAI -> new OpenAiDialect(clock);
			case AZURE_OPENAI -> new AzureOpenAiDialect(clock);
			case ANTHROPIC -> new AnthropicDialect(clock);
		};
	}

}
