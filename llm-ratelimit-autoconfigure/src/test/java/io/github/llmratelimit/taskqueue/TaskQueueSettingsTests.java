package io.github.llmratelimit.taskqueue;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** Tests for {@link TaskQueueSettings}. */
class TaskQueueSettingsTests {

	@Test
	void defaultsAreSixteenWorkersAndHundredThousandTasks() {
		assertThat(TaskQueueSettings.DEFAULTS).isEqualTo(new TaskQueueSettings(16, 100_000));
	}

	@Test
	void createWhenThereIsNoWorkerThrowsWithTheNumber() {
		assertThatIllegalArgumentException().isThrownBy(() -> new TaskQueueSettings(0, 1))
			.withMessage("Invalid workers (0): must be between 1 and 10000.");
	}

	@Test
	void createWhenWorkersAreTooManyThrowsWithTheNumber() {
		assertThatIllegalArgumentException().isThrownBy(() -> new TaskQueueSettings(10_001, 1))
			.withMessage("Invalid workers (10001): must be between 1 and 10000.");
	}

	@Test
	void createWhenNothingFitsThrowsWithTheNumber() {
		assertThatIllegalArgumentException().isThrownBy(() -> new TaskQueueSettings(1, 0))
			.withMessage("Invalid capacity (0): must be at least 1.");
	}

}
