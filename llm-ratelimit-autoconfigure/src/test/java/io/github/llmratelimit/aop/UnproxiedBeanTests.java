package io.github.llmratelimit.aop;

import io.github.llmratelimit.aop.CheckedBeans.Chat;
import io.github.llmratelimit.aop.CheckedBeans.Wrong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.PriorityOrdered;

import static io.github.llmratelimit.aop.CheckedBeans.limited;
import static io.github.llmratelimit.aop.CheckedBeans.refused;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LimitedBeanChecker} where a bean has no proxy, or got one at an
 * unusual time.
 */
@ExtendWith(OutputCaptureExtension.class)
class UnproxiedBeanTests {

	private final ApplicationContextRunner runner = CheckedBeans.runner();

	@Test
	void beanWhenNothingMakesProxiesStopsTheStart() {
		this.runner.withPropertyValues("spring.aop.auto=false")
			.withBean(Chat.class)
			.run(refused("Chat.ask(String)", "has no proxy", "remove spring.aop.auto=false"));
	}

	@Test
	void beanWhenReplacedAfterItsProxyWasMadeStopsTheStart() {
		this.runner.withUserConfiguration(Replacing.class)
			.withBean(Chat.class)
			.run(refused("Chat.ask(String)", "Something replaced the bean"));
	}

	@Test
	void beanWhenCreatedBeforeThereAreProxiesStopsTheStart() {
		this.runner.withUserConfiguration(TooEarly.class)
			.run(refused("Chat.ask(String)", "bean 'chat' was created too early", "'needsChat' needs it"));
	}

	@Test
	void beanWhenCreatedBetweenProxiesAndTheCheckIsLimited() {
		this.runner.withUserConfiguration(Early.class).run(limited(Chat.class));
	}

	@Test
	void beanWhenCreatedBetweenProxiesAndTheCheckIsChecked() {
		this.runner.withUserConfiguration(WrongEarly.class).run(refused("Wrong.ask(String)", "#promt"));
	}

	@Test
	void beanWhenAPostProcessorLooksItUpLaterIsLimited() {
		this.runner.withUserConfiguration(InTime.class).run(limited(Chat.class));
	}

	@Test
	void beanWhenPutThereByHandIsWarnedOf(CapturedOutput output) {
		this.runner.withBean(Chat.class)
			.withInitializer((context) -> context.addBeanFactoryPostProcessor((beanFactory) -> beanFactory
				.registerSingleton(beanFactory.getBeanNamesForType(Chat.class, true, false)[0], new Chat())))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(output).containsOnlyOnce("Chat.ask(String) are not limited");
			});
	}

	@Configuration(proxyBeanMethods = false)
	static class Replacing {

		@Bean
		static BeanPostProcessor replacer() {
			return new BeanPostProcessor() {
				@Override
				public Object postProcessAfterInitialization(Object bean, String beanName) {
					return (bean instanceof Chat) ? new Chat() : bean;
				}
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TooEarly {

		@Bean
		Chat chat() {
			return new Chat();
		}

		@Bean
		static FirstPostProcessor needsChat(Chat chat) {
			return new FirstPostProcessor(chat);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Early {

		@Bean
		Chat chat() {
			return new Chat();
		}

		@Bean
		static LastPostProcessor needsChat(Chat chat) {
			return new LastPostProcessor(chat);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class WrongEarly {

		@Bean
		Wrong wrong() {
			return new Wrong();
		}

		@Bean
		static LastPostProcessor needsWrong(Wrong wrong) {
			return new LastPostProcessor(wrong);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class InTime {

		@Bean
		Chat chat() {
			return new Chat();
		}

		@Bean
		static FirstPostProcessor needsChat(ObjectProvider<Chat> chat) {
			return new FirstPostProcessor(chat);
		}

	}

	/**
	 * Comes before the creators of proxies.
	 *
	 * @param needed what it needs
	 */
	record FirstPostProcessor(Object needed) implements BeanPostProcessor, PriorityOrdered {

		@Override
		public int getOrder() {
			return 0;
		}

	}

	/**
	 * Comes after the creators of proxies.
	 *
	 * @param needed what it needs
	 */
	record LastPostProcessor(Object needed) implements BeanPostProcessor {

	}

}
