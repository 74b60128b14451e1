package io.github.llmratelimit.engine;

import java.util.Map;

import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Priority;
import io.github.llmratelimit.engine.Waiter.Asked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the numbers that {@link WaitQueue} keeps by priority.
 */
class QueuedByPriorityTests {

	private final WaitQueue queue = new WaitQueue();

	@Test
	void sizeByPriorityWhenCallsWaitCountsEachOnce() {
		this.queue.add(waiter(Priority.BATCH));
		this.queue.add(waiter(Priority.HIGH));
		this.queue.add(waiter(Priority.BATCH));
		assertThat(this.queue.sizeByPriority())
			.isEqualTo(Map.of(Priority.HIGH, 1, Priority.NORMAL, 0, Priority.BATCH, 2));
	}

	@Test
	void sizeByPriorityWhenCallLeavesTwiceForgetsItOnce() {
		Waiter leaving = waiter(Priority.NORMAL);
		this.queue.add(leaving);
		this.queue.add(waiter(Priority.NORMAL));
		this.queue.remove(leaving);
		this.queue.remove(leaving);
		assertThat(this.queue.sizeByPriority()).containsEntry(Priority.NORMAL, 1);
	}

	private static Waiter waiter(Priority priority) {
		return new Waiter(new Asked("gpt-4o", Cost.of(1, 1), priority, null, 0), false, 0, 0, () -> {
		});
	}

}
