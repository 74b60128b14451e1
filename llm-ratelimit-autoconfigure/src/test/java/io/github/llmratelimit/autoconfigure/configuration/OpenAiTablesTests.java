package io.github.llmratelimit.autoconfigure.configuration;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what the bundled tables of OpenAI mean.
 */
class OpenAiTablesTests {

	/** Cells as OpenAI's model pages have them. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			build  | gpt-4o              | 5000  | 450000
			launch | gpt-4o              | 10000 | 2000000
			grow   | gpt-4o              | 10000 | 30000000
			build  | gpt-4o-mini         | 5000  | 2000000
			grow   | gpt-4o-mini         | 30000 | 150000000
			build  | gpt-6.1-sol         | 5000  | 1000000
			launch | gpt-6-astra         | 10000 | 4000000
			tier1  | gpt-4o              | 500   | 30000
			tier2  | gpt-4o              | 5000  | 450000
			tier3  | gpt-4.1             | 5000  | 800000
			tier4  | gpt-4o              | 10000 | 2000000
			tier5  | gpt-4o              | 10000 | 30000000
			tier3  | gpt-4o-mini         | 5000  | 4000000
			tier5  | gpt-4.1-mini        | 30000 | 150000000
			tier1  | gpt-5-mini          | 500   | 500000
			tier1  | gpt-5-nano          | 500   | 200000
			tier5  | gpt-5-nano          | 30000 | 180000000
			tier3  | gpt-5.5             | 5000  | 2000000
			tier5  | gpt-5.6-sol         | 15000 | 40000000
			tier5  | gpt-5.2-chat-latest | 15000 | 40000000
			tier2  | gpt-6-luna          | 5000  | 2000000
			""")
	void openAiWhenAskedForACellHasThePublishedNumbers(String tier, String model, long requests, long tokens) {
		assertThat(numbers(tier, model)).contains("%d requests per 1m (BUNDLED_TIER)".formatted(requests),
				"%d tokens per 1m (BUNDLED_TIER)".formatted(tokens));
	}

	@ParameterizedTest
	@CsvSource({ "gpt-4o-mini", "gpt-4.1-mini" })
	void openAiWhenAPageStatesADayLimitHasIt(String model) {
		assertThat(numbers("tier1", model)).contains("10000 requests per 1d (BUNDLED_TIER)");
	}

	@Test
	void openAiWhenAPageStatesNoDayLimitHasNone() {
		assertThat(numbers("tier2", "gpt-4o-mini")).hasSize(2);
	}

	private static List<String> numbers(String tier, String model) {
		return Resolved.numbers(Resolved.yaml("providers: { openai: { tier: %s } }".formatted(tier)), model);
	}

}
