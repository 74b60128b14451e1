package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.LearnedEstimates;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.ModelLimits;
import io.github.llmratelimit.Reservation;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.LimiterRegistry.Parts;
import io.github.llmratelimit.engine.settings.EngineSettings;
import io.github.llmratelimit.learning.InputRatios;
import io.github.llmratelimit.learning.OutputEstimates;
import io.github.llmratelimit.provider.WrittenDialect;
import io.github.llmratelimit.time.FakeTime;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what limiters show and forget of what calls have taught.
 */
class LessonsTests {

	private static final int TOKENS = 1_000_000_000;

	private final OutputEstimates outputs = new OutputEstimates();

	private final InputRatios inputs = new InputRatios(1.1);

	private final FakeTime time = new FakeTime();

	@Test
	void learnedWhenNothingHappenedIsNothing() {
		assertThat(limiter(Booking.ESTIMATE).learned()).isEqualTo(LearnedEstimates.NONE);
	}

	@Test
	void learnedWhenAnswersWereSeenIsTheirLengthByMethod() {
		answers("gpt-4o", "Chat.ask", 40);
		answers("other", "Chat.ask", 900);
		assertThat(limiter(Booking.ESTIMATE).learned().outputTokens()).containsOnlyKeys("Chat.ask")
			.hasEntrySatisfying("Chat.ask", (tokens) -> assertThat(tokens).isBetween(40L, 60L));
	}

	@Test
	void learnedWhenPromptsWereSeenIsTheRatioOfTheProvidersModel() {
		this.inputs.observe("gpt-4o-2024", 100, 150);
		assertThat(limiter(Booking.ESTIMATE).learned().inputRatio()).isEqualTo(this.inputs.ratio("gpt-4o-2024"));
	}

	@Test
	void learnedWhenActualUsageIsBookedIsThePartThatCallsUse() throws Exception {
		LlmRateLimiter limiter = limiter(Booking.ACTUAL);
		assertThat(limiter.learned().usedParts()).isEqualTo(Map.of(Dimension.TOKENS, 1.0));
		useHalf(limiter);
		assertThat(limiter.learned().usedParts()).isEqualTo(Map.of(Dimension.TOKENS, 0.5));
	}

	@Test
	void forgetWhenEverythingWasLearnedLeavesNothing() throws Exception {
		LlmRateLimiter limiter = limiter(Booking.ACTUAL);
		useHalf(limiter);
		answers("gpt-4o", "Chat.ask", 40);
		this.inputs.observe("gpt-4o-2024", 100, 150);
		limiter.forgetLearned();
		assertThat(limiter.learned())
			.isEqualTo(new LearnedEstimates(Map.of("Chat.ask", 512L), null, Map.of(Dimension.TOKENS, 1.0)));
	}

	@Test
	void forgetLeavesOtherModelsAlone() {
		answers("other", "Chat.ask", 40);
		limiter(Booking.ESTIMATE).forgetLearned();
		assertThat(this.outputs.of("other", "Chat.ask", 512).calls()).isEqualTo(100);
	}

	@Test
	void forgetWhenACallIsInFlightGivesBackWhatItTook() throws Exception {
		LlmRateLimiter limiter = limiter(Booking.ACTUAL);
		useHalf(limiter);
		this.time.advance(Duration.ofMinutes(10));
		Reservation reservation = limiter.acquire(Cost.ofTotal(1000));
		limiter.forgetLearned();
		reservation.settle(Usage.of(700, 0));
		assertThat(limiter.status().windows().get(0).remaining()).isEqualTo(TOKENS - 700);
		limiter.acquire(Cost.ofTotal(1000));
		assertThat(limiter.status().windows().get(0).remaining()).isLessThanOrEqualTo(TOKENS - 1700);
	}

	private LlmRateLimiter limiter(Booking booking) {
		ModelLimits limits = new ModelLimits("gpt-4o", "gpt-4o-2024", new BudgetKey("openai", "gpt-4o"),
				List.of(Limit.perMinute(Dimension.TOKENS, TOKENS)), booking, 512);
		LimiterDefinition definition = new LimiterDefinition(limits, Set.of(), new WrittenDialect(), Set.of(),
				LimiterMode.ENFORCE);
		return new LimiterRegistry(List.of(definition), EngineSettings.DEFAULTS,
				new Parts(this.time, this.time, CallRetry.NEVER, List.of(), List.of()), this.outputs, this.inputs)
			.limiter("gpt-4o");
	}

	private void answers(String model, String method, long tokens) {
		for (int i = 0; i < 100; i++) {
			this.outputs.of(model, method, 512).observe(tokens);
		}
	}

	private static void useHalf(LlmRateLimiter limiter) throws Exception {
		for (int i = 0; i < 200; i++) {
			limiter.acquire(Cost.ofTotal(1000)).settle(Usage.of(500, 0));
		}
	}

}
