package io.github.llmratelimit;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * Works off many calls in the background, e.g. a nightly job: they fill what interactive
 * calls leave of a budget. Each task is a limited call of its model and waits for budget
 * as long as it takes; inside it, limited methods of the same model are part of that
 * call.
 * <p>
 * Tasks start in the order of their priority, then of their arrival. Nothing that was
 * accepted is lost silently: every future completes. Not promised: that tasks survive the
 * application; what has not begun when it stops is handed back.
 */
public interface LlmTaskQueue {

	/**
	 * Accepts a task.
	 * @param <T> type of its answer
	 * @param model the model that it calls
	 * @param cost what the call needs
	 * @param priority how urgent it is beside all other calls to the model
	 * @param tenant on whose behalf it is made, {@code null} for nobody in particular
	 * @param task the call itself
	 * @return the task's answer or failure; cancelling it takes the task out, or
	 * interrupts it if it runs
	 * @throws TaskQueueFullException if the queue is full, or the application stops
	 * @throws UnknownLlmModelException if there is no such model
	 */
	<T extends @Nullable Object> CompletableFuture<T> submit(String model, Cost cost, Priority priority,
			@Nullable String tenant, Callable<T> task);

	/**
	 * As {@link #submit(String, Cost, Priority, String, Callable)}, in applications that
	 * have one model.
	 * @param <T> type of its answer
	 * @param cost what the call needs
	 * @param priority how urgent it is
	 * @param tenant on whose behalf it is made, {@code null} for nobody in particular
	 * @param task the call itself
	 * @return the task's answer or failure
	 * @throws IllegalStateException if there are several models, or none
	 */
	<T extends @Nullable Object> CompletableFuture<T> submit(Cost cost, Priority priority, @Nullable String tenant,
			Callable<T> task);

	/**
	 * Accepts a task of priority {@link Priority#BATCH}, for nobody in particular.
	 * @param <T> type of its answer
	 * @param model the model that it calls
	 * @param cost what the call needs
	 * @param task the call itself
	 * @return the task's answer or failure
	 */
	default <T extends @Nullable Object> CompletableFuture<T> submit(String model, Cost cost, Callable<T> task) {
		return submit(model, cost, Priority.BATCH, null, task);
	}

	/**
	 * As {@link #submit(String, Cost, Callable)}, in applications that have one model.
	 * @param <T> type of its answer
	 * @param cost what the call needs
	 * @param task the call itself
	 * @return the task's answer or failure
	 */
	default <T extends @Nullable Object> CompletableFuture<T> submit(Cost cost, Callable<T> task) {
		return submit(cost, Priority.BATCH, null, task);
	}

	/**
	 * Returns how far the work is.
	 * @return the progress at this instant
	 */
	Progress progress();

	/**
	 * Accepts nothing more and works off what was accepted. What has not begun when the
	 * grace is over is taken out: its futures fail with {@link TaskNotStartedException}.
	 * A task that runs is left to end. A second call finds nothing to do.
	 * @param grace how long to work on; zero hands everything back
	 * @return the tasks that have not begun, in their order
	 */
	List<Unstarted> shutdown(Duration grace);

	/**
	 * How far the work is.
	 *
	 * @param done tasks that were answered
	 * @param failed tasks that failed or were cancelled
	 * @param remaining tasks that wait or run
	 * @param untilEnd when the last task could start, from now, if nobody else used the
	 * budgets; an estimate from the tasks' costs and the limits
	 */
	record Progress(long done, long failed, long remaining, Duration untilEnd) {
	}

	/**
	 * A task that has not begun.
	 *
	 * @param model the model that it calls
	 * @param cost what the call needs
	 * @param priority how urgent it is
	 * @param tenant on whose behalf it is made
	 * @param task the call itself
	 */
	record Unstarted(String model, Cost cost, Priority priority, @Nullable String tenant, Callable<?> task) {
	}

}
