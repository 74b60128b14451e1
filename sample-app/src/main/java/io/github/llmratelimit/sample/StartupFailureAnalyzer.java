package io.github.llmratelimit.sample;

import io.github.llmratelimit.sample.prompts.InvalidCorpusException;
import io.github.llmratelimit.sample.provider.ProviderPortException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;

/**
 * Says what to do about the mistakes that a first start can meet.
 */
final class StartupFailureAnalyzer implements FailureAnalyzer {

	@Override
	public @Nullable FailureAnalysis analyze(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			String action = action(cause);
			if (action != null) {
				return new FailureAnalysis(cause.getMessage(), action, failure);
			}
		}
		return null;
	}

	private static @Nullable String action(Throwable cause) {
		if (cause instanceof ProviderPortException) {
			return "Stop what uses the port (perhaps another instance of this sample), or choose another one with "
					+ "demo.provider.port. 0 takes any free port.";
		}
		if (cause instanceof MissingApiKeyException) {
			return "Set the environment variable OPENAI_API_KEY, or start without the profile 'openai' to use the "
					+ "built-in provider, which needs no key.";
		}
		if (cause instanceof InvalidCorpusException) {
			return "Let demo.corpus name a folder with text files, or leave it out to use the built-in texts.";
		}
		return null;
	}

}
