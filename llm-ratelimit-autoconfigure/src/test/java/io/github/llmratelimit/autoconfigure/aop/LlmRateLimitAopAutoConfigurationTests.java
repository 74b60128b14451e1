package io.github.llmratelimit.autoconfigure.aop;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import io.github.llmratelimit.LlmRateLimited;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.aop.FakeRegistry;
import io.github.llmratelimit.aop.FakeTokens;
import io.github.llmratelimit.aop.LimitedBeanChecker;
import io.github.llmratelimit.aop.LlmRateLimitAdvisor;
import io.github.llmratelimit.autoconfigure.LlmRateLimitAutoConfiguration;
import io.github.llmratelimit.tokens.TokenEstimator;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.aop.Advisor;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.NameMatchMethodPointcut;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.core.Ordered;
import org.springframework.core.io.support.SpringFactoriesLoader;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LlmRateLimitAopAutoConfiguration}.
 */
@ExtendWith(OutputCaptureExtension.class)
class LlmRateLimitAopAutoConfigurationTests {

	private final ApplicationContextRunner withoutRegistry = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AopAutoConfiguration.class, LlmRateLimitAopAutoConfiguration.class))
		.withBean(TokenEstimator.class, FakeTokens::estimator);

	private final ApplicationContextRunner runner = this.withoutRegistry.withBean(FakeRegistry.class,
			() -> new FakeRegistry("gpt-4o"));

	static Stream<Arguments> classPathsAndProxies() {
		return Stream.of(Arguments.of(true, true), Arguments.of(true, false), Arguments.of(false, true),
				Arguments.of(false, false));
	}

	@ParameterizedTest(name = "AspectJ {0}, subclass proxies {1}")
	@MethodSource("classPathsAndProxies")
	void methodWhenAnnotatedIsLimitedOnce(boolean aspectj, boolean subclasses) {
		ApplicationContextRunner onClassPath = aspectj ? this.runner
				: this.runner.withClassLoader(new FilteredClassLoader("org.aspectj"));
		onClassPath.withPropertyValues("spring.aop.proxy-target-class=" + subclasses)
			.withBean(Chat.class)
			.run((context) -> {
				Api chat = context.getBean(Api.class);
				assertThat(AopUtils.isCglibProxy(chat)).isEqualTo(subclasses);
				assertThat(chat.ask("hi")).isEqualTo("hi");
				assertThat(context.getBean(FakeRegistry.class).calls("gpt-4o")).isEqualTo(1);
			});
	}

	@Test
	void adviceWhenThereIsOtherAdviceIsOutsideOfTransactionsAndInsideOfRetries() {
		this.runner.withUserConfiguration(OtherAdvice.class).withBean(Chat.class).run((context) -> {
			Advised chat = (Advised) context.getBean(Api.class);
			assertThat(Arrays.stream(chat.getAdvisors()).map(LlmRateLimitAopAutoConfigurationTests::name))
				.containsSubsequence("retry", "limit", "transaction");
		});
	}

	private static String name(Advisor advisor) {
		return (advisor instanceof LlmRateLimitAdvisor) ? "limit" : advisor.getAdvice().toString();
	}

	@Test
	void orderWhenNotStatedIsOutsideOfTheInnermost() {
		this.runner.run((context) -> assertThat(context.getBean(LlmRateLimitAdvisor.class).getOrder())
			.isEqualTo(Ordered.LOWEST_PRECEDENCE - 2));
	}

	@Test
	void orderWhenStatedIsTaken() {
		this.runner.withPropertyValues("llm.ratelimit.advice-order=7")
			.run((context) -> assertThat(context.getBean(LlmRateLimitAdvisor.class).getOrder()).isEqualTo(7));
	}

	@Test
	void advisorWhenDefinedIsInfrastructure() {
		this.runner.run((context) -> {
			String name = context.getBeanNamesForType(LlmRateLimitAdvisor.class)[0];
			assertThat(context.getSourceApplicationContext().getBeanFactory().getBeanDefinition(name).getRole())
				.isEqualTo(BeanDefinition.ROLE_INFRASTRUCTURE);
		});
	}

	@Test
	void advisorWhenTheUserHasOneIsTheUsers() {
		this.runner.withUserConfiguration(OwnAdvisor.class)
			.run((context) -> assertThat(context).getBean(LlmRateLimitAdvisor.class)
				.extracting(LlmRateLimitAdvisor::getOrder)
				.isEqualTo(42));
	}

	@Test
	void beansWhenThereIsNoRegistryAreAbsent() {
		this.withoutRegistry.run((context) -> assertThat(context).doesNotHaveBean(LlmRateLimitAdvisor.class)
			.doesNotHaveBean(LimitedBeanChecker.class));
	}

	@Test
	void beansWhenSwitchedOffAreAbsent() {
		this.runner.withPropertyValues("llm.ratelimit.enabled=false")
			.withBean(Chat.class)
			.run((context) -> assertThat(context).doesNotHaveBean(LlmRateLimitAdvisor.class)
				.doesNotHaveBean(LimitedBeanChecker.class)
				.hasNotFailed());
	}

	@Test
	void proxiesWhenSwitchedOffAndNothingIsLimitedAreNotMissed() {
		this.runner.withPropertyValues("spring.aop.auto=false").run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void registryWhenNothingIsLimitedIsNotCreatedByTheAdvice() {
		List<String> created = new ArrayList<>();
		this.withoutRegistry.withBean(LlmRateLimiterRegistry.class, () -> {
			created.add("registry");
			return new FakeRegistry("gpt-4o");
		}, (definition) -> definition.setLazyInit(true))
			.withBean(String.class, () -> "some bean")
			.run((context) -> assertThat(created).isEmpty());
	}

	@Test
	void methodWhenAllIsAutoConfiguredIsLimited(CapturedOutput output) {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(AopAutoConfiguration.class, LlmRateLimitAutoConfiguration.class,
					LlmRateLimitAopAutoConfiguration.class))
			.withPropertyValues("llm.ratelimit.models.gpt-4o.provider=openai", "llm.ratelimit.models.gpt-4o.tpm=30000",
					"llm.ratelimit.models.gpt-4o.rpm=500")
			.withBean(Chat.class)
			.run((context) -> {
				context.getBean(Chat.class).ask("hi");
				LlmRateLimiter limiter = context.getBean(LlmRateLimiterRegistry.class).limiter("gpt-4o");
				assertThat(limiter.status().windows()).hasSize(2)
					.allSatisfy((window) -> assertThat(window.remaining()).isLessThan(window.limit().amount()));
				assertThat(output).doesNotContain("is not eligible");
			});
	}

	@Test
	void analyzerWhenTheStartFailsIsAsked() {
		assertThat(SpringFactoriesLoader.forDefaultResourceLocation()
			.load(FailureAnalyzer.class, (type, name, failure) -> {
			})).hasAtLeastOneElementOfType(LlmRateLimitedFailureAnalyzer.class);
	}

	@Test
	void beansWhenCreatedDrawNoOtherIntoBeingTooEarly(CapturedOutput output) {
		this.runner.withBean(Chat.class).run((context) -> assertThat(output).doesNotContain("is not eligible"));
	}

	/** Public, as its proxy lives in another class loader. */
	public interface Api {

		@LlmRateLimited("gpt-4o")
		String ask(String prompt);

	}

	/** Public, as its proxy lives in another class loader. */
	public static class Chat implements Api {

		@Override
		public String ask(String prompt) {
			return prompt;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnAdvisor {

		@Bean
		@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
		static LlmRateLimitAdvisor ownAdvisor(ConfigurableListableBeanFactory beanFactory) {
			return new LlmRateLimitAdvisor(beanFactory, () -> new FakeRegistry("gpt-4o"), FakeTokens::estimator,
					() -> 42);
		}

	}

	/** Advisors with the orders of Spring's transactions and Resilience4j's retry. */
	@Configuration(proxyBeanMethods = false)
	static class OtherAdvice {

		@Bean
		@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
		static DefaultPointcutAdvisor transactionAdvisor() {
			return advisor("transaction", Ordered.LOWEST_PRECEDENCE);
		}

		@Bean
		@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
		static DefaultPointcutAdvisor retryAdvisor() {
			return advisor("retry", Ordered.LOWEST_PRECEDENCE - 5);
		}

		private static DefaultPointcutAdvisor advisor(String name, int order) {
			NameMatchMethodPointcut pointcut = new NameMatchMethodPointcut();
			pointcut.setMappedName("ask");
			DefaultPointcutAdvisor advisor = new DefaultPointcutAdvisor(pointcut, new Named(name));
			advisor.setOrder(order);
			return advisor;
		}

	}

	private record Named(String name) implements MethodInterceptor {

		@Override
		public Object invoke(MethodInvocation invocation) throws Throwable {
			return invocation.proceed();
		}

		@Override
		public String toString() {
			return this.name;
		}

	}

}
