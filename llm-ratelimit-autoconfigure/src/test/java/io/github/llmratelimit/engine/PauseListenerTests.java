package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.LlmCall;
import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.Reservation;
import io.github.llmratelimit.engine.TestEngine.Caller;
import io.github.llmratelimit.engine.admission.Exhaustion;
import io.github.llmratelimit.provider.ProviderException;
import io.github.llmratelimit.provider.ProviderResponse;
import io.github.llmratelimit.provider.SignalKind;
import io.github.llmratelimit.provider.WrittenDialect;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PauseListener}: what is told of pauses, and that it is told once.
 */
class PauseListenerTests {

	private static final CallRequest REQUEST = CallRequest.of(Cost.ofTotal(100));

	private static final Duration HINT = Duration.ofSeconds(20);

	private static final String PAUSED = "paused [tokens, input-tokens, output-tokens] for PT20S";

	private final TestEngine engine = new TestEngine();

	private final List<String> told = new ArrayList<>();

	private final List<PauseStart> pauses = new ArrayList<>();

	@BeforeEach
	void listen() {
		this.engine.listeners = List.of(new PauseRecorder());
	}

	@Test
	void pauseWhenACallIsRefusedIsToldWithWhatAndHowLong() {
		refuse(SignalKind.RATE_LIMIT_TOKENS, HINT);
		assertThat(this.told).containsExactly(PAUSED);
	}

	@Test
	void pauseWhenOfUnknownDimensionNamesNone() {
		refuse(SignalKind.RATE_LIMIT_UNKNOWN, HINT);
		assertThat(this.told).containsExactly("paused [] for PT20S");
	}

	@Test
	void pauseWhenMoreCallsAreRefusedIsToldOnce() throws Exception {
		Reservation inFlight = this.engine.limiter().acquire(Cost.ofTotal(100));
		CompletableFuture<String> second = call();
		CompletableFuture<String> third = call();
		refuse(SignalKind.RATE_LIMIT_TOKENS, HINT);
		second.completeExceptionally(refusal(SignalKind.RATE_LIMIT_TOKENS, HINT));
		third.completeExceptionally(refusal(SignalKind.RATE_LIMIT_REQUESTS, HINT));
		inFlight.close();
		assertThat(this.told).containsExactly(PAUSED);
	}

	@Test
	void pauseWhenOverAndNobodyCallsIsToldAtThatInstant() {
		refuse(SignalKind.RATE_LIMIT_TOKENS, HINT);
		this.engine.time.advance(HINT.minusNanos(1));
		assertThat(this.told).containsExactly(PAUSED);
		this.engine.time.advance(Duration.ofNanos(1));
		assertThat(this.told).containsExactly(PAUSED, "resumed PAUSED");
	}

	@Test
	void pauseWhenProlongedIsOverWhenTheLastOneIs() {
		CompletableFuture<String> second = call();
		refuse(SignalKind.RATE_LIMIT_TOKENS, HINT);
		second.completeExceptionally(refusal(SignalKind.RATE_LIMIT_REQUESTS, HINT.multipliedBy(2)));
		this.engine.time.advance(HINT.multipliedBy(2).minusNanos(1));
		assertThat(this.told).containsExactly(PAUSED);
		this.engine.time.advance(Duration.ofNanos(1));
		assertThat(this.told).containsExactly(PAUSED, "resumed PAUSED");
	}

	@Test
	void pauseWhenACallWaitsForItIsOverBeforeThatCallEnds() {
		refuse(SignalKind.RATE_LIMIT_TOKENS, HINT);
		Caller<String> caller = this.engine.park(() -> this.engine.limiter().call(REQUEST, () -> "answer"));
		this.engine.time.advance(HINT);
		assertThat(this.told).containsExactly(PAUSED, "resumed PAUSED");
		this.engine.time.advance(Duration.ofMinutes(2));
		assertThat(caller.result()).isEqualTo("answer");
	}

	@Test
	void pauseWhenAnotherFollowsIsToldAgain() {
		refuse(SignalKind.RATE_LIMIT_TOKENS, HINT);
		this.engine.time.advance(Duration.ofMinutes(3));
		refuse(SignalKind.RATE_LIMIT_TOKENS, HINT);
		this.engine.time.advance(Duration.ofMinutes(3));
		assertThat(this.told).containsExactly(PAUSED, "resumed PAUSED", PAUSED, "resumed PAUSED");
	}

	@Test
	void pauseWhenItBecomesOneOfTheDayIsToldAsSuch() {
		CompletableFuture<String> second = call();
		CompletableFuture<String> third = call();
		refuse(SignalKind.RATE_LIMIT_TOKENS, HINT);
		second.completeExceptionally(refusal(SignalKind.RATE_LIMIT_DAY, Duration.ofHours(5)));
		third.completeExceptionally(refusal(SignalKind.RATE_LIMIT_TOKENS, HINT));
		this.engine.time.advance(Duration.ofHours(5));
		assertThat(this.told).containsExactly(PAUSED, "paused [] for PT5H", "resumed DAY_LIMIT");
	}

	@Test
	void pauseWhenCarriedByTheFailureHasItAsCause() {
		ProviderException failure = refusal(SignalKind.RATE_LIMIT_TOKENS, HINT);
		call().completeExceptionally(failure);
		assertThat(this.pauses).singleElement()
			.satisfies((pause) -> assertThat(pause.cause()).isSameAs(failure))
			.satisfies((pause) -> assertThat(pause.reason()).isEqualTo(Reason.PAUSED));
	}

