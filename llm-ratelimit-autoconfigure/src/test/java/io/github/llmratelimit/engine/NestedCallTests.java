package io.github.llmratelimit.engine;

import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.LimiterStatus;
import io.github.llmratelimit.LlmCall;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.provider.ProviderException;
import io.github.llmratelimit.provider.SignalKind;
import io.github.llmratelimit.provider.WrittenDialect;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/** Tests for limited calls inside others. */
class NestedCallTests {

	private static final CallRequest REQUEST = CallRequest.of(Cost.ofTotal(100));

	private final TestEngine engine = new TestEngine();

	private final LlmRateLimiterRegistry registry = registry();

	private final LlmRateLimiter one = this.registry.limiter("one");

	private final LlmRateLimiter other = this.registry.limiter("other");

	private LlmRateLimiterRegistry registry() {
		this.engine.booking = Booking.SETTLED;
		this.engine.usage = (result) -> (result instanceof Usage usage) ? usage : null;
		return this.engine.registry(this.engine.definition("one", "one"), this.engine.definition("other", "other"));
	}

	@Test
	void callInsideTheSameModelTakesNothing() throws Exception {
		this.one.call(REQUEST, () -> this.one.call(REQUEST, () -> {
			assertThat(remaining(this.one, Dimension.REQUESTS)).isEqualTo(9);
			return "answer";
		}));
		assertThat(this.engine.events).containsExactly("acquire admitted after PT0S", "end 100 ?");
	}

	@Test
	void callInsideTheSameModelStartsWithoutBudget() throws Exception {
		assertThat(this.one.call(CallRequest.of(Cost.ofTotal(1000)), () -> this.one.call(REQUEST, () -> "answer")))
			.isEqualTo("answer");
	}

	@Test
	void callInsideTheSameModelReportsForTheOuter() throws Exception {
		this.one.call(REQUEST, () -> this.one.call(REQUEST, recording(Usage.of(200, 50))));
		assertThat(this.engine.events).endsWith("end 100 250");
	}

	@Test
	void callsInsideTheSameModelAreAddedUp() throws Exception {
		this.one.call(REQUEST, () -> {
			this.one.call(REQUEST, recording(Usage.of(200, 50)));
			this.one.call(REQUEST, () -> Usage.of(20, 5));
			return "answer";
		});
		assertThat(this.engine.events).endsWith("end 100 275");
	}

	@Test
	void callInsideTheSameModelIsAddedToWhatTheOuterRecords() throws Exception {
		this.one.call(REQUEST, () -> {
			this.one.call(REQUEST, recording(Usage.of(200, 50)));
			LlmCall.current().orElseThrow().recordUsage(Usage.of(10, 0));
			return "answer";
		});
		assertThat(this.engine.events).endsWith("end 100 260");
	}

	@Test
	void callThatReturnsTheAnswerOfTheInnerCountsItOnce() throws Exception {
		this.one.call(REQUEST, () -> this.one.call(REQUEST, () -> Usage.of(200, 50)));
		assertThat(this.engine.events).endsWith("end 100 250");
	}

	@Test
	void callInsideTheSameModelReportsOfItsLatestRequestOnly() throws Exception {
		this.one.call(REQUEST, () -> this.one.call(REQUEST, () -> {
			LlmCall.current().orElseThrow().recordUsage(Usage.of(1, 1));
			LlmCall.current().orElseThrow().recordUsage(Usage.of(200, 50));
			return "answer";
		}));
		assertThat(this.engine.events).endsWith("end 100 250");
	}

	@Test
	void callInsideAnotherModelThenTheSameJoinsTheOuter() throws Exception {
		this.one.call(REQUEST,
				() -> this.other.call(REQUEST, () -> this.one.call(REQUEST, recording(Usage.of(200, 50)))));
		assertThat(this.engine.events).endsWith("end 100 ?", "end 100 250");
		assertThat(remaining(this.one, Dimension.REQUESTS)).isEqualTo(9);
	}

	@Test
	void callInsideAnotherModelTakesItsOwn() throws Exception {
		this.one.call(REQUEST, () -> this.other.call(REQUEST, () -> "answer"));
		assertThat(remaining(this.other, Dimension.REQUESTS)).isEqualTo(9);
		assertThat(remaining(this.one, Dimension.REQUESTS)).isEqualTo(9);
	}

	@Test
	void callInsideTheSameModelWithoutAThreadTakesNothing() throws Exception {
		CompletableFuture<String> stage = new CompletableFuture<>();
		CompletableFuture<String> outer = this.one.callAsync(REQUEST,
				() -> this.one.callAsync(REQUEST, () -> recordingStage(stage, Usage.of(200, 50))));
		assertThat(remaining(this.one, Dimension.REQUESTS)).isEqualTo(9);
		stage.complete("answer");
		assertThat(outer).isCompletedWithValue("answer");
		assertThat(this.engine.events).endsWith("end 100 250");
	}

