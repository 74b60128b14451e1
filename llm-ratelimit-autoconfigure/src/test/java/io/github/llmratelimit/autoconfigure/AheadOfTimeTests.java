package io.github.llmratelimit.autoconfigure;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.context.annotation.Configurations;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.core.env.MapPropertySource;
import org.springframework.javapoet.ClassName;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that Spring can write down all beans ahead of time, as for a native image.
 */
class AheadOfTimeTests {

	@Test
	void limiterIsWrittenDownWithItsQualifier() throws IOException {
		assertThat(generated("LimiterBeanRegistrar__BeanDefinitions"))
			.contains("LimiterBeanRegistrar.limiter(args.get(0), args.get(1))")
			.contains("addIndexedArgumentValue(1, \"gpt-4o\")")
			.contains("Qualifier\", \"gpt-4o\")");
	}

	private static String generated(String name) throws IOException {
		InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource("limits", Map.of("llm.ratelimit.models.gpt-4o.rpm", "500")));
			context.register(autoConfigurations());
			DefaultGenerationContext generation = new DefaultGenerationContext(
					new ClassNameGenerator(ClassName.get("com.acme", "Application")), files);
			new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
			generation.writeGeneratedContent();
		}
		return files.getGeneratedFileContent(Kind.SOURCE,
				AheadOfTimeTests.class.getPackageName().replace('.', '/') + "/" + name + ".java");
	}

	private static Class<?>[] autoConfigurations() {
		ClassLoader classLoader = AheadOfTimeTests.class.getClassLoader();
		List<Class<?>> ours = new ArrayList<>(List.of(AopAutoConfiguration.class));
		for (String candidate : ImportCandidates.load(AutoConfiguration.class, classLoader)) {
			if (candidate.startsWith("io.github.llmratelimit.")) {
				ours.add(ClassUtils.resolveClassName(candidate, classLoader));
			}
		}
		return Configurations.getClasses(AutoConfigurations.of(ours.toArray(Class<?>[]::new)));
	}

}
