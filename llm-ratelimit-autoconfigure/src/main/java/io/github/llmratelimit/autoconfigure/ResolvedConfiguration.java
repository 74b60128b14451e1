package io.github.llmratelimit.autoconfigure;

import java.util.List;

import io.github.llmratelimit.engine.EngineSettings;
import io.github.llmratelimit.engine.LimiterDefinition;

/**
 * What the configuration means: everything checked, tables applied.
 *
 * @param definitions one for every model
 * @param settings what is the same for all
 */
record ResolvedConfiguration(List<LimiterDefinition> definitions, EngineSettings settings) {

	ResolvedConfiguration {
		definitions = List.copyOf(definitions);
	}

}
