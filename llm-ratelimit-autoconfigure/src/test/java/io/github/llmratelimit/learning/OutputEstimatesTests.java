package io.github.llmratelimit.learning;

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OutputEstimates} and {@link OutputEstimate}.
 */
class OutputEstimatesTests {

	private final OutputEstimates estimates = new OutputEstimates();

	@Test
	void tokensWhenAboveTheWholeLimitIsTheLimit() {
		OutputEstimate estimate = this.estimates.of("gpt-4o", "", 512);
		assertThat(estimate.tokens(100)).isEqualTo(100);
	}

	@Test
	void tokensWhenLimitIsImplausibleIsOne() {
		OutputEstimate estimate = this.estimates.of("gpt-4o", "", -7);
		assertThat(estimate.tokens(0)).isEqualTo(1);
		assertThat(estimate.tokens(Long.MAX_VALUE)).isEqualTo(1);
	}

	@Test
	void ofWhenNamesAreTheSameIsTheSame() {
		assertThat(this.estimates.of("gpt-4o", "Chat.ask", 512)).isSameAs(this.estimates.of("gpt-4o", "Chat.ask", 64));
	}

	@Test
	void observeWhenMethodsDifferKeepsThemApart() {
		learn(this.estimates.of("gpt-4o", "Chat.title", 512), 10);
		learn(this.estimates.of("gpt-4o", "Chat.essay", 512), 3_000);
		assertThat(this.estimates.of("gpt-4o", "Chat.title", 512).tokens(100_000)).isEqualTo(10);
		assertThat(this.estimates.all().get(0))
			.hasToString("gpt-4o, Chat.essay: 3000 output tokens, learned from 100 calls");
	}

	@Test
	void resetWhenLearnedGoesBackToTheDefault() {
		OutputEstimate estimate = this.estimates.of("gpt-4o", "", 512);
		learn(estimate, 10);
		this.estimates.reset("gpt-4o");
		assertThat(estimate.tokens(100_000)).isEqualTo(512);
		assertThat(estimate.calls()).isZero();
	}

	@Test
	void ofWhenTooManyPairsKeepsNoMore() {
		for (int i = 0; i < 2 * OutputEstimates.MAX_ESTIMATES; i++) {
			learn(this.estimates.of("model-" + i, "", 512), 10);
		}
		assertThat(this.estimates.all()).hasSize(OutputEstimates.MAX_ESTIMATES);
		assertThat(this.estimates.of("model-1999", "", 512).tokens(100_000)).isEqualTo(512);
	}

	@Test
	void observeWhenThreadsRaceLosesNoCall() {
		OutputEstimate estimate = this.estimates.of("gpt-4o", "", 512);
		List<Integer> calls = IntStream.range(0, 100_000).boxed().toList();
		calls.parallelStream().forEach((call) -> estimate.observe(50));
		assertThat(estimate.calls()).isEqualTo(100_000);
		assertThat(estimate.tokens(1_000)).isEqualTo(50);
	}

	private static void learn(OutputEstimate estimate, long tokens) {
		for (int i = 0; i < 100; i++) {
			estimate.observe(tokens);
		}
	}

}
