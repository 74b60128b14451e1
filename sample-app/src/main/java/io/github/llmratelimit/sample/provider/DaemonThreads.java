package io.github.llmratelimit.sample.provider;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes threads that end with the application.
 */
final class DaemonThreads implements ThreadFactory {

	private final String prefix;

	private final AtomicInteger number = new AtomicInteger();

	DaemonThreads(String prefix) {
		this.prefix = prefix;
	}

	@Override
	public Thread newThread(Runnable task) {
		Thread thread = new Thread(task, this.prefix + this.number.incrementAndGet());
		thread.setDaemon(true);
		return thread;
	}

}
