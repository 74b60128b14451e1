package io.github.llmratelimit.engine;

import java.util.Set;

import io.github.llmratelimit.ModelLimits;
import io.github.llmratelimit.provider.ProviderDialect;

/**
 * Everything a limiter is made of.
 *
 * @param limits the model and what it may use
 * @param aliases other names of the model
 * @param dialect how the provider speaks
 * @param hosts hosts whose responses are the provider's, in lower case, without port
 * @param mode whether the limiter limits
 */
public record LimiterDefinition(ModelLimits limits, Set<String> aliases, ProviderDialect dialect, Set<String> hosts,
		LimiterMode mode) {

	public LimiterDefinition {
		aliases = Set.copyOf(aliases);
		hosts = Set.copyOf(hosts);
	}

}
