package io.github.llmratelimit;

import java.time.Duration;
import java.util.List;

import io.github.llmratelimit.engine.TestLimiters;
import io.github.llmratelimit.provider.SignalKind;
import io.github.llmratelimit.time.FakeTime;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** Tests for {@link ModelChoice}, by {@link LlmRateLimiterRegistry}. */
class ModelChoiceTests {

	private static final CallRequest REQUEST = CallRequest.of(Cost.ofTotal(100));

	private static final List<String> MODELS = List.of("first", "second", "third");

	private final FakeTime time = new FakeTime();

	private final LlmRateLimiterRegistry registry = new TestLimiters(this.time).model("first")
		.model("second")
		.model("third")
		.fallbacks(List.of("second"), Duration.ofSeconds(10))
		.model("configured")
		.build();

	@Test
	void chooseWhenTheFirstNeedNotWaitTakesIt() {
		assertThat(choose(Duration.ZERO)).isEqualTo("first");
	}

	@Test
	void chooseWhenTheFirstWouldWaitLongerTakesTheNext() {
		spend("first");
		assertThat(choose(Duration.ofSeconds(2))).isEqualTo("second");
	}

	@Test
	void chooseWhenTheFirstWouldWaitNoLongerTakesIt() {
		spend("first");
		Duration wait = this.registry.limiter("first").forecast(REQUEST.cost()).waitTime();
		assertThat(choose(wait)).isEqualTo("first");
		assertThat(choose(wait.minusNanos(1))).isEqualTo("second");
	}

	@Test
	void chooseTakesNothing() {
		spend("first");
		choose(Duration.ofSeconds(2));
		assertThat(this.registry.limiter("second").status().inFlight()).isZero();
		assertThat(this.registry.limiter("first").status().queued()).isZero();
	}

	@Test
	void chooseWhenTheFallbackWouldWaitTooIsNotStorming() {
		spend("first");
		spend("second");
		assertThat(choose(Duration.ofSeconds(2))).isEqualTo("third");
	}

	@Test
	void chooseWhenAllWouldWaitTakesTheFirst() {
		MODELS.forEach(this::spend);
		assertThat(choose(Duration.ofSeconds(2))).isEqualTo("first");
	}

	@Test
	void chooseWhenOnlyAnotherCanBeWaitedForTakesThat() {
		spend("first");
		spend("third");
		this.time.advance(Duration.ofSeconds(30));
		spend("second");
		CallRequest request = REQUEST.withMaxWait(Duration.ofSeconds(40));
		assertThat(this.registry.choose(List.of("second", "first", "third"), request, Duration.ZERO).model())
			.isEqualTo("first");
	}

	@Test
	void chooseWhenNoneCanBeWaitedForLeavesTheRefusalToTheFirst() {
		MODELS.forEach(this::spend);
		CallRequest request = REQUEST.withMaxWait(Duration.ofSeconds(1));
		assertThatExceptionOfType(LlmRateLimitExceededException.class)
			.isThrownBy(() -> this.registry.call(MODELS, request, null, () -> "answer"))
			.satisfies((ex) -> assertThat(ex.model()).isEqualTo("first"));
	}

	@Test
	void chooseWhenNothingIsStatedFallsBackOnlyInsteadOfARefusal() {
		spend("first");
		assertThat(choose(null)).isEqualTo("first");
		CallRequest impatient = REQUEST.withMaxWait(Duration.ofSeconds(30));
		assertThat(this.registry.choose(MODELS, impatient, null).model()).isEqualTo("second");
	}

	@Test
	void chooseWhenTheFirstIsPausedBeyondThatTakesTheNext() {
		TestLimiters.answer(this.registry.limiter("first"), REQUEST, 429, SignalKind.RATE_LIMIT_TOKENS,
				Duration.ofSeconds(20));
		assertThat(choose(Duration.ofSeconds(19))).isEqualTo("second");
		assertThat(choose(Duration.ofSeconds(20))).isEqualTo("first");
	}

	@Test
	void chooseWhenTheFirstIsExhaustedTakesTheNext() {
		TestLimiters.answer(this.registry.limiter("first"), REQUEST, 429, SignalKind.QUOTA_EXHAUSTED, Duration.ZERO);
		assertThat(choose(Duration.ofMinutes(1))).isEqualTo("second");
	}

	@Test
	void chooseWhenOneModelIsStatedUsesItsConfiguration() {
		spend("configured");
		assertThat(this.registry.choose(List.of("configured"), REQUEST, null).model()).isEqualTo("second");
	}

	@Test
	void chooseInsideACallOfTheFirstStaysInside() throws Exception {
		CallRequest all = CallRequest.of(Cost.ofTotal(1000));
		assertThat(this.registry.limiter("first").call(all, () -> choose(Duration.ZERO))).isEqualTo("first");
	}

	@Test
	void chooseWhenNoModelIsStatedThrows() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.registry.choose(List.of(), REQUEST, null))
			.withMessage("Invalid models ([]): must name at least one.");
	}

	@Test
	void callTellsWhichModelItGot() throws Exception {
		spend("first");
		assertThat(this.registry.call(MODELS, REQUEST, Duration.ZERO, () -> LlmCall.current().orElseThrow().model()))
			.isEqualTo("second");
	}

	private String choose(Duration fallbackAfter) {
		return this.registry.choose(MODELS, REQUEST, fallbackAfter).model();
	}

	private void spend(String model) {
		this.registry.limiter(model).tryAcquire(Cost.ofTotal(1000)).orElseThrow().close();
	}

}