	@Test
	void pauseWhenHeardBeforeTheFailureIsToldAtOnce() throws Exception {
		this.engine.limiter().call(REQUEST, () -> {
			((LimitedCall) LlmCall.current().orElseThrow())
				.onResponse(WrittenDialect.response(SignalKind.RATE_LIMIT_TOKENS, HINT));
			assertThat(this.told).containsExactly(PAUSED);
			return "answer";
		});
		assertThat(this.told).containsExactly(PAUSED);
	}

	@Test
	void overloadIsNoPause() {
		refuse(SignalKind.OVERLOADED, HINT);
		assertThat(this.told).isEmpty();
	}

	@Test
	void exhaustionWhenProbesFailIsToldOnce() {
		refuse(SignalKind.QUOTA_EXHAUSTED, HINT);
		this.engine.time.advance(Exhaustion.PROBE_INTERVAL);
		refuse(SignalKind.QUOTA_EXHAUSTED, HINT);
		assertThat(this.told).containsExactly("paused [] for PT1M");
		assertThat(this.pauses.get(0).reason()).isEqualTo(Reason.QUOTA_EXHAUSTED);
	}

	@Test
	void exhaustionWhenACallIsAnsweredIsOver() throws Exception {
		refuse(SignalKind.QUOTA_EXHAUSTED, HINT);
		this.engine.time.advance(Exhaustion.PROBE_INTERVAL);
		this.engine.limiter().call(REQUEST, () -> "answer");
		this.engine.limiter().call(REQUEST, () -> "answer");
		assertThat(this.told).containsExactly("paused [] for PT1M", "resumed QUOTA_EXHAUSTED");
	}

	@Test
	void callsWhenNeverRefusedSetNoAlarm() throws Exception {
		this.engine.limiter().call(REQUEST, () -> "answer");
		assertThat(this.engine.time.nextAlarm()).isNull();
		assertThat(this.told).isEmpty();
	}

	@Test
	void pauseWhenNobodyListensSetsNoAlarm() {
		this.engine.listeners = List.of(this.engine.new Recorder());
		refuse(SignalKind.RATE_LIMIT_TOKENS, HINT);
		assertThat(this.engine.time.nextAlarm()).isNull();
	}

	@Test
	void listenerWhenItIsToldHoldsNoLock() {
		List<Integer> seen = new ArrayList<>();
		this.engine.listeners = List.of(new PauseListener() {

			@Override
			public void onPause(LlmRateLimiter limiter, PauseStart pause) {
				seen.add(inFlight(limiter));
			}

			@Override
			public void onResume(LlmRateLimiter limiter, Reason reason) {
				seen.add(inFlight(limiter));
			}

			private int inFlight(LlmRateLimiter limiter) {
				// asked by another thread, which would wait for a lock held here
				return CompletableFuture.supplyAsync(() -> limiter.status().inFlight())
					.orTimeout(10, TimeUnit.SECONDS)
					.join();
			}

		});
		refuse(SignalKind.RATE_LIMIT_TOKENS, HINT);
		this.engine.time.advance(HINT);
		assertThat(seen).containsExactly(1, 0);
	}

	@Test
	void listenerWhenItFailsLeavesThePauseAndTheCallsAfterIt() throws Exception {
		this.engine.listeners = List.of(new PauseListener() {

			@Override
			public void onPause(LlmRateLimiter limiter, PauseStart pause) {
				throw new AssertionError("broken");
			}

			@Override
			public void onResume(LlmRateLimiter limiter, Reason reason) {
				throw new LinkageError("broken");
			}

		}, new PauseRecorder());
		refuse(SignalKind.RATE_LIMIT_TOKENS, HINT);
		assertThat(this.engine.limiter().tryAcquire(Cost.ofTotal(1))).isEqualTo(Optional.empty());
		this.engine.time.advance(HINT);
		assertThat(this.told).containsExactly(PAUSED, "resumed PAUSED");
		this.engine.time.advance(Duration.ofMinutes(2));
		assertThat(this.engine.limiter().tryAcquire(Cost.ofTotal(1))).isPresent();
	}

	private CompletableFuture<String> call() {
		CompletableFuture<String> body = new CompletableFuture<>();
		this.engine.limiter().callAsync(REQUEST, () -> body);
		return body;
	}

	private void refuse(SignalKind kind, Duration hint) {
		call().completeExceptionally(refusal(kind, hint));
	}

	private static ProviderException refusal(SignalKind kind, Duration hint) {
		ProviderResponse response = WrittenDialect.response(kind, hint);
		return new ProviderException(response);
	}

	private final class PauseRecorder implements PauseListener {

		@Override
		public void onPause(LlmRateLimiter limiter, PauseStart pause) {
			PauseListenerTests.this.pauses.add(pause);
			PauseListenerTests.this.told.add("paused %s for %s"
				.formatted(pause.dimensions().stream().map((each) -> each.id()).toList(), pause.length()));
		}

		@Override
		public void onResume(LlmRateLimiter limiter, Reason reason) {
			PauseListenerTests.this.told.add("resumed " + reason);
		}

	}

}
