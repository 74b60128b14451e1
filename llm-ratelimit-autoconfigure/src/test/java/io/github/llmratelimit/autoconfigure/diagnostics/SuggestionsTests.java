package io.github.llmratelimit.autoconfigure.diagnostics;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Suggestions}.
 */
class SuggestionsTests {

	private static final List<String> WORDS = List.of("rpm", "tpm", "queue", "max-wait", "default-output-tokens");

	@ParameterizedTest
	@CsvSource({ "qeue, queue", "tmp, tpm", "rpmm, rpm", "maxwait, max-wait",
			"default-output-token, default-output-tokens", "tpm, tpm" })
	void closestWhenOneSlipAwayIsTheWord(String typed, String meant) {
		assertThat(Suggestions.closest(typed, WORDS)).isEqualTo(meant);
	}

	@Test
	void closestWhenNothingIsAlikeIsNone() {
		assertThat(Suggestions.closest("learn", WORDS)).isNull();
	}

}
