package io.github.llmratelimit.taskqueue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.llmratelimit.Cost;
import io.github.llmratelimit.LlmCall;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.LlmTaskQueue.Progress;
import io.github.llmratelimit.LlmTaskQueue.Unstarted;
import io.github.llmratelimit.Priority;
import io.github.llmratelimit.TaskNotStartedException;
import io.github.llmratelimit.TaskQueueFullException;
import io.github.llmratelimit.UnknownLlmModelException;
import io.github.llmratelimit.engine.TestLimiters;
import io.github.llmratelimit.time.FakeTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;

/** Tests for {@link WorkerTaskQueue} on real limiters in fake time. */
class WorkerTaskQueueTests {

	private static final Cost COST = Cost.ofTotal(100);

	private final FakeTime time = new FakeTime();

	private final LlmRateLimiterRegistry registry = new TestLimiters(this.time).model("gpt-4o").build();

	private final LlmRateLimiter limiter = this.registry.limiter("gpt-4o");

	private final CountDownLatch gate = new CountDownLatch(1);

	private final List<String> ran = Collections.synchronizedList(new ArrayList<>());

	private final AtomicInteger running = new AtomicInteger();

	private WorkerTaskQueue queue = queue(1, 10);

	private WorkerTaskQueue queue(int workers, int capacity) {
		return new WorkerTaskQueue(this.registry, new TaskQueueSettings(workers, capacity));
	}

	@AfterEach
	void end() {
		this.gate.countDown();
		this.queue.shutdown(Duration.ZERO);
	}

	@Test
	void taskIsALimitedCall() {
		CompletableFuture<String> task = this.queue.submit(COST, () -> LlmCall.current().orElseThrow().model());
		assertThat(ended(task)).isCompletedWithValue("gpt-4o");
		assertThat(this.limiter.status().windows().get(1).remaining()).isEqualTo(900);
	}

	@Test
	void taskWhenItFailsTellsItsFailure() {
		IllegalStateException failure = new IllegalStateException();
		CompletableFuture<String> task = this.queue.submit(COST, () -> {
			throw failure;
		});
		assertThat(ended(task)).failsWithin(Duration.ZERO).withThrowableThat().withCause(failure);
	}

	@Test
	void taskWhenThereIsNoBudgetWaitsAsABatchCallForAsLongAsItTakes() {
		this.limiter.tryAcquire(Cost.ofTotal(1000)).orElseThrow().close();
		CompletableFuture<String> task = this.queue.submit(COST, () -> "answer");
		FakeTime.await(() -> this.limiter.status().queuedByPriority().get(Priority.BATCH) == 1);
		this.time.advance(Duration.ofSeconds(61));
		assertThat(ended(task)).isCompletedWithValue("answer");
	}

	@Test
	void tasksStartInTheOrderOfPriorityThenOfArrival() {
		begun(submit("first", Priority.BATCH));
		submit("second", Priority.BATCH);
		submit("third", Priority.BATCH);
		submit("urgent", Priority.HIGH);
		CompletableFuture<String> last = submit("last", Priority.BATCH);
		this.gate.countDown();
		ended(last);
		assertThat(this.ran).containsExactly("first", "urgent", "second", "third", "last");
	}

	@Test
	void tasksRunAsManyAtATimeAsThereAreWorkers() {
		this.queue = queue(3, 10);
		for (int i = 0; i < 5; i++) {
			submit("task", Priority.BATCH);
		}
		FakeTime.await(() -> this.running.get() == 3);
		assertThat(this.queue.progress().remaining()).isEqualTo(5);
		this.gate.countDown();
		FakeTime.await(() -> this.queue.progress().done() == 5);
	}

	@Test
	void taskWhenAnotherModelsTasksWaitForBudgetRuns() {
		LlmRateLimiterRegistry two = new TestLimiters(this.time).model("a").model("b").build();
		two.limiter("a").tryAcquire(Cost.ofTotal(1000)).orElseThrow().close();
		this.queue = new WorkerTaskQueue(two, new TaskQueueSettings(1, 10));
		this.queue.submit("a", COST, Priority.HIGH, null, () -> "late");
		CompletableFuture<String> task = this.queue.submit("b", COST, Priority.BATCH, null, () -> "answer");
		assertThat(ended(task)).isCompletedWithValue("answer");
	}

	@Test
	void shutdownWhenTasksOfSeveralModelsWaitHandsThemBackInTheirOrder() {
		LlmRateLimiterRegistry two = new TestLimiters(this.time).model("a").model("b").build();
		this.queue = new WorkerTaskQueue(two, new TaskQueueSettings(1, 10));
		for (String model : List.of("a", "b")) {
			this.queue.submit(model, COST, Priority.HIGH, null, () -> runUntilOpened(model));
		}
		FakeTime.await(() -> this.running.get() == 2);
		this.queue.submit("b", COST, Priority.NORMAL, null, () -> "second");
		this.queue.submit("a", COST, Priority.BATCH, null, () -> "third");
		this.queue.submit("a", COST, Priority.HIGH, null, () -> "first");
		assertThat(this.queue.shutdown(Duration.ZERO)).extracting(Unstarted::priority)
			.containsExactly(Priority.HIGH, Priority.NORMAL, Priority.BATCH);
	}

	@Test
	void submitWhenFullThrowsAndKeepsNothing() {
		this.queue = queue(1, 2);
		submit("one", Priority.BATCH);
		submit("two", Priority.BATCH);
		assertThatExceptionOfType(TaskQueueFullException.class).isThrownBy(() -> submit("three", Priority.BATCH))
			.withMessageContaining("2 tasks are unfinished already")
			.withMessageContaining("llm.ratelimit.task-queue.capacity");
		assertThat(this.queue.progress().remaining()).isEqualTo(2);
	}

