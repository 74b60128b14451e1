package io.github.llmratelimit.aop;

import io.github.llmratelimit.aop.CheckedBeans.Api;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.annotation.Configuration;

import static io.github.llmratelimit.aop.CheckedBeans.limited;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LimitedBeanChecker} where a cache surrounds a limited method, or is
 * inside of it.
 */
@ExtendWith(OutputCaptureExtension.class)
class CacheOrderTests {

	private final ApplicationContextRunner runner = CheckedBeans.runner()
		.withBean(CacheManager.class, ConcurrentMapCacheManager::new)
		.withBean(CachedChat.class);

	@Test
	void cacheWhenInsideIsWarnedOf(CapturedOutput output) {
		this.runner.withUserConfiguration(DefaultCaching.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).containsOnlyOnce("The cache of")
				.contains("CachedChat.ask(String)", "@EnableCaching(order = 2147483644)");
		});
	}

	@Test
	void cacheWhenOutsideIsNot(CapturedOutput output) {
		this.runner.withUserConfiguration(OuterCaching.class).run((context) -> {
			context.getBean(CachedChat.class).ask("hi");
			context.getBean(CachedChat.class).ask("hi");
			assertThat(context.getBean(FakeRegistry.class).calls("gpt-4o")).isEqualTo(1);
			assertThat(output).doesNotContain("The cache of");
		});
	}

	@Test
	void cacheWhenSwitchedOffIsNot(CapturedOutput output) {
		this.runner.run((context) -> assertThat(output).doesNotContain("The cache of"));
	}

	static class CachedChat implements Api {

		@Override
		@Cacheable("answers")
		public String ask(String prompt) {
			return prompt;
		}

	}

	@EnableCaching
	@Configuration(proxyBeanMethods = false)
	static class DefaultCaching {

	}

	@EnableCaching(order = 2147483644)
	@Configuration(proxyBeanMethods = false)
	static class OuterCaching {

	}

}
