package io.github.llmratelimit.engine;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ModelNames}.
 */
class ModelNamesTests {

	@ParameterizedTest
	@CsvSource({ "gpt-4o-2024-11-20, gpt-4o", "gpt-4-0613, gpt-4", "claude-3-5-haiku-20241022, claude-3-5-haiku",
			"claude-3-5-haiku@20241022, claude-3-5-haiku", "claude-3-5-haiku-latest, claude-3-5-haiku",
			"gemini-2.0-flash-001, gemini-2.0-flash", "mistral-large-2411, mistral-large",
			"anthropic.claude-haiku-4-5-20251001-v1:0, anthropic.claude-haiku-4-5",
			"amazon.nova-pro-v1:0, amazon.nova-pro" })
	void withoutReleaseWhenThereIsOneTakesItOff(String name, String plain) {
		assertThat(ModelNames.withoutRelease(name)).isEqualTo(plain);
	}

	@ParameterizedTest
	@ValueSource(strings = { "gpt-4o", "gpt-4.1", "claude-opus-4-5", "deepseek-v4", "gpt-oss-120b", "latest",
			"qwen3-32b", "text-embedding-ada-002x" })
	void withoutReleaseWhenThereIsNoneLeavesTheName(String name) {
		assertThat(ModelNames.withoutRelease(name)).isEqualTo(name);
	}

}
