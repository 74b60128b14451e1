package io.github.llmratelimit.aop;

import io.github.llmratelimit.LlmRateLimited;
import io.github.llmratelimit.aop.CheckedBeans.Api;
import io.github.llmratelimit.aop.CheckedBeans.Chat;
import io.github.llmratelimit.aop.CheckedBeans.Wrong;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;

import static io.github.llmratelimit.aop.CheckedBeans.limited;
import static io.github.llmratelimit.aop.CheckedBeans.mistake;
import static io.github.llmratelimit.aop.CheckedBeans.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchException;

/**
 * Tests for {@link LimitedBeanChecker}: which beans it finds.
 */
class LimitedBeanCheckerTests {

	private final ApplicationContextRunner runner = CheckedBeans.runner();

	@Test
	void beanWhenInOrderIsLimited() {
		this.runner.withBean(Chat.class).run(limited(Chat.class));
	}

	@Test
	void beanWhenItsAttributesAreWrongStopsTheStart() {
		this.runner.withBean(Wrong.class).run(refused("Wrong.ask(String)", "#promt"));
	}

	@Test
	void beanWhenLazyIsCheckedWhenCreated() {
		this.runner.withBean(Wrong.class, Wrong::new, (definition) -> definition.setLazyInit(true)).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(mistake(catchException(() -> context.getBean(Wrong.class)))).hasMessageContaining("#promt");
		});
	}

	@Test
	void beanWhenPrototypeIsLimited() {
		this.runner.withBean(Chat.class, Chat::new, (definition) -> definition.setScope("prototype"))
			.run(limited(Chat.class));
	}

	@Test
	void beanWhenScopedIsLimited() {
		this.runner.withUserConfiguration(Scoped.class).run(limited(Chat.class));
	}

	@Test
	void beanWhenInACircleIsLimited() {
		this.runner.withAllowCircularReferences(true)
			.withUserConfiguration(Circle.class)
			.run(limited(CircularChat.class));
	}

	@Test
	void beanWhenAProxyOfAnInterfaceIsLimited() {
		this.runner.withBean(ClientFactory.class).run(limited(Api.class));
	}

	@Test
	void beanWhenAProxyOfAnInterfaceIsNamedByTheInterface() {
		this.runner.withBean(WrongClientFactory.class)
			.run((context) -> assertThat(mistake(catchException(() -> context.getBean(WrongApi.class))))
				.hasMessageContaining("WrongApi.ask(String)"));
	}

	@Test
	void beanWhenALambdaIsLimited() {
		this.runner.withBean(Api.class, () -> (prompt) -> prompt).run(limited(Api.class));
	}

	@Test
	void beanWhenAnotherOfItsInterfaceIsInOrderIsCheckedAllTheSame() {
		CheckedBeans.withInterfaceProxies()
			.withBean(FirstOfTwo.class)
			.withBean(SecondOfTwo.class)
			.run(refused("SecondOfTwo.ask(String)", "#promt"));
	}

	interface PlainApi {

		String ask(String prompt);

	}

	static class FirstOfTwo implements PlainApi {

		@Override
		@LlmRateLimited("gpt-4o")
		public String ask(String prompt) {
			return prompt;
		}

	}

	static class SecondOfTwo implements PlainApi {

		@Override
		@LlmRateLimited(model = "gpt-4o", tokens = "#promt")
		public String ask(String prompt) {
			return prompt;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Scoped {

		@Bean
		@Scope(scopeName = ConfigurableBeanFactory.SCOPE_PROTOTYPE, proxyMode = ScopedProxyMode.TARGET_CLASS)
		Chat chat() {
			return new Chat();
		}

	}

	static class CircularChat extends Chat {

		@Autowired
		private Partner partner;

		@Override
		public String ask(String prompt) {
			return (this.partner.chat != null) ? prompt : "no circle";
		}

	}

	static class Partner {

		@Autowired
		private CircularChat chat;

	}

	@Configuration(proxyBeanMethods = false)
	static class Circle {

		@Bean
		CircularChat chat() {
			return new CircularChat();
		}

		@Bean
		Partner partner() {
			return new Partner();
		}

	}

	static class ClientFactory implements FactoryBean<Api> {

		@Override
		public Api getObject() {
			return (Api) new ProxyFactory(Api.class, (MethodInterceptor) (invocation) -> invocation.getArguments()[0])
				.getProxy();
		}

		@Override
		public Class<?> getObjectType() {
			return Api.class;
		}

	}

	interface WrongApi {

		@LlmRateLimited("gpt-5")
		String ask(String prompt);

	}

	static class WrongClientFactory implements FactoryBean<WrongApi> {

		@Override
		public WrongApi getObject() {
			return (WrongApi) new ProxyFactory(WrongApi.class,
					(MethodInterceptor) (invocation) -> invocation.getArguments()[0])
				.getProxy();
		}

		@Override
		public Class<?> getObjectType() {
			return WrongApi.class;
		}

	}

}
