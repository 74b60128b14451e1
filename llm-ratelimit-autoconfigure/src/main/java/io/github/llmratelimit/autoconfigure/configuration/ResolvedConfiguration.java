package io.github.llmratelimit.autoconfigure.configuration;

import java.util.List;

import io.github.llmratelimit.engine.LimiterDefinition;
import io.github.llmratelimit.engine.LimiterMode;
import io.github.llmratelimit.engine.settings.EngineSettings;

/**
 * What the configuration means: everything checked, tables applied.
 *
 * @param models all models
 * @param settings what is the same for all
 */
public record ResolvedConfiguration(List<ResolvedModel> models, EngineSettings settings) {

	public ResolvedConfiguration {
		models = List.copyOf(models);
	}

	/** What the limiters are made of, one for every model. */
	public List<LimiterDefinition> definitions() {
		return this.models.stream().map(ResolvedModel::definition).toList();
	}

	/** Whether there is a model whose limiter does anything. */
	public boolean limits() {
		return definitions().stream().anyMatch((definition) -> definition.mode() != LimiterMode.OFF);
	}

}
