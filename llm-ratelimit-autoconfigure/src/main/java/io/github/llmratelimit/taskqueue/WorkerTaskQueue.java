package io.github.llmratelimit.taskqueue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.LlmTaskQueue;
import io.github.llmratelimit.Priority;
import io.github.llmratelimit.TaskNotStartedException;
import io.github.llmratelimit.TaskQueueFullException;
import org.jspecify.annotations.Nullable;

/**
 * A task queue in memory. Each model has as many workers as it has tasks, up to the
 * bound; an idle queue has none.
 */
public final class WorkerTaskQueue implements LlmTaskQueue {

	/*
	 * Two queues
	 *
	 * The limiter has a queue of its own, in which priorities, tenants and interactive
	 * calls meet. So only as many tasks stand there as there are workers, and the long
	 * rest waits here, where it costs the limiter nothing and holds no thread. A worker
	 * takes the most urgent task; a task that waits in the limiter is not called back for
	 * a more urgent one, which has to wait for the next worker.
	 *
	 * Workers belong to one model: shared ones would sooner or later all wait for the
	 * model with the least budget, and what the others have would go unused.
	 *
	 * A task is handed back at the end only if its body has not begun. One that waits in
	 * the limiter is woken by an interrupt and counts as not begun. Whether it has begun
	 * and whether it is to be handed back is decided under the lock, by whoever is first.
	 */

	/** Jobs have time: longer than any window. */
	private static final Duration MAX_WAIT = Duration.ofDays(366);

	private final LlmRateLimiterRegistry registry;

	private final TaskQueueSettings settings;

	private final ThreadFactory threads = WorkerThreads.factory();

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition finished = this.lock.newCondition();

	private final Map<LlmRateLimiter, TaskLine> lines = new HashMap<>(); // guarded by
																			// lock

	private final Set<Task<?>> working = new HashSet<>(); // guarded by lock

	private final Backlog backlog = new Backlog(); // guarded by lock

	private long accepted; // guarded by lock

	private long done; // guarded by lock

	private long failed; // guarded by lock

	private boolean closed; // guarded by lock

	private boolean handingBack; // guarded by lock

	/**
	 * Creates the queue.
	 * @param registry the limiters of the models that tasks call
	 * @param settings how much it takes and does at a time
	 */
	public WorkerTaskQueue(LlmRateLimiterRegistry registry, TaskQueueSettings settings) {
		this.registry = registry;
		this.settings = settings;
	}

	@Override
	public <T extends @Nullable Object> CompletableFuture<T> submit(Cost cost, Priority priority,
			@Nullable String tenant, Callable<T> task) {
		Collection<LlmRateLimiter> limiters = this.registry.limiters();
		if (limiters.size() != 1) {
			throw new IllegalStateException("There are %d models (%s): name the one that the task calls."
				.formatted(limiters.size(), String.join(", ", limiters.stream().map(LlmRateLimiter::model).toList())));
		}
		return submit(limiters.iterator().next(), cost, priority, tenant, task);
	}

	@Override
	public <T extends @Nullable Object> CompletableFuture<T> submit(String model, Cost cost, Priority priority,
			@Nullable String tenant, Callable<T> task) {
		return submit(this.registry.limiter(model), cost, priority, tenant, task);
	}

	private <T extends @Nullable Object> CompletableFuture<T> submit(LlmRateLimiter limiter, Cost cost,
			Priority priority, @Nullable String tenant, Callable<T> body) {
		Task<T> task;
		this.lock.lock();
		try {
			if (this.closed) {
				throw new TaskQueueFullException("The application stops: no task is accepted any more.");
			}
			long unfinished = unfinished();
			if (unfinished >= this.settings.capacity()) {
				throw new TaskQueueFullException(("%d tasks are unfinished already. Raise "
						+ "llm.ratelimit.task-queue.capacity, or submit the rest when some are done.")
					.formatted(unfinished));
			}
			task = new Task<>(limiter, new CallRequest(cost, priority, tenant, MAX_WAIT), body, ++this.accepted);
			TaskLine line = line(limiter);
			line.waiting.add(task);
			this.backlog.add(limiter, cost);
			if (line.workers < this.settings.workers()) {
				line.workers++;
				this.threads.newThread(() -> work(line)).start();
			}
		}
		finally {
			this.lock.unlock();
		}
		task.whenComplete((answer, failure) -> givenUp(task));
		return task;
	}

