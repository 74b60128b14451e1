package io.github.llmratelimit.autoconfigure.aop;

import io.github.llmratelimit.aop.InvalidLlmRateLimitedException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says which annotation stopped the start, and what to do about it.
 */
final class LlmRateLimitedFailureAnalyzer extends AbstractFailureAnalyzer<InvalidLlmRateLimitedException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidLlmRateLimitedException cause) {
		return new FailureAnalysis(cause.description(), cause.action(), cause);
	}

}
