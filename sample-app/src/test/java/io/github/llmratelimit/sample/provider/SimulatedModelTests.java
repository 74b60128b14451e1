package io.github.llmratelimit.sample.provider;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import io.github.llmratelimit.sample.provider.ChatCall.Streamed;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SimulatedModel}.
 */
class SimulatedModelTests {

	private static final ChatCall SHORT = new ChatCall("m", List.of("Hello"), 1, 300, Streamed.NO);

	private static final ChatCall LONG = new ChatCall("m", List.of("a long text"), 2_000, 300, Streamed.NO);

	private final SimulatedModel model = new SimulatedModel(1, 1);

	@Test
	void completeWhenSeedIsTheSameAnswersTheSame() {
		SimulatedModel other = new SimulatedModel(1, 1);
		assertThat(IntStream.range(0, 20).mapToObj((i) -> this.model.complete(SHORT)))
			.containsExactlyElementsOf(IntStream.range(0, 20).mapToObj((i) -> other.complete(SHORT)).toList());
	}

	@Test
	void completeStaysWithinMaximumAndVaries() {
		List<Integer> tokens = IntStream.range(0, 500).mapToObj((i) -> this.model.complete(SHORT).tokens()).toList();
		assertThat(tokens).allMatch((count) -> count >= 1 && count <= 300).contains(300);
		assertThat(tokens.stream().distinct().count()).isGreaterThan(100);
	}

	@Test
	void completeWhenMaximumIsOneAnswersOneToken() {
		assertThat(this.model.complete(new ChatCall("m", List.of("Hello"), 1, 1, Streamed.NO)).tokens()).isOne();
	}

	@Test
	void completeWritesAsManyTokensAsItSays() {
		for (int i = 0; i < 50; i++) {
			Completion completion = this.model.complete(SHORT);
			assertThat(PromptTokens.count(completion.text())).isBetween(completion.tokens() - 1, completion.tokens());
		}
	}

	@Test
	void latencyIsBetweenHalfASecondAndTwenty() {
		ChatCall huge = new ChatCall("m", List.of("x"), 100_000, 16_000, Streamed.NO);
		assertThat(IntStream.range(0, 300).mapToObj((i) -> this.model.complete((i % 2 == 0) ? huge : SHORT).latency()))
			.allMatch((latency) -> latency.compareTo(Duration.ofMillis(500)) >= 0
					&& latency.compareTo(Duration.ofSeconds(20)) <= 0)
			.contains(Duration.ofSeconds(20));
	}

	@Test
	void latencyWhenScaledIsScaled() {
		assertThat(new SimulatedModel(1, 0.1).complete(SHORT).latency())
			.isEqualTo(this.model.complete(SHORT).latency().dividedBy(10));
	}

	@Test
	void cachedTokensWhenALongPromptComesAgainIsMostOfIt() {
		assertThat(this.model.complete(LONG).cachedTokens()).isZero();
		assertThat(this.model.complete(LONG).cachedTokens()).isEqualTo(1_920);
	}

	@Test
	void cachedTokensWhenPromptIsShortIsZero() {
		this.model.complete(SHORT);
		assertThat(this.model.complete(SHORT).cachedTokens()).isZero();
	}

}
