package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.LlmCall;
import io.github.llmratelimit.LlmRateLimitExceededException;
import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.provider.ProviderException;
import io.github.llmratelimit.provider.SignalKind;
import io.github.llmratelimit.provider.WrittenDialect;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests for {@link LaterCall}, by {@link ModelLimiter}. */
class LaterCallTests {

	private static final CallRequest REQUEST = CallRequest.of(Cost.ofTotal(100));

	private final TestEngine engine = new TestEngine();

	private final List<CompletableFuture<String>> started = new ArrayList<>();

	@Test
	void callWhenThereIsBudgetStartsOnTheCallingThread() {
		Thread[] thread = new Thread[1];
		this.engine.limiter().callAsync(REQUEST, () -> {
			thread[0] = Thread.currentThread();
			return CompletableFuture.completedFuture("answer");
		});
		assertThat(thread[0]).isSameAs(Thread.currentThread());
	}

	@Test
	void callWhenAnsweredCompletesWithTheAnswer() {
		CompletableFuture<String> call = call();
		assertThat(call).isNotDone();
		this.started.get(0).complete("answer");
		assertThat(call).isCompletedWithValue("answer");
	}

	@Test
	void callWhenAnsweredHasSettledBeforeItCompletes() {
		this.engine.booking = Booking.SETTLED;
		long[] remaining = new long[1];
		CompletableFuture<String> call = this.engine.limiter().callAsync(REQUEST, () -> {
			LlmCall.current().orElseThrow().recordUsage(Usage.of(10, 5));
			return started();
		});
		call.thenRun(() -> remaining[0] = this.engine.remaining(Dimension.TOKENS));
		this.started.get(0).complete("answer");
		assertThat(remaining[0]).isEqualTo(985);
	}

	@Test
	void callWhileItsBodyRunsIsTheCurrentOne() {
		String[] model = new String[1];
		this.engine.limiter().callAsync(REQUEST, () -> {
			model[0] = LlmCall.current().orElseThrow().model();
			return started();
		});
		assertThat(model[0]).isEqualTo("gpt-4o");
		assertThat(LlmCall.current()).isEmpty();
	}

	@Test
	void callWhenThereIsNoBudgetStartsWhenItComesBack() {
		this.engine.spendAllTokens();
		CompletableFuture<String> call = call();
		this.engine.time.advance(TestEngine.BACK.minusNanos(1));
		assertThat(this.started).isEmpty();
		this.engine.time.advance(Duration.ofNanos(1));
		this.started.get(0).complete("answer");
		assertThat(call).isCompletedWithValue("answer");
		assertThat(this.engine.events).contains("acquire admitted after " + TestEngine.BACK);
	}

	@Test
	void callWhenItHadToWaitIsContinuedByTheExecutor() {
		List<Runnable> tasks = new ArrayList<>();
		this.engine.executor = tasks::add;
		this.engine.spendAllTokens();
		call();
		this.engine.time.advance(TestEngine.BACK);
		assertThat(this.started).isEmpty();
		tasks.forEach(Runnable::run);
		assertThat(this.started).hasSize(1);
	}

	@Test
	void callWhenContinuedHasTheClassLoaderOfTheCaller() {
		this.engine.spendAllTokens();
		ClassLoader own = new ClassLoader(getClass().getClassLoader()) {
		};
		ClassLoader before = Thread.currentThread().getContextClassLoader();
		ClassLoader[] seen = new ClassLoader[1];
		Thread.currentThread().setContextClassLoader(own);
		try {
			this.engine.limiter().callAsync(REQUEST, () -> {
				seen[0] = Thread.currentThread().getContextClassLoader();
				return started();
			});
		}
		finally {
			Thread.currentThread().setContextClassLoader(before);
		}
		this.engine.time.advance(TestEngine.BACK);
		assertThat(seen[0]).isSameAs(own);
	}

	@Test
	void callWhenItWouldWaitTooLongFailsAtOnce() {
		this.engine.spendAllTokens();
		CompletableFuture<String> call = this.engine.limiter()
			.callAsync(REQUEST.withMaxWait(Duration.ofSeconds(1)), this::started);
		assertThat(failure(call)).isInstanceOfSatisfying(LlmRateLimitExceededException.class,
				(ex) -> assertThat(ex.reason()).isEqualTo(Reason.WAIT_TOO_LONG));
		assertThat(this.started).isEmpty();
	}

