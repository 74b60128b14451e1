package io.github.llmratelimit.autoconfigure.events;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.autoconfigure.LlmRateLimitAutoConfiguration;
import io.github.llmratelimit.engine.FailureReader;
import io.github.llmratelimit.events.LlmRateLimitEvent;
import io.github.llmratelimit.events.LlmRateLimitEventPublisher;
import io.github.llmratelimit.events.LlmRateLimitPausedEvent;
import io.github.llmratelimit.events.LlmRateLimitResumedEvent;
import io.github.llmratelimit.provider.HttpFields;
import io.github.llmratelimit.provider.ProviderException;
import io.github.llmratelimit.provider.ProviderResponse;
import io.github.llmratelimit.time.FakeTime;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link LlmRateLimitEventsAutoConfiguration}.
 */
class LlmRateLimitEventsAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(LlmRateLimitAutoConfiguration.class, LlmRateLimitEventsAutoConfiguration.class))
		.withPropertyValues("llm.ratelimit.models.gpt-4o.provider=openai", "llm.ratelimit.models.gpt-4o.rpm=10");

	@Test
	void eventsWhenThereIsAListenerAreHeard() {
		this.contextRunner.withUserConfiguration(ListeningConfiguration.class).run((context) -> {
			ListeningConfiguration heard = context.getBean(ListeningConfiguration.class);
			refuse(context);
			context.getBean(FakeTime.class).advance(Duration.ofSeconds(7));
			FakeTime.await(() -> heard.all.size() == 2);
			BudgetKey budget = new BudgetKey("openai", "gpt-4o");
			assertThat(heard.pauses).singleElement().satisfies((event) -> {
				assertThat(event.budget()).isEqualTo(budget);
				assertThat(event.retryAfter()).isEqualTo(Duration.ofSeconds(7));
				assertThat(event.until()).isEqualTo(FakeTime.START.plusSeconds(7));
				assertThat(event.cause()).isInstanceOf(ProviderException.class);
			});
			assertThat(heard.all).last()
				.isEqualTo(new LlmRateLimitResumedEvent("gpt-4o", budget, heard.pauses.get(0).reason()));
		});
	}

	@Test
	void publisherWhenTheUserHasOneIsTheUsers() {
		LlmRateLimitEventPublisher own = new LlmRateLimitEventPublisher(mock(), new FakeTime());
		this.contextRunner.withBean("own", LlmRateLimitEventPublisher.class, () -> own)
			.run((context) -> assertThat(context).getBean(LlmRateLimitEventPublisher.class).isSameAs(own));
	}

	@Test
	void publisherWhenSwitchedOffIsNotThere() {
		this.contextRunner.withPropertyValues("llm.ratelimit.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(LlmRateLimitEventPublisher.class));
	}

	private static void refuse(AssertableApplicationContext context) {
		HttpFields fields = HttpFields.of(Map.of("retry-after", List.of("7")));
		assertThatExceptionOfType(ProviderException.class)
			.isThrownBy(() -> context.getBean(LlmRateLimiter.class).call(CallRequest.of(Cost.of(1, 1)), () -> {
				throw new ProviderException(new ProviderResponse(429, fields, "{}"));
			}));
	}

	@Configuration(proxyBeanMethods = false)
	static class ListeningConfiguration {

		private final List<LlmRateLimitEvent> all = new CopyOnWriteArrayList<>();

		private final List<LlmRateLimitPausedEvent> pauses = new CopyOnWriteArrayList<>();

		@Bean
		FakeTime time() {
			return new FakeTime();
		}

		@Bean
		FailureReader reader() {
			return ProviderException::read;
		}

		@EventListener
		void onEvent(LlmRateLimitEvent event) {
			this.all.add(event);
		}

		@EventListener
		void onPause(LlmRateLimitPausedEvent event) {
			this.pauses.add(event);
		}

	}

}
