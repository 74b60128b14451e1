package io.github.llmratelimit.autoconfigure.diagnostics;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Shows a {@link ConfigurationMistakeException}.
 */
final class ConfigurationMistakeFailureAnalyzer extends AbstractFailureAnalyzer<ConfigurationMistakeException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, ConfigurationMistakeException cause) {
		return new FailureAnalysis(cause.getMessage(), cause.action(), cause);
	}

}
