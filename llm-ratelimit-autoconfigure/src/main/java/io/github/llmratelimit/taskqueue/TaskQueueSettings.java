package io.github.llmratelimit.taskqueue;

/**
 * How much a task queue takes and does at a time.
 *
 * @param workers how many tasks of each model run, or wait for budget, at one time;
 * between 1 and {@value #MOST_WORKERS}
 * @param capacity how many accepted tasks may be unfinished; at least 1
 */
public record TaskQueueSettings(int workers, int capacity) {

	/** Most workers that can be stated. */
	public static final int MOST_WORKERS = 10_000;

	/** The defaults. */
	public static final TaskQueueSettings DEFAULTS = new TaskQueueSettings(16, 100_000);

	public TaskQueueSettings {
		if (workers < 1 || workers > MOST_WORKERS) {
			throw new IllegalArgumentException(
					"Invalid workers (%d): must be between 1 and %d.".formatted(workers, MOST_WORKERS));
		}
		if (capacity < 1) {
			throw new IllegalArgumentException("Invalid capacity (%d): must be at least 1.".formatted(capacity));
		}
	}

}
