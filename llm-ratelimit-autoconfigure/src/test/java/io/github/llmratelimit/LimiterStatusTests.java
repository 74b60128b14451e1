package io.github.llmratelimit;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.github.llmratelimit.LimiterStatus.State;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/**
 * Tests for {@link LimiterStatus}.
 */
class LimiterStatusTests {

	@Test
	void queuedWhenSeveralPrioritiesWaitIsTheirSum() {
		LimiterStatus status = status(Map.of(Priority.HIGH, 2, Priority.BATCH, 3));
		assertThat(status.queued()).isEqualTo(5);
	}

	@Test
	void queuedByPriorityWhenPrioritiesAreMissingHasAllOfThem() {
		LimiterStatus status = status(Map.of(Priority.HIGH, 2));
		assertThat(status.queuedByPriority()).containsExactly(entry(Priority.HIGH, 2), entry(Priority.NORMAL, 0),
				entry(Priority.BATCH, 0));
	}

	private static LimiterStatus status(Map<Priority, Integer> queuedByPriority) {
		return new LimiterStatus(State.QUEUEING, List.of(), queuedByPriority, 0, Duration.ZERO);
	}

}
