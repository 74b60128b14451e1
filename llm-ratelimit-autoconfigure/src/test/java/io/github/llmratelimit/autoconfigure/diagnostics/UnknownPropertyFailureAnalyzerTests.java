package io.github.llmratelimit.autoconfigure.diagnostics;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UnknownPropertyFailureAnalyzer}, beside what start-up says.
 */
class UnknownPropertyFailureAnalyzerTests {

	@Test
	void analyzeWhenTheFailureIsAnothersSaysNothing() {
		assertThat(new UnknownPropertyFailureAnalyzer().analyze(new IllegalStateException())).isNull();
	}

}
