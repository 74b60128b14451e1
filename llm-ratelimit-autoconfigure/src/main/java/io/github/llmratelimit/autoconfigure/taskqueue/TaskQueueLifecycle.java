package io.github.llmratelimit.autoconfigure.taskqueue;

import java.time.Duration;
import java.util.List;

import io.github.llmratelimit.LlmTaskQueue;
import io.github.llmratelimit.LlmTaskQueue.Unstarted;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.context.SmartLifecycle;

/**
 * Stops the task queue with the application: after the web server, through which tasks
 * may come, and before any bean is destroyed that a task may need.
 */
final class TaskQueueLifecycle implements SmartLifecycle {

	private static final Log logger = LogFactory.getLog(TaskQueueLifecycle.class);

	/** Below the phases in which Boot stops web servers. */
	static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 4096;

	/** Spring allows 30 s for a phase by default; what is left is for running tasks. */
	static final Duration GRACE = Duration.ofSeconds(20);

	private final LlmTaskQueue queue;

	private volatile boolean running;

	TaskQueueLifecycle(LlmTaskQueue queue) {
		this.queue = queue;
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
		List<Unstarted> unstarted = this.queue.shutdown(GRACE);
		if (!unstarted.isEmpty()) {
			logger.warn(("%d tasks of the LlmTaskQueue have not begun within %s: their futures fail with "
					+ "TaskNotStartedException")
				.formatted(unstarted.size(), GRACE));
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
