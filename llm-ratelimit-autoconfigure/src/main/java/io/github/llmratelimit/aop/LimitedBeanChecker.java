package io.github.llmratelimit.aop;

import java.lang.reflect.Method;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.aopalliance.aop.Advice;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.Advisor;
import org.springframework.aop.config.AopConfigUtils;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.SmartInstantiationAwareBeanPostProcessor;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.interceptor.BeanFactoryCacheOperationSourceAdvisor;
import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * Checks every bean that has limited methods when it is created: that their attributes
 * can work, and that calls of them pass the {@link LlmRateLimitAdvisor}.
 */
public final class LimitedBeanChecker
		implements SmartInstantiationAwareBeanPostProcessor, SmartInitializingSingleton, AopInfrastructureBean {

	/*
	 * When beans are checked
	 *
	 * After their proxies are made, since only then it is known whether there is one: the
	 * creators of proxies are ordered and this post-processor isn't, so it comes later. A
	 * bean in a circle of references gets its proxy early and is checked then. Lazy,
	 * prototype and scoped beans are checked when the first of them is made.
	 *
	 * Beans that were created before the post-processors never come here. They are looked
	 * for when all singletons are there. If a post-processor depends on one, that is why,
	 * and an error. If not, somebody has put it there by hand, as tests do with mocks: a
	 * warning.
	 */

	private static final Log logger = LogFactory.getLog(LimitedBeanChecker.class);

	private final LlmRateLimitAdvisor advisor;

	private final ConfigurableListableBeanFactory beanFactory;

	private final Set<String> early = ConcurrentHashMap.newKeySet();

	private final Set<String> checkedBeans = ConcurrentHashMap.newKeySet();

	/** What was found to be in order: further beans of the class need no check. */
	private final Set<Checked> checkedProxies = ConcurrentHashMap.newKeySet();

	/**
	 * Creates the checker.
	 * @param advisor the advisor that limited methods need
	 * @param beanFactory the beans
	 */
	public LimitedBeanChecker(LlmRateLimitAdvisor advisor, ConfigurableListableBeanFactory beanFactory) {
		this.advisor = advisor;
		this.beanFactory = beanFactory;
	}

	@Override
	public Object getEarlyBeanReference(Object bean, String beanName) {
		check(bean, beanName);
		this.early.add(beanName);
		return bean;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (!this.early.remove(beanName)) {
			check(bean, beanName);
		}
		return bean;
	}

	private void check(Object bean, String beanName) {
		AnnotatedMethod any = anyLimitedMethod(bean);
		if (any == null) {
			return;
		}
		this.checkedBeans.add(beanName);
		Advised proxy = advisedBy(bean);
		if (proxy == null) {
			throw notAdvised(beanName, any);
		}
		Object target = AopProxyUtils.getSingletonTarget(proxy);
		Class<?> type = AopUtils.getTargetClass((target != null) ? target : proxy);
		Checked checked = new Checked(type, proxy.getClass());
		if (this.checkedProxies.contains(checked)) {
			return;
		}
		for (AnnotatedMethod method : this.advisor.types().methods(type).values()) {
			Reachability.require(method, proxy);
			this.advisor.methods().read(method);
			warnOfCache(method, proxy);
		}
		this.checkedProxies.add(checked);
	}

	private @Nullable AnnotatedMethod anyLimitedMethod(Object bean) {
		if (bean instanceof AopInfrastructureBean || bean instanceof Advisor || bean instanceof Advice) {
			// what no creator of proxies touches, e.g. the outer half of a scoped bean
			return null;
		}
		Class<?> type = AopProxyUtils.ultimateTargetClass(bean);
		return this.advisor.types().methods(type).values().stream().findFirst().orElse(null);
	}

	/** The proxy that has our advisor, of several around one another. */
	private @Nullable Advised advisedBy(Object bean) {
		@Nullable Object current = bean;
		while (current instanceof Advised advised) {
			if (advised.indexOf(this.advisor) >= 0) {
				return advised;
			}
			current = AopProxyUtils.getSingletonTarget(current);
		}
		return null;
	}

	private InvalidLlmRateLimitedException notAdvised(String beanName, AnnotatedMethod method) {
		boolean proxies = this.beanFactory.containsBean(AopConfigUtils.AUTO_PROXY_CREATOR_BEAN_NAME);
		return method.invalid("bean '%s' has no proxy, so its calls would not be limited.".formatted(beanName), proxies
				? "Something replaced the bean after its proxy was made, or kept it from getting one: look for a "
						+ "BeanPostProcessor that does."
				: "Nothing makes proxies in this application: remove spring.aop.auto=false, or put "
						+ "@EnableAspectJAutoProxy on a configuration class.");
	}

	private void warnOfCache(AnnotatedMethod annotated, Advised proxy) {
		Method method = annotated.method();
		if (!AnnotatedElementUtils.hasAnnotation(method, Cacheable.class)
				&& !AnnotatedElementUtils.hasAnnotation(annotated.type(), Cacheable.class)) {
			return;
		}
		Advisor[] inside = proxy.getAdvisors();
		for (int i = proxy.indexOf(this.advisor) + 1; i < inside.length; i++) {
			if (inside[i] instanceof BeanFactoryCacheOperationSourceAdvisor cache
					&& cache.getPointcut().getMethodMatcher().matches(method, annotated.type())) {
				logger.warn(("The cache of %s is inside of its limit: a call that the cache answers takes budget, and "
						+ "may wait for it. Put the cache outside: @EnableCaching(order = %d).")
					.formatted(annotated, this.advisor.getOrder() - 1));
			}
		}
	}

	@Override
	public void afterSingletonsInstantiated() {
		for (String beanName : this.beanFactory.getBeanDefinitionNames()) {
			if (!this.checkedBeans.contains(beanName) && this.beanFactory.containsSingleton(beanName)) {
				Object bean = this.beanFactory.getSingleton(beanName);
				AnnotatedMethod method = (bean != null) ? anyLimitedMethod(bean) : null;
				if (bean != null && method != null) {
					checkLate(bean, beanName, method);
				}
			}
		}
	}

	private void checkLate(Object bean, String beanName, AnnotatedMethod method) {
		if (advisedBy(bean) != null) {
			check(bean, beanName);
			return;
		}
		String culprit = postProcessorThatNeeds(beanName, new HashSet<>());
		if (culprit != null) {
			throw method.invalid(
					"bean '%s' was created too early to be limited, because '%s' needs it.".formatted(beanName,
							culprit),
					"Let '%s', a post-processor, look the bean up when it is used (ObjectProvider), and make its @Bean "
						.formatted(culprit) + "method static.");
		}
		logger
			.warn("Calls of %s are not limited: bean '%s' was registered by hand, or created before there were proxies."
				.formatted(method, beanName));
	}

	private @Nullable String postProcessorThatNeeds(String beanName, Set<String> seen) {
		for (String dependent : this.beanFactory.getDependentBeans(beanName)) {
			if (!seen.add(dependent) || !this.beanFactory.containsBean(dependent)) {
				continue;
			}
			if (this.beanFactory.isTypeMatch(dependent, BeanPostProcessor.class)
					|| this.beanFactory.isTypeMatch(dependent, BeanFactoryPostProcessor.class)) {
				return dependent;
			}
			String further = postProcessorThatNeeds(dependent, seen);
			if (further != null) {
				return further;
			}
		}
		return null;
	}

	/**
	 * A class and its proxy. Neither alone says enough: all beans of an interface may
	 * have proxies of one class.
	 *
	 * @param type the class of the bean
	 * @param proxy the class of its proxy
	 */
	private record Checked(Class<?> type, Class<?> proxy) {

	}

}
