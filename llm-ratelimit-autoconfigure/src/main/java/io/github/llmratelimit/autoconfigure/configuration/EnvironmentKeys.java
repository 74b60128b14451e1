package io.github.llmratelimit.autoconfigure.configuration;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.llmratelimit.autoconfigure.diagnostics.NormalForm;
import io.github.llmratelimit.autoconfigure.diagnostics.TypedProperties;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties.Model;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties.Provider;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties.Tenant;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties.Tenants;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties.TierRow;

import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindResult;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.Environment;

/*
 * An environment variable has no dashes: LLM_RATELIMIT_MODELS_GPT_4O_TPM is
 * models.gpt.4o.tpm to Boot until something else says that there is a key gpt-4o, and
 * LLM_RATELIMIT_MODELS_GPT4O_TPM adds a key gpt4o beside gpt-4o, with the same values.
 * So keys that are typed in files win over those made from variables, and keys that only
 * a table knows are tried, too: then one variable changes one number of a model that the
 * application never listed.
 */

/**
 * Puts keys right that come from environment variables.
 */
final class EnvironmentKeys {

	private final TypedProperties properties;

	private final Binder binder;

	private final Set<ConfigurationPropertyName> bound = new HashSet<>();

	EnvironmentKeys(TypedProperties properties, Environment environment) {
		this.properties = properties;
		this.binder = Binder.get(environment, new AbstractBindHandler() {
			@Override
			public Object onSuccess(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
					Object result) {
				EnvironmentKeys.this.bound.add(name);
				return result;
			}
		});
		this.binder.bind(LlmRateLimitProperties.PREFIX, LlmRateLimitProperties.class);
	}

	Map<String, Provider> providers(Map<String, Provider> bound, Collection<String> known) {
		Map<String, Provider> providers = complete(LlmRateLimitProperties.PROVIDERS, bound, known, Provider.class);
		providers.replaceAll((key, provider) -> new Provider(provider.dialect(), provider.hosts(), provider.tier(),
				tiers(TypedProperties.child(LlmRateLimitProperties.PROVIDERS, key) + ".tiers", provider.tiers())));
		return providers;
	}

	Map<String, Model> models(Map<String, Model> bound, Collection<String> known) {
		return complete(LlmRateLimitProperties.MODELS, bound, known, Model.class);
	}

	Tenants tenants(Tenants bound) {
		return new Tenants(bound.standard(),
				complete(TenantReader.OVERRIDES, bound.overrides(), List.of(), Tenant.class));
	}

	/** Names of all properties that mean something. */
	Set<ConfigurationPropertyName> bound() {
		return this.bound;
	}

	private Map<String, Map<String, TierRow>> tiers(String path, Map<String, Map<String, TierRow>> bound) {
		Map<String, Map<String, TierRow>> tiers = new LinkedHashMap<>(bound);
		tiers.replaceAll((tier, rows) -> complete(TypedProperties.child(path, tier), rows, List.of(), TierRow.class));
		return tiers;
	}

	private <T> Map<String, T> complete(String path, Map<String, T> bound, Collection<String> known, Class<T> type) {
		Map<String, String> rightKeys = new LinkedHashMap<>();
		this.properties.keys(path).forEach((key) -> rightKeys.putIfAbsent(NormalForm.ofKey(key), key));
		known.forEach((key) -> rightKeys.putIfAbsent(NormalForm.ofKey(key), key));
		Map<String, T> complete = new LinkedHashMap<>();
		bound.forEach((key, value) -> {
			String rightKey = rightKeys.getOrDefault(NormalForm.ofKey(key), key);
			complete.putIfAbsent(rightKey, key.equals(rightKey) ? value : bind(path, rightKey, type).orElse(value));
		});
		for (String key : known) {
			String rightKey = rightKeys.getOrDefault(NormalForm.ofKey(key), key);
			if (!complete.containsKey(rightKey)) {
				bind(path, rightKey, type).ifBound((value) -> complete.put(rightKey, value));
			}
		}
		return complete;
	}

	private <T> BindResult<T> bind(String path, String key, Class<T> type) {
		return this.binder.bind(ConfigurationPropertyName.adapt(TypedProperties.child(path, key), '.'),
				Bindable.of(type));
	}

}