	@Test
	void callWhenCancelledWhileWaitingLeavesNothing() {
		this.engine.spendAllTokens();
		CompletableFuture<String> call = call();
		call.cancel(true);
		assertThat(this.engine.limiter().status().queued()).isZero();
		this.engine.time.advance(TestEngine.BACK);
		assertThat(this.started).isEmpty();
		assertThat(this.engine.remaining(Dimension.TOKENS)).isEqualTo(1000);
		assertThat(this.engine.events).containsExactly("acquire cancelled after PT0S");
	}

	@Test
	void callWhenItTimesOutWhileWaitingLeavesNothing() {
		this.engine.spendAllTokens();
		CompletableFuture<String> call = call();
		call.completeExceptionally(new TimeoutException());
		assertThat(this.engine.limiter().status().queued()).isZero();
	}

	@Test
	void callWhenCancelledInTheInstantOfItsGrantGivesEverythingBack() {
		List<Runnable> tasks = new ArrayList<>();
		this.engine.executor = tasks::add;
		this.engine.spendAllTokens();
		CompletableFuture<String> call = call();
		this.engine.time.advance(TestEngine.BACK); // granted, and not yet told
		assertThat(this.engine.remaining(Dimension.TOKENS)).isEqualTo(900);
		call.cancel(true);
		tasks.forEach(Runnable::run);
		assertThat(this.started).isEmpty();
		assertThat(this.engine.remaining(Dimension.TOKENS)).isEqualTo(1000);
		assertThat(this.engine.remaining(Dimension.REQUESTS)).isEqualTo(10);
		assertThat(this.engine.limiter().status().inFlight()).isZero();
	}

	@Test
	void callWhenCancelledAfterItsStartKeepsEverythingAndCancelsTheBody() {
		CompletableFuture<String> call = call();
		call.cancel(true);
		assertThat(this.started.get(0)).isCancelled();
		assertThat(this.engine.remaining(Dimension.TOKENS)).isEqualTo(900);
		assertThat(this.engine.limiter().status().inFlight()).isZero();
		assertThat(this.engine.events).endsWith("end 100 ?");
	}

	@Test
	void callWhenCancelledAfterUsageWasToldSettles() {
		CompletableFuture<String> call = this.engine.limiter().callAsync(REQUEST, () -> {
			LlmCall.current().orElseThrow().recordUsage(Usage.of(200, 50));
			return started();
		});
		call.cancel(true);
		assertThat(this.engine.events).endsWith("end 100 250");
	}

	@Test
	void callWhenCancelledByItsOwnBodyCancelsTheStage() {
		List<CompletableFuture<String>> call = new ArrayList<>();
		this.engine.spendAllTokens();
		call.add(this.engine.limiter().callAsync(REQUEST, () -> {
			call.get(0).cancel(true);
			return started();
		}));
		this.engine.time.advance(TestEngine.BACK);
		assertThat(this.started.get(0)).isCancelled();
	}

	@Test
	void callWhenAnswerComesAfterTheCancellationEndsOnce() {
		this.engine.limiter().callAsync(REQUEST, () -> started().thenApply((answer) -> answer)).cancel(true);
		this.started.get(0).complete("late");
		assertThat(this.engine.events).containsExactly("acquire admitted after PT0S", "end 100 ?");
	}

	@Test
	void callWhenBodyThrowsFailsWithThat() {
		IllegalStateException thrown = new IllegalStateException();
		CompletableFuture<String> call = this.engine.limiter().callAsync(REQUEST, () -> {
			throw thrown;
		});
		assertThat(failure(call)).isSameAs(thrown);
		assertThat(this.engine.limiter().status().inFlight()).isZero();
	}

	@Test
	void callWhenBodyReturnsNoStageFails() {
		CompletableFuture<String> call = this.engine.limiter().callAsync(REQUEST, () -> null);
		assertThat(failure(call)).isInstanceOf(NullPointerException.class);
		assertThat(this.engine.limiter().status().inFlight()).isZero();
	}

	@Test
	void callWhenProviderRefusesPausesAndGivesTheTokensBack() {
		ProviderException refusal = new ProviderException(
				WrittenDialect.response(SignalKind.RATE_LIMIT_TOKENS, Duration.ofSeconds(20)));
		CompletableFuture<String> call = call();
		this.started.get(0).completeExceptionally(new CompletionException(refusal));
		assertThat(failure(call)).isSameAs(refusal);
		assertThat(this.engine.remaining(Dimension.TOKENS)).isEqualTo(1000);
		assertThat(this.engine.remaining(Dimension.REQUESTS)).isEqualTo(9);
		assertThat(this.engine.limiter().status().paused()).isEqualTo(Duration.ofSeconds(20));
	}

