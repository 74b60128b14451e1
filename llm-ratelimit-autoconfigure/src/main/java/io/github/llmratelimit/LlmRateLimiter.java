package io.github.llmratelimit;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Keeps the calls to one model inside what its provider grants: budget is taken before a
 * call, callers wait in the order of their arrival where there is none, and a call that
 * could not start in time is refused at once.
 * <p>
 * Three verbs: {@code call} does everything including retries; {@code acquire} waits or
 * throws and leaves the ending to the caller; {@code tryAcquire} answers at once. The
 * first two have forms that wait on no thread.
 * <p>
 * A {@code call} inside another call of the same model, on the same thread or in the same
 * reactive chain, is part of that: it takes nothing of its own and is not repeated by
 * itself, and what it used is added to the outer call's usage. Inside a call of another
 * model it is a call of its own.
 * <p>
 * Not promised: fairness between applications that share one account, other than by
 * {@code llm.ratelimit.share}. Safe for use by any number of threads.
 */
public interface LlmRateLimiter {

	/**
	 * Returns the name under which the application knows the model.
	 * @return the name
	 */
	String model();

	/**
	 * Returns the limits in force, with their origin.
	 * @return the limits
	 */
	ModelLimits limits();

	/**
	 * Returns what calls do where they do not say it themselves.
	 * @return the defaults; no fallback models unless configured
	 */
	CallDefaults defaults();

	/**
	 * Makes a call inside the limits: waits for budget, runs the body, settles, and
	 * repeats what may be repeated, each attempt with a budget of its own. The failure of
	 * a provider reaches the caller unchanged.
	 * @param <T> type of the answer
	 * @param request what the call needs
	 * @param body the call itself
	 * @return the body's answer
	 * @throws LlmRateLimitExceededException if the call was not admitted
	 * @throws InterruptedException if the thread was interrupted while it waited
	 * @throws Exception what the body threw
	 */
	<T extends @Nullable Object> T call(CallRequest request, Callable<T> body) throws Exception;

	/**
	 * As {@link #call(CallRequest, Callable)}, without a thread that waits: the body is
	 * started when there is budget, and the call settles when the stage it returned has
	 * completed. Whatever ends the future before that ends the call: before its start
	 * nothing is left behind, after it the tokens stay taken, and the body's stage is
	 * cancelled.
	 * <p>
	 * While the body runs, the call is {@link LlmCall#current()}. It runs on the calling
	 * thread if there is budget at once, else on a thread of the limiter's executor, and
	 * should not block it.
	 * @param <T> type of the answer
	 * @param request what the call needs
	 * @param body starts the call itself
	 * @return the body's answer, or the failure that {@code call} would have thrown
	 */
	<T extends @Nullable Object> CompletableFuture<T> callAsync(CallRequest request,
			Supplier<? extends CompletionStage<T>> body);

	/**
	 * As {@link #acquire(CallRequest)}, without a thread that waits. Whatever ends the
	 * future before the budget is taken leaves nothing behind.
	 * @param request what the call needs
	 * @return the budget taken, or a {@link LlmRateLimitExceededException}
	 */
	CompletableFuture<Reservation> acquireAsync(CallRequest request);

	/**
	 * Waits until the call may start. The budget is taken when this returns, and the
	 * reservation must be ended.
	 * @param request what the call needs
	 * @return the budget taken
	 * @throws LlmRateLimitExceededException at once, if the call cannot start in time
	 * @throws InterruptedException if the thread was interrupted while it waited; nothing
	 * is left behind
	 */
	Reservation acquire(CallRequest request) throws InterruptedException;

	/**
	 * As {@link #acquire(CallRequest)}, of normal priority and with the default bound on
	 * waiting.
	 * @param cost what the call needs
	 * @return the budget taken
	 * @throws LlmRateLimitExceededException at once, if the call cannot start in time
	 * @throws InterruptedException if the thread was interrupted while it waited
	 */
	default Reservation acquire(Cost cost) throws InterruptedException {
		return acquire(CallRequest.of(cost));
	}

	/**
	 * Takes budget if the call may start now, and never overtakes a waiting one.
	 * @param cost what the call needs
	 * @return the budget taken, or nothing
	 * @throws LlmRateLimitExceededException if the call can never start
	 */
	Optional<Reservation> tryAcquire(Cost cost);

	/**
	 * Says when a call would start if it were made now and none came after it. Takes
	 * nothing.
	 * @param request what the call needs
	 * @return the forecast
	 * @throws LlmRateLimitExceededException if the call can never start
	 */
	Forecast forecast(CallRequest request);

	/**
	 * As {@link #forecast(CallRequest)}, of normal priority and for no tenant.
	 * @param cost what the call needs
	 * @return the forecast
	 * @throws LlmRateLimitExceededException if the call can never start
	 */
	default Forecast forecast(Cost cost) {
		return forecast(CallRequest.of(cost));
	}

	/**
	 * Changes one limit while calls wait and run. Lowering takes effect at once: what is
	 * already admitted stays admitted, and nothing more is until it fits again.
	 * @param dimension the dimension
	 * @param per the window, {@code null} for a held dimension
	 * @param amount the new amount; at least 1
	 * @throws IllegalArgumentException if the model has no such limit
	 */
	void changeLimit(Dimension dimension, @Nullable Duration per, long amount);

	/**
	 * Returns a picture of this instant.
	 * @return the status
	 */
	LimiterStatus status();

	/**
	 * Returns what calls of the model have taught about the size of calls.
	 * @return a picture of this instant; nothing if the limiter does not learn
	 */
	default LearnedEstimates learned() {
		return LearnedEstimates.NONE;
	}

	/**
	 * Forgets what {@link #learned()} shows, e.g. after prompts have changed: the next
	 * calls start from the defaults again. What calls have of their pool's budget is
	 * forgotten for all its models. Limits stay as they were learned.
	 */
	default void forgetLearned() {
	}

}
