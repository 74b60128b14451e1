package io.github.llmratelimit.tokens;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ModelTable}.
 */
class ModelTableTests {

	private final ModelTable table = new ModelTable();

	@ParameterizedTest
	@CsvSource({ "gpt-4o, O200K", "gpt-4o-mini-2024-07-18, O200K", "gpt-4.1, O200K", "gpt-4.1-mini, O200K",
			"gpt-4.5-preview, O200K", "gpt-5, O200K", "gpt-5.2-chat-latest, O200K", "gpt-5-mini, O200K",
			"gpt-6-astra, O200K", "gpt-6.1-sol, O200K", "o1, O200K", "o1-mini, O200K", "o3, O200K", "o4-mini, O200K",
			"chatgpt-4o-latest, O200K", "gpt-oss-120b, O200K", "gpt-4, CL100K", "gpt-4-0613, CL100K",
			"gpt-4-1106-preview, CL100K", "gpt-4-turbo, CL100K", "gpt-4-32k, CL100K", "gpt-3.5-turbo-0125, CL100K",
			"gpt-35-turbo, CL100K", "text-embedding-3-small, CL100K", "text-embedding-ada-002, CL100K",
			"davinci-002, CL100K", "babbage-002, CL100K", "text-davinci-003, P50K", "code-davinci-002, P50K",
			"text-davinci-001, R50K", "davinci, R50K", "ada, R50K", "gpt2, R50K" })
	void findWhenOpenAiModelIsItsVocabulary(String name, Vocabulary vocabulary) {
		assertThat(this.table.find(name).vocabulary()).isEqualTo(vocabulary);
	}

	@ParameterizedTest
	@CsvSource({ "openai/gpt-4o, O200K", "openai/gpt-oss-20b, O200K", "GPT-4o, O200K", "Gpt-4, CL100K",
			"ft:gpt-4o-mini-2024-07-18:acme::abc, O200K", "ft:gpt-3.5-turbo:acme, CL100K", "azure/gpt-4, CL100K" })
	void findWhenNameHasACoatIsThatOfTheModelInside(String name, Vocabulary vocabulary) {
		assertThat(this.table.find(name).vocabulary()).isEqualTo(vocabulary);
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "claude-sonnet-4-5", "anthropic/claude-opus-5", "us.anthropic.claude-sonnet-4-20250514-v1:0",
					"gemini-2.5-flash", "models/gemini-2.5-pro", "text-embedding-004", "mistral-large-latest",
					"open-mixtral-8x22b", "llama3:8b", "meta-llama/llama-3.3-70b-instruct",
					"meta.llama3-1-70b-instruct-v1:0", "accounts/fireworks/models/deepseek-v3", "qwen/qwen3-32b",
					"command-r-plus", "amazon.nova-pro-v1:0", "grok-4", "phi-4", "DeepSeek-R1" })
	void findWhenVocabularyIsNotPublicHasNone(String name) {
		assertThat(this.table.find(name).vocabulary()).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "my-deployment", "prod", "philosopher", "commander", "adaptive", "", "/", "..:" })
	void findWhenUnknownIsTheCurrentVocabularyOfOpenAi(String name) {
		assertThat(this.table.find(name).vocabulary()).isEqualTo(Vocabulary.O200K);
	}

	@Test
	void findWhenManyNamesComeFromOutsideStillAnswers() {
		for (int i = 0; i < 10_000; i++) {
			assertThat(this.table.find("claude-" + i).vocabulary()).isNull();
		}
	}

}
