package io.github.llmratelimit.engine;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

import org.jspecify.annotations.Nullable;

/**
 * Runs what follows an answer, away from the thread that gave it: that thread has others
 * to wake.
 */
final class Continuations {

	private final Executor executor;

	Continuations(Executor executor) {
		this.executor = executor;
	}

	/**
	 * A virtual thread for each task where there are such, else the threads that
	 * {@link CompletableFuture} uses.
	 */
	static Executor system() {
		try {
			// not named in the class file, which Java 17 must be able to load
			return (Executor) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
		}
		catch (ReflectiveOperationException ex) {
			return new CompletableFuture<>().defaultExecutor();
		}
	}

	/**
	 * Runs a task soon, with the class loader of the one who asked: threads of a pool
	 * have that of whoever made them.
	 */
	void run(Runnable task, @Nullable ClassLoader classLoader) {
		Runnable framed = () -> {
			Thread thread = Thread.currentThread();
			@Nullable ClassLoader before = thread.getContextClassLoader();
			thread.setContextClassLoader(classLoader);
			try {
				task.run();
			}
			finally {
				thread.setContextClassLoader(before);
			}
		};
		try {
			this.executor.execute(framed);
		}
		catch (RejectedExecutionException ex) {
			framed.run(); // late is better than never: somebody waits for this
		}
	}

}
