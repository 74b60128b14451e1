package io.github.llmratelimit.provider;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Reads every response of {@code provider-cases.json}.
 */
class ProviderCasesTests {

	static List<ProviderCase> cases() {
		return ProviderCase.all()
			.stream()
			.filter((candidate) -> ProviderDialects.names().contains(candidate.provider()))
			.toList();
	}

	@ParameterizedTest
	@MethodSource("cases")
	void readWhenCaseOfFileSignalsWhatItExpects(ProviderCase example) {
		assertThat(ProviderCase.describe(example.read())).isEqualTo(example.expected());
	}

	@Test
	void casesWhenFilteredAreAllOfBundledDialects() {
		assertThat(cases()).hasSize(160);
	}

	@Test
	void casesWhenReadHaveDistinctNames() {
		assertThat(ProviderCase.all()).extracting(ProviderCase::id).hasSize(160).doesNotHaveDuplicates();
	}

}
