package io.github.llmratelimit.autoconfigure.configuration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import io.github.llmratelimit.Limit;
import io.github.llmratelimit.ModelLimits;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties;
import io.github.llmratelimit.autoconfigure.tiers.BundledProviders;
import io.github.llmratelimit.engine.LimiterDefinition;
import io.github.llmratelimit.provider.ProviderDialects;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ByteArrayResource;

/**
 * Resolves configuration without starting anything.
 */
final class Resolved {

	private Resolved() {
	}

	/** What lines below {@code llm.ratelimit} mean. */
	static ResolvedConfiguration yaml(String lines) {
		StandardEnvironment environment = new StandardEnvironment();
		String content = lines.isBlank() ? "" : "llm.ratelimit:\n" + lines.indent(2);
		try {
			new YamlPropertySourceLoader()
				.load("application", new ByteArrayResource(content.getBytes(StandardCharsets.UTF_8)))
				.forEach(environment.getPropertySources()::addFirst);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		LlmRateLimitProperties properties = Binder.get(environment)
			.bindOrCreate(LlmRateLimitProperties.PREFIX, LlmRateLimitProperties.class);
		return new ConfigurationResolver(BundledProviders.load(Resolved.class.getClassLoader()),
				ProviderDialects::named)
			.resolve(properties, environment);
	}

	static LimiterDefinition definition(ResolvedConfiguration resolved, String model) {
		return resolved.definitions()
			.stream()
			.filter((definition) -> definition.limits().model().equals(model))
			.findFirst()
			.orElseThrow(() -> new AssertionError("No model '%s' in %s".formatted(model, resolved)));
	}

	static ModelLimits limits(ResolvedConfiguration resolved, String model) {
		return definition(resolved, model).limits();
	}

	/** A model's limits as they write themselves, e.g. "500 requests per 1m (TIER)". */
	static List<String> numbers(ResolvedConfiguration resolved, String model) {
		return limits(resolved, model).limits().stream().map(Limit::toString).toList();
	}

	static List<String> models(ResolvedConfiguration resolved) {
		return resolved.definitions().stream().map((definition) -> definition.limits().model()).toList();
	}

}
