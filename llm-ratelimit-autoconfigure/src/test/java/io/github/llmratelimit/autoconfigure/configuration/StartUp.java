package io.github.llmratelimit.autoconfigure.configuration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.llmratelimit.ModelLimits;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties;
import io.github.llmratelimit.autoconfigure.tiers.BundledProviders;
import io.github.llmratelimit.provider.ProviderDialects;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;

/**
 * Starts a real application on real configuration files, and reads what it says if it
 * doesn't start.
 */
final class StartUp {

	private final Path directory;

	private final Map<String, Object> variables = new LinkedHashMap<>();

	private String profile = "";

	StartUp(Path directory) {
		this.directory = directory;
	}

	/** Adds {@code application.yml}. */
	StartUp yaml(String content) {
		return file("application.yml", content);
	}

	/** Adds {@code application-<profile>.yml} and makes the profile active. */
	StartUp profile(String name, String content) {
		this.profile = name;
		return file("application-" + name + ".yml", content);
	}

	StartUp variable(String name, String value) {
		this.variables.put(name, value);
		return this;
	}

	private StartUp file(String name, String content) {
		try {
			Files.writeString(this.directory.resolve(name), content);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return this;
	}

	/** Starts and stops, and returns what the configuration means. */
	ResolvedConfiguration resolve() {
		try (ConfigurableApplicationContext context = application(environment()).run(arguments())) {
			return context.getBean(ResolvedConfiguration.class);
		}
	}

	/** The limits of a model, once started. */
	ModelLimits limits(String model) {
		return Resolved.limits(resolve(), model);
	}

	/** Starts, which must fail, and returns what the user reads. */
	FailureAnalysis fail() {
		StandardEnvironment environment = environment();
		try (ConfigurableApplicationContext context = application(environment).run(arguments())) {
			throw new AssertionError("Started with " + context.getBean(ResolvedConfiguration.class));
		}
		catch (RuntimeException ex) {
			ArgumentResolver arguments = ArgumentResolver.of(Environment.class, environment)
				.and(BeanFactory.class, null);
			List<FailureAnalyzer> analyzers = SpringFactoriesLoader
				.forDefaultResourceLocation(StartUp.class.getClassLoader())
				.load(FailureAnalyzer.class, arguments,
						SpringFactoriesLoader.FailureHandler.handleMessage((message, failure) -> {
						}));
			for (FailureAnalyzer analyzer : analyzers) {
				FailureAnalysis analysis = analyzer.analyze(ex);
				if (analysis != null) {
					return analysis;
				}
			}
			throw new AssertionError("Nobody explains this", ex);
		}
	}

	private SpringApplication application(StandardEnvironment environment) {
		SpringApplication application = new SpringApplication(Resolving.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setBannerMode(Banner.Mode.OFF);
		application.setLogStartupInfo(false);
		application.setRegisterShutdownHook(false);
		application.setEnvironment(environment);
		return application;
	}

	private StandardEnvironment environment() {
		StandardEnvironment environment = new StandardEnvironment();
		MutablePropertySources sources = environment.getPropertySources();
		String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
		sources.replace(name, new SystemEnvironmentPropertySource(name, this.variables));
		return environment;
	}

	private String[] arguments() {
		return new String[] { "--spring.config.location=file:" + this.directory + "/",
				"--spring.profiles.active=" + this.profile };
	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(LlmRateLimitProperties.class)
	static class Resolving {

		@Bean
		ResolvedConfiguration resolved(LlmRateLimitProperties properties, Environment environment) {
			return new ConfigurationResolver(BundledProviders.load(getClass().getClassLoader()),
					ProviderDialects::named)
				.resolve(properties, environment);
		}

	}

}