	@Test
	void callInsideOneThatHasEndedTakesItsOwn() throws Exception {
		LlmCall[] ended = new LlmCall[1];
		this.one.call(REQUEST, () -> ended[0] = LlmCall.current().orElseThrow());
		try (LlmCall.Scope scope = LlmCall.open(ended[0])) {
			this.one.call(REQUEST, () -> "answer");
		}
		assertThat(remaining(this.one, Dimension.REQUESTS)).isEqualTo(8);
	}

	@Test
	void responseInsideTheSameModelIsActedOnOnce() {
		ProviderException refusal = new ProviderException(
				WrittenDialect.response(SignalKind.RATE_LIMIT_TOKENS, Duration.ofSeconds(20)));
		Throwable failure = catchThrowable(() -> this.one.call(REQUEST, () -> this.one.call(REQUEST, () -> {
			((LimitedCall) LlmCall.current().orElseThrow()).onResponse(ProviderException.read(refusal));
			throw refusal;
		})));
		assertThat(failure).isSameAs(refusal);
		assertThat(this.engine.events).containsOnlyOnce("response rate_limit_tokens");
		assertThat(this.one.status().paused()).isEqualTo(Duration.ofSeconds(20));
	}

	@Test
	void failureOfAnotherModelIsNotReadAgain() {
		ProviderException refusal = new ProviderException(
				WrittenDialect.response(SignalKind.RATE_LIMIT_TOKENS, Duration.ofSeconds(20)));
		Throwable failure = catchThrowable(() -> this.one.call(REQUEST, () -> this.other.call(REQUEST, () -> {
			throw refusal;
		})));
		assertThat(failure).isSameAs(refusal);
		assertThat(this.other.status().paused()).isEqualTo(Duration.ofSeconds(20));
		assertThat(this.one.status().paused()).isZero();
		assertThat(remaining(this.one, Dimension.TOKENS)).isEqualTo(900);
		assertThat(this.engine.events).containsOnlyOnce("response rate_limit_tokens");
	}

	@Test
	void failureOfAnotherModelInsideAWrapperIsNotReadAgain() {
		catchThrowable(() -> this.one.call(REQUEST, () -> {
			try {
				return this.other.call(REQUEST, () -> {
					throw new ProviderException(WrittenDialect.response(SignalKind.RATE_LIMIT_TOKENS));
				});
			}
			catch (ProviderException ex) {
				throw new IllegalStateException(ex);
			}
		}));
		assertThat(this.one.status().paused()).isZero();
	}

	@Test
	void failureOfAnotherModelWithoutAThreadIsNotReadAgain() {
		CompletableFuture<String> outer = this.one.callAsync(REQUEST, () -> this.other.callAsync(REQUEST, () -> {
			throw new ProviderException(WrittenDialect.response(SignalKind.RATE_LIMIT_TOKENS));
		}).thenApply(String::valueOf));
		assertThat(outer).isCompletedExceptionally();
		assertThat(this.one.status().paused()).isZero();
	}

	@Test
	void failureOfAnotherModelToConnectProvesNothingOfTheOuter() {
		catchThrowable(() -> this.one.call(REQUEST, () -> this.other.call(REQUEST, () -> {
			throw new ConnectException();
		})));
		assertThat(remaining(this.other, Dimension.TOKENS)).isEqualTo(1000);
		assertThat(remaining(this.one, Dimension.TOKENS)).isEqualTo(900);
	}

	@Test
	void failureOfItsOwnAfterOneOfAnotherModelIsRead() {
		catchThrowable(() -> this.one.call(REQUEST, () -> {
			catchThrowable(() -> this.other.call(REQUEST, () -> {
				throw new ProviderException(WrittenDialect.response(SignalKind.SERVER_ERROR));
			}));
			throw new ProviderException(WrittenDialect.response(SignalKind.RATE_LIMIT_TOKENS, Duration.ofSeconds(20)));
		}));
		assertThat(this.one.status().paused()).isEqualTo(Duration.ofSeconds(20));
	}

	private static Callable<Object> recording(Usage usage) {
		return () -> {
			LlmCall.current().orElseThrow().recordUsage(usage);
			return "answer";
		};
	}

	private static CompletableFuture<String> recordingStage(CompletableFuture<String> stage, Usage usage) {
		LlmCall.current().orElseThrow().recordUsage(usage);
		return stage;
	}

	private static long remaining(LlmRateLimiter limiter, Dimension dimension) {
		return limiter.status()
			.windows()
			.stream()
			.filter((window) -> window.limit().dimension() == dimension)
			.findAny()
			.map(LimiterStatus.Window::remaining)
			.orElseThrow();
	}

}
