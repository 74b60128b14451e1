package io.github.llmratelimit.taskqueue;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Threads for workers: virtual where there are such, else daemons.
 */
final class WorkerThreads {

	private static final String NAME = "llm-task-";

	private WorkerThreads() {
	}

	static ThreadFactory factory() {
		try {
			// not named in the class file, which Java 17 must be able to load
			Class<?> type = Class.forName("java.lang.Thread$Builder");
			Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
			builder = type.getMethod("name", String.class, long.class).invoke(builder, NAME, 1L);
			return (ThreadFactory) type.getMethod("factory").invoke(builder);
		}
		catch (ReflectiveOperationException ex) {
			return daemons();
		}
	}

	private static ThreadFactory daemons() {
		AtomicLong number = new AtomicLong();
		return (work) -> {
			Thread thread = new Thread(work, NAME + number.incrementAndGet());
			thread.setDaemon(true);
			return thread;
		};
	}

}
