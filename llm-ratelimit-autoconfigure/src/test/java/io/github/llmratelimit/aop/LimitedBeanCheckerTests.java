package io.github.llmratelimit.aop;

import io.github.llmratelimit.LlmRateLimited;
import io.github.llmratelimit.autoconfigure.aop.LlmRateLimitAopAutoConfiguration;
import io.github.llmratelimit.tokens.TokenEstimator;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.core.PriorityOrdered;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchException;

/**
 * Tests for {@link LimitedBeanChecker}.
 */
@ExtendWith(OutputCaptureExtension.class)
class LimitedBeanCheckerTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AopAutoConfiguration.class, LlmRateLimitAopAutoConfiguration.class))
		.withBean(FakeRegistry.class, () -> new FakeRegistry("gpt-4o"))
		.withBean(TokenEstimator.class, FakeTokens::estimator);

	private final ApplicationContextRunner interfaceProxies = this.runner
		.withPropertyValues("spring.aop.proxy-target-class=false");

	private static ContextConsumer<AssertableApplicationContext> refused(String... parts) {
		return (context) -> {
			assertThat(context).hasFailed();
			assertThat(mistake(context.getStartupFailure())).hasMessageContainingAll(parts);
		};
	}

	private static Throwable mistake(Throwable failure) {
		Throwable cause = failure;
		while (cause != null && !(cause instanceof InvalidLlmRateLimitedException)) {
			cause = cause.getCause();
		}
		assertThat(cause).as("%s", failure).isNotNull();
		return cause;
	}

	private static ContextConsumer<AssertableApplicationContext> limited(Class<? extends Api> type) {
		return (context) -> {
			assertThat(context.getBean(type).ask("hi")).isEqualTo("hi");
			assertThat(context.getBean(FakeRegistry.class).calls("gpt-4o")).isEqualTo(1);
		};
	}

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
		this.interfaceProxies.withBean(FirstOfTwo.class)
			.withBean(SecondOfTwo.class)
			.run(refused("SecondOfTwo.ask(String)", "#promt"));
	}

	@Nested
	class WhenUnreachable {

		private final ApplicationContextRunner runner = LimitedBeanCheckerTests.this.runner;

		private final ApplicationContextRunner interfaceProxies = LimitedBeanCheckerTests.this.interfaceProxies;

		@Test
		void methodWhenPrivateStopsTheStart() {
			this.runner.withBean(PrivateMethod.class).run(refused("PrivateMethod.ask(String)", "it is private"));
		}

		@Test
		void methodWhenPrivateInASuperclassStopsTheStart() {
			this.runner.withBean(PrivateInherited.class).run(refused("PrivateInherited.ask(String)", "it is private"));
		}

		@Test
		void methodWhenStaticStopsTheStart() {
			this.runner.withBean(StaticMethod.class).run(refused("StaticMethod.ask(String)", "it is static"));
		}

		@Test
		void methodWhenFinalStopsTheStart() {
			this.runner.withBean(FinalMethod.class).run(refused("FinalMethod.ask(String)", "it is final"));
		}

		@Test
		void methodWhenFinalInAnAnnotatedClassStopsTheStart() {
			this.runner.withBean(FinalInClass.class).run(refused("FinalInClass.ask(String)", "it is final"));
		}

		@Test
		void methodWhenFinalBehindAnInterfaceProxyIsLimited() {
			this.interfaceProxies.withBean(FinalMethod.class).run(limited(Api.class));
		}

		@Test
		void methodWhenNotOnTheInterfaceOfTheProxyStopsTheStart() {
			this.interfaceProxies.withBean(BesideInterface.class)
				.run(refused("BesideInterface.other(String)", "none of which declares it"));
		}

		@Test
		void methodWhenOnlyCoveredByItsClassNeedNotBeOnTheInterface() {
			this.interfaceProxies.withBean(CoveredByClass.class).run(limited(Api.class));
		}

		@Test
		void classWhenFinalBehindAnInterfaceProxyIsLimited() {
			this.interfaceProxies.withBean(FinalClass.class).run(limited(Api.class));
		}

		@Test
		void classWhenFinalStopsTheStart() {
			this.runner.withBean(FinalClass.class)
				.run((context) -> assertThat(context).getFailure().hasStackTraceContaining("FinalClass"));
		}

	}

	@Nested
	class WhenNotProxied {

		private final ApplicationContextRunner runner = LimitedBeanCheckerTests.this.runner;

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

	}

	@Nested
	class WhenCached {

		private final ApplicationContextRunner runner = LimitedBeanCheckerTests.this.runner
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

	}

	@FunctionalInterface
	interface Api {

		@LlmRateLimited("gpt-4o")
		String ask(String prompt);

	}

	static class Chat implements Api {

		@Override
		public String ask(String prompt) {
			return prompt;
		}

	}

	static class Wrong {

		@LlmRateLimited(model = "gpt-4o", tokens = "#promt")
		public String ask(String prompt) {
			return prompt;
		}

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

	@SuppressWarnings("unused")
	static class PrivateMethod {

		@LlmRateLimited("gpt-4o")
		private String ask(String prompt) {
			return prompt;
		}

	}

	static class PrivateInherited extends PrivateMethod {

	}

	static class StaticMethod {

		@LlmRateLimited("gpt-4o")
		public static String ask(String prompt) {
			return prompt;
		}

	}

	static class FinalMethod implements Api {

		@Override
		public final String ask(String prompt) {
			return prompt;
		}

	}

	@LlmRateLimited("gpt-4o")
	static class FinalInClass {

		public final String ask(String prompt) {
			return prompt;
		}

	}

	static class BesideInterface implements Api {

		@Override
		public String ask(String prompt) {
			return prompt;
		}

		@LlmRateLimited("gpt-4o")
		public String other(String prompt) {
			return prompt;
		}

	}

	@LlmRateLimited("gpt-4o")
	static class CoveredByClass implements Api {

		@Override
		public String ask(String prompt) {
			return prompt;
		}

		public String other(String prompt) {
			return prompt;
		}

	}

	static final class FinalClass implements Api {

		@Override
		public String ask(String prompt) {
			return prompt;
		}

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
