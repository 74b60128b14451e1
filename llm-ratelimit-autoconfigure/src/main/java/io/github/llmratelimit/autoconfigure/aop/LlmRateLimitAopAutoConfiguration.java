package io.github.llmratelimit.autoconfigure.aop;

import io.github.llmratelimit.LlmRateLimited;
import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.aop.LimitedBeanChecker;
import io.github.llmratelimit.aop.LlmRateLimitAdvisor;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties;
import io.github.llmratelimit.tokens.TokenEstimator;

import org.springframework.aop.config.AopConfigUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.context.annotation.Role;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Auto-configuration of {@link LlmRateLimited} methods.
 */
@AutoConfiguration(after = AopAutoConfiguration.class,
		afterName = "io.github.llmratelimit.autoconfigure.LlmRateLimitAutoConfiguration")
@ConditionalOnBean(LlmRateLimiterRegistry.class)
@ConditionalOnBooleanProperty(name = "llm.ratelimit.enabled", matchIfMissing = true)
@EnableConfigurationProperties(LlmRateLimitProperties.class)
public final class LlmRateLimitAopAutoConfiguration {

	LlmRateLimitAopAutoConfiguration() {
	}

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	@ConditionalOnMissingBean
	static LlmRateLimitAdvisor llmRateLimitAdvisor(ConfigurableListableBeanFactory beanFactory,
			ObjectProvider<LlmRateLimiterRegistry> registry, ObjectProvider<TokenEstimator> estimator,
			ObjectProvider<LlmRateLimitProperties> properties) {
		return new LlmRateLimitAdvisor(beanFactory, registry::getObject, estimator::getObject,
				() -> properties.getObject().adviceOrder());
	}

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	@ConditionalOnMissingBean
	static LimitedBeanChecker llmRateLimitedBeanChecker(LlmRateLimitAdvisor advisor,
			ConfigurableListableBeanFactory beanFactory) {
		return new LimitedBeanChecker(advisor, beanFactory);
	}

	/**
	 * Boot makes no proxies without AspectJ when they are to be of interfaces.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBooleanProperty(name = "spring.aop.auto", matchIfMissing = true)
	@Import(ProxyCreatorRegistrar.class)
	static class ProxyCreatorConfiguration {

	}

	static class ProxyCreatorRegistrar implements ImportBeanDefinitionRegistrar {

		@Override
		public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
			AopConfigUtils.registerAutoProxyCreatorIfNecessary(registry);
		}

	}

}