	@Test
	void callWhenRepeatedWaitsForItsDelayWithoutAThread() {
		this.engine.retry = new OneMore(Duration.ofSeconds(7));
		CompletableFuture<String> call = call();
		this.started.get(0).completeExceptionally(new IllegalStateException());
		assertThat(this.engine.time.nextAlarm()).isEqualTo(Duration.ofSeconds(7));
		assertThat(this.started).hasSize(1);
		this.engine.time.advance(Duration.ofSeconds(7));
		this.started.get(1).complete("answer");
		assertThat(call).isCompletedWithValue("answer");
		assertThat(this.engine.remaining(Dimension.REQUESTS)).isEqualTo(8);
	}

	@Test
	void callWhenCancelledInTheDelayOfARepetitionStartsNothing() {
		this.engine.retry = new OneMore(Duration.ofSeconds(7));
		CompletableFuture<String> call = call();
		this.started.get(0).completeExceptionally(new IllegalStateException());
		call.cancel(true);
		this.engine.time.advance(Duration.ofSeconds(7));
		assertThat(this.started).hasSize(1);
		assertThat(this.engine.remaining(Dimension.REQUESTS)).isEqualTo(9);
	}

	@Test
	void callWhenRepetitionIsNotAdmittedFailsWithTheFailureBefore() {
		this.engine.retry = new OneMore(Duration.ofSeconds(91));
		IllegalStateException failure = new IllegalStateException();
		CompletableFuture<String> call = call();
		this.started.get(0).completeExceptionally(failure);
		assertThat(failure(call)).isSameAs(failure);
	}

	@Test
	void callWhenPartOfTheAnswerWasSeenIsNotRepeated() {
		this.engine.retry = new OneMore(Duration.ZERO);
		CompletableFuture<String> call = this.engine.limiter().callAsync(REQUEST, () -> {
			((LimitedCall) LlmCall.current().orElseThrow()).onPart("first");
			return started();
		});
		this.started.get(0).completeExceptionally(new IllegalStateException());
		assertThat(failure(call)).isInstanceOf(IllegalStateException.class);
		assertThat(this.started).hasSize(1);
	}

	@Test
	void callWhenRetryIsBrokenFailsWithItsFailure() {
		this.engine.retry = new OneMore(null);
		CompletableFuture<String> call = call();
		IllegalStateException failure = new IllegalStateException();
		this.started.get(0).completeExceptionally(failure);
		assertThat(failure(call)).isSameAs(failure);
	}

	@Test
	void callWhenApplicationStopsFails() {
		this.engine.spendAllTokens();
		CompletableFuture<String> call = call();
		this.engine.registry().close();
		assertThat(failure(call)).isInstanceOf(CancellationException.class);
	}

	@Test
	void callWhenSwitchedOffStartsWhateverTheLimit() {
		this.engine.mode = LimiterMode.OFF;
		CompletableFuture<String> call = this.engine.limiter()
			.callAsync(CallRequest.of(Cost.ofTotal(5000)), this::started);
		this.started.get(0).complete("answer");
		assertThat(call).isCompletedWithValue("answer");
	}

	@Test
	void callWhenOnlyObservedStartsAtOnce() {
		this.engine.mode = LimiterMode.OBSERVE;
		this.engine.spendAllTokens();
		call();
		assertThat(this.started).hasSize(1);
		assertThat(this.engine.events).containsExactly("acquire would_wait after PT0S");
	}

	private CompletableFuture<String> call() {
		return this.engine.limiter().callAsync(REQUEST, this::started);
	}

	private CompletableFuture<String> started() {
		CompletableFuture<String> stage = new CompletableFuture<>();
		this.started.add(stage);
		return stage;
	}

	private static Throwable failure(CompletableFuture<?> call) {
		assertThat(call).isCompletedExceptionally();
		Throwable[] failure = new Throwable[1];
		call.whenComplete((result, ex) -> failure[0] = ex);
		return failure[0];
	}

	/** Repeats once, after a delay; broken without one. */
	private record OneMore(Duration delay) implements CallRetry {

		@Override
		public <T> T run(LimitedCall call, Callable<T> attempt) {
			throw new UnsupportedOperationException();
		}

		@Override
		public Repeats repeats(LimitedCall call) {
			return new Repeats() {

				@Override
				public boolean afterAnswer(Object answer) {
					return false;
				}

				@Override
				public boolean afterFailure(Throwable failure) {
					call.delayNextAttempt(OneMore.this.delay);
					return call.attempt() == 1;
				}

			};
		}

	}

}
