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

	static List<ProviderCase> casesWithWindows() {
		return cases().stream().filter((example) -> !example.windowHints().isEmpty()).toList();
	}

	@ParameterizedTest
	@MethodSource("casesWithWindows")
	void readWhenCaseStatesWindowsSignalsThem(ProviderCase example) {
		assertThat(example.describeWindows(example.read())).isEqualTo(example.windowHints());
	}

	static List<ProviderCase> casesWithShortHints() {
		return cases().stream().filter(ProviderCase::hintTooShort).toList();
	}

	@ParameterizedTest
	@MethodSource("casesWithShortHints")
	void leastWaitWhenCaseHasTooShortHintIsTheWindow(ProviderCase example) {
		ProviderSignal signal = example.read();
		assertThat(ProviderDialects.named(example.provider()).traits().leastWait(signal))
			.isEqualTo(signal.tokens().window())
			.isGreaterThan(signal.retryAfter());
	}

	@Test
	void casesWhenFilteredAreAllOfBundledDialects() {
		assertThat(cases()).hasSize(160);
	}

	@Test
	void casesWhenTheyHintAreFound() {
		assertThat(casesWithWindows()).hasSize(4);
		assertThat(casesWithShortHints()).hasSize(1);
	}

	@Test
	void casesWhenReadHaveDistinctNames() {
		assertThat(ProviderCase.all()).extracting(ProviderCase::id).hasSize(160).doesNotHaveDuplicates();
	}

}
