package io.github.llmratelimit.autoconfigure.events;

import java.time.InstantSource;

import io.github.llmratelimit.events.LlmRateLimitEventPublisher;
import io.github.llmratelimit.time.WallClock;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of application events.
 */
@AutoConfiguration(afterName = "io.github.llmratelimit.autoconfigure.LlmRateLimitAutoConfiguration")
@ConditionalOnBooleanProperty(name = "llm.ratelimit.enabled", matchIfMissing = true)
public final class LlmRateLimitEventsAutoConfiguration {

	LlmRateLimitEventsAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean
	LlmRateLimitEventPublisher llmRateLimitEventPublisher(ApplicationEventPublisher publisher,
			ObjectProvider<InstantSource> wallClock) {
		return new LlmRateLimitEventPublisher(publisher, wallClock.getIfUnique(WallClock::system));
	}

}
