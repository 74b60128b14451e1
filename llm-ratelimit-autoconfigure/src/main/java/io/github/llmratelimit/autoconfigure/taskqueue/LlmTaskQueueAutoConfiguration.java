package io.github.llmratelimit.autoconfigure.taskqueue;

import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.LlmTaskQueue;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties;
import io.github.llmratelimit.taskqueue.TaskQueueSettings;
import io.github.llmratelimit.taskqueue.WorkerTaskQueue;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the {@link LlmTaskQueue}.
 */
@AutoConfiguration(afterName = "io.github.llmratelimit.autoconfigure.LlmRateLimitAutoConfiguration")
@ConditionalOnBooleanProperty(name = "llm.ratelimit.enabled", matchIfMissing = true)
@ConditionalOnBean(LlmRateLimiterRegistry.class)
public final class LlmTaskQueueAutoConfiguration {

	LlmTaskQueueAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean(LlmTaskQueue.class)
	WorkerTaskQueue llmTaskQueue(LlmRateLimiterRegistry registry, ObjectProvider<TaskQueueSettings> settings,
			ObjectProvider<LlmRateLimitProperties> properties) {
		return new WorkerTaskQueue(registry, settings.getIfAvailable(() -> settings(properties.getIfAvailable())));
	}

	private static TaskQueueSettings settings(@Nullable LlmRateLimitProperties properties) {
		return (properties == null) ? TaskQueueSettings.DEFAULTS
				: new TaskQueueSettings(properties.taskQueue().workers(), properties.taskQueue().capacity());
	}

	@Bean
	@ConditionalOnMissingBean
	TaskQueueLifecycle llmTaskQueueLifecycle(LlmTaskQueue queue) {
		return new TaskQueueLifecycle(queue);
	}

}