	private TaskLine line(LlmRateLimiter limiter) {
		return this.lines.computeIfAbsent(limiter, (key) -> new TaskLine());
	}

	/** Accepted tasks that have not ended, whoever ended them. */
	private long unfinished() {
		return this.accepted - this.done - this.failed;
	}

	private void work(TaskLine line) {
		for (Task<?> task = next(line); task != null; task = next(line)) {
			Task<?> current = task;
			Runnable telling = task.call(() -> begin(current));
			ended(task);
			telling.run();
			count(task);
		}
	}

	private @Nullable Task<?> next(TaskLine line) {
		this.lock.lock();
		try {
			Task<?> task = line.waiting.pollFirst();
			if (task == null) {
				line.workers--;
				return null;
			}
			this.working.add(task);
			task.worker = Thread.currentThread();
			return task;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** A task was admitted. If it is to be handed back, it must not begin. */
	private void begin(Task<?> task) {
		this.lock.lock();
		try {
			if ((this.handingBack && !task.begun) || task.isDone()) {
				throw new TaskNotStartedException(task.limiter.model());
			}
			task.begun = true;
			leaveBacklog(task);
		}
		finally {
			this.lock.unlock();
		}
	}

	private void leaveBacklog(Task<?> task) {
		if (task.inBacklog) {
			task.inBacklog = false;
			this.backlog.remove(task.limiter, task.request.cost());
		}
	}

	/** A task no longer has a thread: whoever cancels it now must not interrupt it. */
	private void ended(Task<?> task) {
		this.lock.lock();
		try {
			task.worker = null;
			leaveBacklog(task);
			Thread.interrupted(); // meant for the task that has ended
		}
		finally {
			this.lock.unlock();
		}
	}

	private void count(Task<?> task) {
		this.lock.lock();
		try {
			if (this.working.remove(task)) {
				if (task.isCompletedExceptionally()) {
					this.failed++;
				}
				else {
					this.done++;
				}
				this.finished.signalAll();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/** A future has completed, perhaps by its owner. */
	private void givenUp(Task<?> task) {
		this.lock.lock();
		try {
			if (line(task.limiter).waiting.remove(task)) {
				leaveBacklog(task);
				this.failed++;
				this.finished.signalAll();
			}
			else if (task.worker != null) {
				task.worker.interrupt();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public Progress progress() {
		Backlog needed;
		long doneNow;
		long failedNow;
		long remaining;
		this.lock.lock();
		try {
			needed = this.backlog.copy();
			doneNow = this.done;
			failedNow = this.failed;
			remaining = unfinished();
		}
		finally {
			this.lock.unlock();
		}
		return new Progress(doneNow, failedNow, remaining, needed.untilGiven());
	}

	@Override
	public List<Unstarted> shutdown(Duration grace) {
		List<Task<?>> unstarted = new ArrayList<>();
		this.lock.lock();
		try {
			this.closed = true;
			awaitEnd(grace.toNanos());
			this.handingBack = true;
			for (Task<?> task : this.working) {
				if (!task.begun) {
					unstarted.add(task);
				}
			}
			unstarted.sort(Task::compare);
			unstarted.addAll(waiting());
		}
		finally {
			this.lock.unlock();
		}
		// outside of the lock, since owners are told
		unstarted.forEach((task) -> task.completeExceptionally(new TaskNotStartedException(task.limiter.model())));
		return unstarted.stream().map(Task::unstarted).toList();
	}

	private List<Task<?>> waiting() {
		List<Task<?>> all = new ArrayList<>();
		this.lines.values().forEach((line) -> all.addAll(line.waiting));
		all.sort(Task::compare);
		return all;
	}

	private void awaitEnd(long graceNanos) {
		long left = graceNanos;
		try {
			while (left > 0 && unfinished() > 0) {
				left = this.finished.awaitNanos(left);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt(); // no more time: what has not begun is
												// handed back
		}
	}

}
