package io.github.llmratelimit.autoconfigure;

import java.util.List;

import io.github.llmratelimit.engine.settings.EngineSettings;
import io.github.llmratelimit.engine.LimiterDefinition;

/**
 * What the configuration means: everything checked, tables applied.
 *
 * @param models all models
 * @param settings what is the same for all
 */
record ResolvedConfiguration(List<ResolvedModel> models, EngineSettings settings) {

	ResolvedConfiguration {
		models = List.copyOf(models);
	}

	/** What the limiters are made of, one for every model. */
	List<LimiterDefinition> definitions() {
		return this.models.stream().map(ResolvedModel::definition).toList();
	}

}
