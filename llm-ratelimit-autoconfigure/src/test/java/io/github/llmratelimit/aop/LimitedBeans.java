package io.github.llmratelimit.aop;

import java.util.List;

import io.github.llmratelimit.tokens.TokenEstimator;
import org.assertj.core.api.ThrowableAssertAlternative;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Makes limited beans without an application: checks the methods of an object and puts a
 * proxy around it.
 */
final class LimitedBeans {

	private final FakeRegistry registry = new FakeRegistry("gpt-4o", "gpt-4o-mini", "claude-sonnet-4@20250514");

	private final FakeTokens tokens = new FakeTokens();

	private final MockEnvironment environment = new MockEnvironment();

	private final DefaultListableBeanFactory beanFactory = new DefaultListableBeanFactory();

	private final LlmRateLimitAdvisor advisor = new LlmRateLimitAdvisor(this.beanFactory, () -> this.registry,
			() -> new TokenEstimator(List.of(this.tokens)), () -> 0);

	LimitedBeans() {
		this.beanFactory.addEmbeddedValueResolver(this.environment::resolveRequiredPlaceholders);
	}

	LimitedBeans withProperty(String name, String value) {
		this.environment.setProperty(name, value);
		return this;
	}

	LimitedBeans withBean(String name, Object bean) {
		this.beanFactory.registerSingleton(name, bean);
		return this;
	}

	FakeLimiter limiter() {
		return this.registry.limiter("gpt-4o");
	}

	FakeLimiter limiter(String model) {
		return this.registry.limiter(model);
	}

	FakeTokens tokens() {
		return this.tokens;
	}

	LlmRateLimitAdvisor advisor() {
		return this.advisor;
	}

	/** Reads the methods of a class as the check of a bean does. */
	void read(Class<?> type) {
		this.advisor.types().methods(type).values().forEach(this.advisor.methods()::read);
	}

	/** The refusal to start with the methods of a class. */
	ThrowableAssertAlternative<InvalidLlmRateLimitedException> refused(Class<?> type) {
		return assertThatExceptionOfType(InvalidLlmRateLimitedException.class).isThrownBy(() -> read(type));
	}

	/** How often calls did without the value of an attribute. */
	long failures() {
		return this.advisor.failures();
	}

	/** The object behind a proxy that is a subclass. */
	@SuppressWarnings("unchecked")
	<T> T proxy(T bean) {
		read(bean.getClass());
		ProxyFactory factory = new ProxyFactory(bean);
		factory.setProxyTargetClass(true);
		factory.addAdvisor(this.advisor);
		return (T) factory.getProxy();
	}

	/** The object behind a proxy that has one of its interfaces. */
	<T> T proxy(Class<T> type, T bean) {
		read(bean.getClass());
		ProxyFactory factory = new ProxyFactory();
		factory.setInterfaces(type);
		factory.setTarget(bean);
		factory.addAdvisor(this.advisor);
		return type.cast(factory.getProxy());
	}

}
