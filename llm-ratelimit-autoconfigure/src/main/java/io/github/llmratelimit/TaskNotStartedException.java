package io.github.llmratelimit;

import java.util.concurrent.CancellationException;

/**
 * The application stopped before an accepted task had begun. The provider has not seen
 * it, so that it can be made elsewhere or later.
 */
public class TaskNotStartedException extends CancellationException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param model the model that the task would have called
	 */
	public TaskNotStartedException(String model) {
		super("The application stops: a task for '%s' was accepted and has not begun.".formatted(model));
	}

}
