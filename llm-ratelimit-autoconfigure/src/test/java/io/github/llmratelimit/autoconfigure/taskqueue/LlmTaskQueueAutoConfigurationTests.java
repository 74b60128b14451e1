package io.github.llmratelimit.autoconfigure.taskqueue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

import io.github.llmratelimit.Cost;
import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.LlmTaskQueue;
import io.github.llmratelimit.Priority;
import io.github.llmratelimit.TaskQueueFullException;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties;
import io.github.llmratelimit.engine.TestLimiters;
import io.github.llmratelimit.taskqueue.TaskQueueSettings;
import io.github.llmratelimit.taskqueue.WorkerTaskQueue;
import io.github.llmratelimit.time.FakeTime;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Tests for {@link LlmTaskQueueAutoConfiguration}. */
class LlmTaskQueueAutoConfigurationTests {

	private final ApplicationContextRunner withoutRegistry = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(LlmTaskQueueAutoConfiguration.class));

	private final ApplicationContextRunner runner = this.withoutRegistry.withBean(LlmRateLimiterRegistry.class,
			() -> new TestLimiters(new FakeTime()).model("gpt-4o").build());

	@Test
	void queueIsThere() {
		this.runner.run((context) -> {
			CompletableFuture<String> task = context.getBean(LlmTaskQueue.class)
				.submit(Cost.ofTotal(100), () -> "answer");
			FakeTime.await(task::isDone);
			assertThat(task).isCompletedWithValue("answer");
		});
	}

	@Test
	void queueHasTheSettings() {
		this.runner.withBean(TaskQueueSettings.class, () -> new TaskQueueSettings(1, 1)).run((context) -> {
			LlmTaskQueue queue = context.getBean(LlmTaskQueue.class);
			CompletableFuture<String> gate = new CompletableFuture<>();
			queue.submit(Cost.ofTotal(100), gate::get);
			assertThatExceptionOfType(TaskQueueFullException.class)
				.isThrownBy(() -> queue.submit(Cost.ofTotal(100), () -> "answer"));
			gate.complete("answer");
		});
	}

	@Test
	void queueHasThePropertiesOfTheApplication() {
		this.runner.withUserConfiguration(Properties.class)
			.withPropertyValues("llm.ratelimit.task-queue.workers=1", "llm.ratelimit.task-queue.capacity=1")
			.run((context) -> {
				LlmTaskQueue queue = context.getBean(LlmTaskQueue.class);
				CompletableFuture<String> gate = new CompletableFuture<>();
				queue.submit(Cost.ofTotal(100), gate::get);
				assertThatExceptionOfType(TaskQueueFullException.class)
					.isThrownBy(() -> queue.submit(Cost.ofTotal(100), () -> "answer"));
				gate.complete("answer");
			});
	}

	@Test
	void queueOfTheApplicationReplacesOurs() {
		this.runner.withBean(LlmTaskQueue.class, FakeQueue::new)
			.run((context) -> assertThat(context).doesNotHaveBean(WorkerTaskQueue.class));
	}

	@Test
	void queueWhenSwitchedOffIsMissing() {
		this.runner.withPropertyValues("llm.ratelimit.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(LlmTaskQueue.class));
	}

	@Test
	void queueWithoutLimitersIsMissing() {
		this.withoutRegistry.run((context) -> assertThat(context).doesNotHaveBean(LlmTaskQueue.class));
	}

	@Test
	void applicationWhenItStopsWorksOffWhatWasAccepted() {
		List<CompletableFuture<String>> tasks = new ArrayList<>();
		this.runner.withBean(TaskQueueSettings.class, () -> new TaskQueueSettings(1, 100)).run((context) -> {
			for (int i = 0; i < 5; i++) {
				tasks.add(context.getBean(LlmTaskQueue.class).submit(Cost.ofTotal(100), () -> "answer"));
			}
		});
		assertThat(tasks).hasSize(5).allMatch((task) -> "answer".equals(task.getNow(null)));
	}

	@Test
	void applicationWhenItStopsGivesTheQueueItsGrace() {
		FakeQueue queue = new FakeQueue();
		this.runner.withBean(LlmTaskQueue.class, () -> queue).run((context) -> {
		});
		assertThat(queue.grace).isEqualTo(TaskQueueLifecycle.GRACE);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(LlmRateLimitProperties.class)
	static class Properties {

	}

	private static final class FakeQueue implements LlmTaskQueue {

		private Duration grace;

		@Override
		public <T> CompletableFuture<T> submit(String model, Cost cost, Priority priority, String tenant,
				Callable<T> task) {
			throw new UnsupportedOperationException();
		}

		@Override
		public <T> CompletableFuture<T> submit(Cost cost, Priority priority, String tenant, Callable<T> task) {
			throw new UnsupportedOperationException();
		}

		@Override
		public Progress progress() {
			return new Progress(0, 0, 0, Duration.ZERO);
		}

		@Override
		public List<Unstarted> shutdown(Duration newGrace) {
			this.grace = newGrace;
			return List.of();
		}

	}

}
