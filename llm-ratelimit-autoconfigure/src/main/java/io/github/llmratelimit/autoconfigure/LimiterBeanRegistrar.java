package io.github.llmratelimit.autoconfigure;

import java.util.List;

import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.autoconfigure.configuration.ConfigurationResolver;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties;
import io.github.llmratelimit.autoconfigure.tiers.BundledProviders;
import io.github.llmratelimit.provider.ProviderDialects;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.AutowireCapableBeanFactory;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Makes each model's limiter a bean, {@code llmRateLimiter.<name>}, to be injected by
 * {@code @Qualifier("<name>")}. A bean of that name that is there already is left alone.
 */
class LimiterBeanRegistrar implements ImportBeanDefinitionRegistrar {

	static final String PREFIX = "llmRateLimiter.";

	private final Environment environment;

	private final ClassLoader classLoader;

	LimiterBeanRegistrar(Environment environment, ClassLoader classLoader) {
		this.classLoader = classLoader;
		this.environment = environment;
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
		for (String model : models()) {
			if (!registry.containsBeanDefinition(PREFIX + model)) {
				registry.registerBeanDefinition(PREFIX + model, definition(model));
			}
		}
	}

	private List<String> models() {
		try {
			LlmRateLimitProperties properties = Binder.get(this.environment)
				.bindOrCreate(LlmRateLimitProperties.PREFIX, LlmRateLimitProperties.class);
			return new ConfigurationResolver(BundledProviders.load(this.classLoader), ProviderDialects::named)
				.modelNames(properties, this.environment);
		}
		catch (RuntimeException ex) {
			// the properties bean fails the same way a moment later, with the better
			// report
			return List.of();
		}
	}

	/** A factory method, not a lambda, so that Spring can write it down ahead of time. */
	private static RootBeanDefinition definition(String model) {
		RootBeanDefinition definition = new RootBeanDefinition(LimiterBeanRegistrar.class);
		definition.setFactoryMethodName("limiter");
		definition.setAutowireMode(AutowireCapableBeanFactory.AUTOWIRE_CONSTRUCTOR);
		definition.getConstructorArgumentValues().addIndexedArgumentValue(1, model);
		definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, model));
		// only who injects it needs it: the registry may be the application's own and
		// lack it
		definition.setLazyInit(true);
		return definition;
	}

	static LlmRateLimiter limiter(LlmRateLimiterRegistry registry, String model) {
		return registry.limiter(model);
	}

}
