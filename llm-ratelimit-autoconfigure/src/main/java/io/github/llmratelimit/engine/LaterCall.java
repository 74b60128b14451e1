package io.github.llmratelimit.engine;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import io.github.llmratelimit.LlmCall;
import org.jspecify.annotations.Nullable;

/**
 * A limited call that waits on no thread: {@link CallRunner}'s loop of attempts, turned
 * inside out.
 *
 * @param <T> type of the answer
 */
final class LaterCall<T extends @Nullable Object> extends CompletableFuture<T> {

	/*
	 * One step at a time
	 *
	 * The call is in one step: it waits for budget, or an attempt runs, or a repetition
	 * is being decided, or it is over. Whoever moves it on exchanges the step, and acts
	 * only if the exchange succeeds; so of an answer, the end of an attempt and a
	 * cancellation that come at once, one happens. Whoever completes this future from
	 * outside, by cancellation, a timeout or a value, ends the call in the step it is in.
	 */

	/** What the call is doing. */
	private sealed interface Step {

	}

	private record Waiting(@Nullable LaterAnswer answer) implements Step {
	}

	private record Running<T extends @Nullable Object>(@Nullable BudgetReservation reservation,
			AtomicReference<@Nullable CompletionStage<T>> stage) implements Step {
	}

	private record Deciding() implements Step {
	}

	private record Over() implements Step {
	}

	private final LimitedCall call;

	private final CallRunner runner;

	private final Supplier<? extends CompletionStage<T>> body;

	private final CallRetry.Repeats repeats;

	private final Step first = new Waiting(null);

	private final AtomicReference<Step> step = new AtomicReference<>(this.first);

	LaterCall(LimitedCall call, CallRunner runner, Supplier<? extends CompletionStage<T>> body) {
		this.call = call;
		this.runner = runner;
		this.body = body;
		this.repeats = runner.repeats(call);
	}

	void start() {
		whenComplete((result, failure) -> abandon());
		nextAttempt(this.first);
	}

	private void nextAttempt(Step before) {
		ModelLimiter limiter = this.call.modelLimiter();
		if (this.call.isJoined() || limiter.definition().mode() == LimiterMode.OFF) {
			run(before, null);
			return;
		}
		BudgetReservation reservation = limiter.acquireAtOnce(this.call);
		if (reservation != null) {
			run(before, reservation);
			return;
		}
		Step[] waiting = new Step[1];
		LaterAnswer answer = new LaterAnswer(limiter, this.call, limiter.continuations(), (granted, refusal) -> {
			if (granted != null) {
				run(waiting[0], granted);
			}
			else if (refusal != null && this.step.compareAndSet(waiting[0], new Over())) {
				end(CallRunner.notAdmitted(this.call, refusal));
			}
		});
		waiting[0] = new Waiting(answer);
		if (this.step.compareAndSet(before, waiting[0])) {
			answer.ask();
		}
	}

	private void run(Step before, @Nullable BudgetReservation reservation) {
		Running<T> running = new Running<>(reservation, new AtomicReference<>());
		if (!this.step.compareAndSet(before, running)) {
			if (reservation != null) {
				reservation.release();
			}
			return;
		}
		if (!this.call.isJoined()) {
			this.call.begin(reservation);
		}
		CompletionStage<T> stage;
		LlmCall.Scope scope = LlmCall.open(this.call);
		try {
			stage = this.body.get();
			running.stage.set(stage);
			stage.whenComplete((result, failure) -> {
				if (failure == null) {
					succeeded(running, result);
				}
				else {
					failed(running, unwrapped(failure));
				}
			});
		}
		catch (Throwable failure) { // whatever it is, the reservation must end
			failed(running, failure);
			return;
		}
		finally {
			scope.close();
		}
		if (this.step.get() != running && isDone()) {
			cancel(stage); // it was given up before there was a stage to cancel
		}
	}

	private static Throwable unwrapped(Throwable failure) {
		Throwable unwrapped = failure;
		for (int depth = 0; depth < NeverSent.MOST_CAUSES; depth++) {
			boolean wrapper = unwrapped instanceof CompletionException || unwrapped instanceof ExecutionException;
			Throwable cause = unwrapped.getCause();
			if (!wrapper || cause == null) {
				break;
			}
			unwrapped = cause;
		}
		return unwrapped;
	}

	private void succeeded(Running<T> running, T result) {
		Deciding deciding = new Deciding();
		if (!this.step.compareAndSet(running, deciding)) {
			return;
		}
		this.call.useParts();
		if (running.reservation != null) {
			this.runner.succeeded(this.call, running.reservation, result);
		}
		else if (this.call.isJoined()) {
			this.runner.findUsage(this.call, result);
			this.call.endJoined();
		}
		if (asked(() -> this.repeats.afterAnswer(result))) {
			repeat(deciding);
		}
		else if (this.step.compareAndSet(deciding, new Over())) {
			complete(result);
		}
	}

	private void failed(Running<T> running, Throwable failure) {
		Deciding deciding = new Deciding();
		if (!this.step.compareAndSet(running, deciding)) {
			return;
		}
		ended(running, failure);
		if (asked(() -> this.repeats.afterFailure(failure))) {
			repeat(deciding);
		}
		else if (this.step.compareAndSet(deciding, new Over())) {
			end(failure);
		}
	}

	/** Whether the call is to be repeated, and may be. */
	private boolean asked(BooleanSupplier question) {
		try {
			return question.getAsBoolean() && !this.call.isOver();
		}
		catch (Throwable ex) { // a predicate of the application; the call must end
			this.runner.broken(this.repeats, ex);
			return false;
		}
	}

	private void ended(Running<?> running, Throwable failure) {
		if (running.reservation != null) {
			this.runner.failed(this.call, running.reservation, failure);
		}
		else if (this.call.isJoined()) {
			this.call.endJoined();
		}
	}

	private void repeat(Step deciding) {
		this.call.retrying();
		nextAttempt(deciding);
	}

	private void end(Throwable failure) {
		if (!this.call.isJoined()) {
			this.call.tellOuterOf(failure);
		}
		completeExceptionally(failure);
	}

	/** Somebody else has completed this future, unless the call is over. */
	private void abandon() {
		Step before = this.step.getAndSet(new Over());
		if (before instanceof Waiting waiting && waiting.answer != null) {
			waiting.answer.cancel();
		}
		else if (before instanceof Running<?> running) {
			ended(running, new CancellationException("The call was given up."));
			cancel(running.stage.get());
		}
	}

	private static void cancel(@Nullable CompletionStage<?> stage) {
		if (stage != null) {
			try {
				stage.toCompletableFuture().cancel(true);
			}
			catch (UnsupportedOperationException ex) {
				// a stage that nobody can cancel
			}
		}
	}

}
