package io.github.llmratelimit.time;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * The system's monotonic clock, with alarms from a single daemon thread. The thread is
 * started by the first alarm that is set and ends with {@link #close()}.
 */
public final class SystemAlarmClock implements AlarmClock, AutoCloseable {

	private final ScheduledThreadPoolExecutor executor;

	public SystemAlarmClock() {
		this.executor = new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread thread = new Thread(task, "llm-ratelimit-alarm");
			thread.setDaemon(true);
			return thread;
		});
		this.executor.setRemoveOnCancelPolicy(true);
		this.executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
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