	@Test
	void submitWhenTheModelIsUnknownThrows() {
		assertThatExceptionOfType(UnknownLlmModelException.class)
			.isThrownBy(() -> this.queue.submit("gpt-9", COST, () -> "answer"));
	}

	@Test
	void submitWithoutAModelWhenThereAreSeveralThrows() {
		WorkerTaskQueue several = new WorkerTaskQueue(new TestLimiters(this.time).model("a").model("b").build(),
				TaskQueueSettings.DEFAULTS);
		assertThatIllegalStateException().isThrownBy(() -> several.submit(COST, () -> "answer"))
			.withMessage("There are 2 models (a, b): name the one that the task calls.");
	}

	@Test
	void taskWhenCancelledBeforeItsStartIsTakenOut() {
		begun(submit("first", Priority.BATCH));
		submit("second", Priority.BATCH).cancel(true);
		assertThat(this.queue.progress()).isEqualTo(new Progress(0, 1, 1, Duration.ZERO));
		this.gate.countDown();
		FakeTime.await(() -> this.queue.progress().done() == 1);
		assertThat(this.ran).containsExactly("first");
	}

	@Test
	void taskWhenCancelledWhileItWaitsForBudgetLeavesTheLimiter() {
		this.limiter.tryAcquire(Cost.ofTotal(1000)).orElseThrow().close();
		CompletableFuture<String> task = submit("first", Priority.BATCH);
		FakeTime.await(() -> this.limiter.status().queued() == 1);
		task.cancel(true);
		FakeTime.await(() -> this.limiter.status().queued() == 0);
		FakeTime.await(() -> this.queue.progress().failed() == 1);
		assertThat(this.ran).isEmpty();
	}

	@Test
	void taskWhenCancelledWhileItRunsIsInterrupted() {
		CompletableFuture<String> task = submit("first", Priority.BATCH);
		begun(task);
		task.cancel(true);
		FakeTime.await(() -> this.queue.progress().failed() == 1);
		assertThat(ended(this.queue.submit(COST, () -> "next"))).isCompletedWithValue("next");
	}

	@Test
	void progressForecastsTheEndFromCostsAndLimits() {
		this.limiter.tryAcquire(Cost.ofTotal(1000)).orElseThrow().close();
		for (int i = 0; i < 3; i++) {
			this.queue.submit(Cost.ofTotal(1000), () -> "answer");
		}
		assertThat(this.queue.progress()).isEqualTo(new Progress(0, 0, 3, Duration.ofMinutes(3)));
	}

	@Test
	void shutdownWorksOffWhatWasAccepted() {
		this.gate.countDown();
		CompletableFuture<String> one = submit("one", Priority.BATCH);
		CompletableFuture<String> two = submit("two", Priority.BATCH);
		assertThat(this.queue.shutdown(Duration.ofSeconds(20))).isEmpty();
		assertThat(one).isCompletedWithValue("one");
		assertThat(two).isCompletedWithValue("two");
	}

	@Test
	void shutdownHandsBackWhatHasNotBegunAndLeavesTheRest() {
		CompletableFuture<String> running = submit("running", Priority.BATCH);
		begun(running);
		CompletableFuture<String> waiting = submit("waiting", Priority.BATCH);
		assertThat(this.queue.shutdown(Duration.ZERO)).extracting(Unstarted::model, Unstarted::cost)
			.containsExactly(tuple("gpt-4o", COST));
		assertThat(failure(waiting)).isInstanceOf(TaskNotStartedException.class);
		this.gate.countDown();
		assertThat(ended(running)).isCompletedWithValue("running");
	}

	@Test
	void shutdownHandsBackWhatWaitsForBudget() {
		this.limiter.tryAcquire(Cost.ofTotal(1000)).orElseThrow().close();
		CompletableFuture<String> task = submit("first", Priority.BATCH);
		FakeTime.await(() -> this.limiter.status().queued() == 1);
		assertThat(this.queue.shutdown(Duration.ZERO)).hasSize(1);
		assertThat(failure(task)).isInstanceOf(TaskNotStartedException.class);
		FakeTime.await(() -> this.limiter.status().queued() == 0);
		assertThat(this.ran).isEmpty();
	}

	@Test
	void shutdownTwiceHandsBackOnce() {
		begun(submit("running", Priority.BATCH));
		submit("waiting", Priority.BATCH);
		assertThat(this.queue.shutdown(Duration.ZERO)).hasSize(1);
		assertThat(this.queue.shutdown(Duration.ZERO)).isEmpty();
	}

	@Test
	void submitAfterShutdownThrows() {
		this.queue.shutdown(Duration.ZERO);
		assertThatExceptionOfType(TaskQueueFullException.class).isThrownBy(() -> submit("late", Priority.BATCH))
			.withMessageContaining("The application stops");
	}

	/** A task that waits at the gate. */
	private CompletableFuture<String> submit(String name, Priority priority) {
		return this.queue.submit("gpt-4o", COST, priority, null, () -> runUntilOpened(name));
	}

	private String runUntilOpened(String name) throws InterruptedException {
		this.ran.add(name);
		this.running.incrementAndGet();
		this.gate.await();
		this.running.decrementAndGet();
		return name;
	}

	private void begun(CompletableFuture<String> task) {
		FakeTime.await(() -> this.running.get() > 0);
		assertThat(task).isNotDone();
	}

	private static <T> CompletableFuture<T> ended(CompletableFuture<T> task) {
		FakeTime.await(task::isDone);
		return task;
	}

	private static Throwable failure(CompletableFuture<?> task) {
		Throwable[] failure = new Throwable[1];
		task.whenComplete((answer, ex) -> failure[0] = ex);
		return failure[0];
	}

}
