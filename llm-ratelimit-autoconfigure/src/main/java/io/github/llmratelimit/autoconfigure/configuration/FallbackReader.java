package io.github.llmratelimit.autoconfigure.configuration;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.llmratelimit.autoconfigure.diagnostics.Durations;
import io.github.llmratelimit.autoconfigure.diagnostics.Suggestions;
import io.github.llmratelimit.autoconfigure.diagnostics.TypedProperties;
import io.github.llmratelimit.engine.ModelNames;

/**
 * Finds the models that others fall back to, by the names that are known for them.
 */
final class FallbackReader {

	private static final Duration LONGEST = Duration.ofDays(31);

	private final TypedProperties properties;

	/** Names of models by all that they are called. */
	private final Map<String, String> names = new LinkedHashMap<>();

	FallbackReader(List<ModelDraft> drafts, TypedProperties properties) {
		this.properties = properties;
		drafts.forEach((draft) -> this.names.put(draft.name(), draft.name()));
		drafts.forEach((draft) -> draft.aliases().forEach((alias) -> this.names.putIfAbsent(alias, draft.name())));
	}

	/**
	 * Reads a model's fallbacks.
	 * @param draft the model
	 * @return the names of models, without aliases
	 */
	List<String> read(ModelDraft draft) {
		String property = draft.path() + ".fallback-models";
		Set<String> models = new LinkedHashSet<>();
		for (int i = 0; i < draft.fallbackModels().size(); i++) {
			String stated = draft.fallbackModels().get(i);
			String place = property + "[" + i + "]";
			String name = name(place, stated);
			if (name.equals(draft.name())) {
				throw this.properties.invalid(place, stated,
						"Model '%s' can't be its own fallback: name another model, or leave it out.".formatted(name));
			}
			if (!models.add(name)) {
				throw this.properties.invalid(place, stated,
						"Model '%s' is in the list already: name each model once.".formatted(name));
			}
		}
		checkAfter(draft);
		return List.copyOf(models);
	}

	private String name(String place, String stated) {
		String name = this.names.get(stated);
		if (name == null) {
			name = this.names.get(ModelNames.withoutRelease(stated));
		}
		if (name == null) {
			String closest = Suggestions.closest(stated, this.names.keySet());
			throw this.properties.invalid(place, stated,
					"Unknown model (%s): must be one of %s.%s".formatted(stated,
							String.join(", ", new LinkedHashSet<>(this.names.values())),
							(closest != null) ? " Did you mean '%s'?".formatted(closest) : ""));
		}
		return name;
	}

	private void checkAfter(ModelDraft draft) {
		Duration after = draft.fallbackAfter();
		if (after != null && (after.isNegative() || after.compareTo(LONGEST) > 0)) {
			throw this.properties.invalid(draft.path() + ".fallback-after", Durations.text(after),
					"Invalid fallbackAfter (%s): must be between 0s and %s. Write it with a unit, e.g. 2s."
						.formatted(Durations.text(after), Durations.text(LONGEST)));
		}
	}

}
