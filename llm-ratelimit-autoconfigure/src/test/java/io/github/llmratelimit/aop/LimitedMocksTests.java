package io.github.llmratelimit.aop;

import io.github.llmratelimit.LlmRateLimited;
import io.github.llmratelimit.autoconfigure.aop.LlmRateLimitAopAutoConfiguration;
import io.github.llmratelimit.tokens.TokenEstimator;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.context.bean.override.mockito.MockitoSpyBean;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that {@link LimitedBeanChecker} lets applications replace limited beans in their
 * own tests.
 */
@SpringJUnitConfig
class LimitedMocksTests {

	@MockitoBean
	private MockedChat mocked;

	@MockitoSpyBean
	private SpiedChat spied;

	@Autowired
	private FakeRegistry registry;

	@Test
	void mockWhenCalledIsNotLimited() {
		assertThat(this.mocked.ask("hi")).isNull();
		assertThat(this.registry.calls("mocked")).isZero();
	}

	@Test
	void spyWhenCalledIsLimited() {
		assertThat(this.spied.ask("hi")).isEqualTo("hi");
		assertThat(this.registry.calls("spied")).isEqualTo(1);
	}

	static class MockedChat {

		@LlmRateLimited("mocked")
		public String ask(String prompt) {
			return prompt;
		}

	}

	static class SpiedChat {

		@LlmRateLimited("spied")
		public String ask(String prompt) {
			return prompt;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ AopAutoConfiguration.class, LlmRateLimitAopAutoConfiguration.class })
	static class Application {

		@Bean
		MockedChat mockedChat() {
			return new MockedChat();
		}

		@Bean
		SpiedChat spiedChat() {
			return new SpiedChat();
		}

		@Bean
		FakeRegistry registry() {
			return new FakeRegistry("mocked", "spied");
		}

		@Bean
		TokenEstimator tokens() {
			return FakeTokens.estimator();
		}

	}

}
