package io.github.llmratelimit.time;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor.DiscardPolicy;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * The system's monotonic clock, with alarms from a single daemon thread. The thread is
 * started by the first alarm that is set and ends with {@link #close()}; after that no
 * alarm goes off, and setting one does nothing.
 */
public final class SystemAlarmClock implements AlarmClock, AutoCloseable {

	private final ScheduledThreadPoolExecutor executor;

	public SystemAlarmClock() {
		this.executor = new ScheduledThreadPoolExecutor(1, (task) -> {
			// started by whichever caller is first, of whom it must inherit nothing
			Thread thread = new Thread(null, task, "llm-ratelimit-alarm", 0, false);
			thread.setContextClassLoader(SystemAlarmClock.class.getClassLoader());
			thread.setDaemon(true);
			return thread;
		});
		// callers that are late when the application stops must not fail
		this.executor.setRejectedExecutionHandler(new DiscardPolicy());
		this.executor.setRemoveOnCancelPolicy(true);
	}

	@Override
	public long nanos() {
		return System.nanoTime();
	}

	@Override
	public Alarm newAlarm(Runnable task) {
		return new ExecutorAlarm(task);
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
	}

	private final class ExecutorAlarm implements Alarm {

		private final Runnable task;

		private @Nullable Future<?> pending;

		ExecutorAlarm(Runnable task) {
			this.task = task;
		}

		@Override
		public synchronized void set(long atNanos) {
			if (this.pending != null) {
				this.pending.cancel(false);
			}
			this.pending = SystemAlarmClock.this.executor.schedule(this.task, atNanos - nanos(), TimeUnit.NANOSECONDS);
		}

	}

}
