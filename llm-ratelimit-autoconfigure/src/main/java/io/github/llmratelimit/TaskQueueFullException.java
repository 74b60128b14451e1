package io.github.llmratelimit;

import java.util.concurrent.RejectedExecutionException;

/**
 * A task queue did not accept a task: nothing of it was kept.
 */
public class TaskQueueFullException extends RejectedExecutionException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message why the task was not accepted
	 */
	public TaskQueueFullException(String message) {
		super(message);
	}

}
