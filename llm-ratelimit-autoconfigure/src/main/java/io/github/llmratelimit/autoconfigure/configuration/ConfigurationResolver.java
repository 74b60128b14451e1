package io.github.llmratelimit.autoconfigure.configuration;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import io.github.llmratelimit.autoconfigure.diagnostics.KeyCheck;
import io.github.llmratelimit.autoconfigure.diagnostics.TypedProperties;
import io.github.llmratelimit.autoconfigure.diagnostics.UnknownVariables;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties.Model;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties.Provider;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties.Tenants;
import io.github.llmratelimit.autoconfigure.tiers.BundledProviders;
import io.github.llmratelimit.autoconfigure.tiers.ProviderAccount;
import io.github.llmratelimit.autoconfigure.tiers.ProviderReader;
import io.github.llmratelimit.engine.settings.EngineSettings;
import io.github.llmratelimit.provider.ProviderDialect;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.apache.commons.logging.impl.NoOpLog;

import org.springframework.core.env.Environment;

/*
 * From text to limiters, in steps that know little of each other:
 *
 *   KeyCheck         keys that Boot reads otherwise than they were meant
 *   SettingsReader   share, queue, throttle, retry
 *   TenantReader     what tenants may use
 *   ProviderReader   configured and bundled providers -> accounts with their tables
 *   ModelReader      models that are listed, or granted by a tier -> drafts
 *   PoolReader       drafts that share a budget -> limiters
 *   FallbackReader   models that stand in for others
 *   UnknownVariables environment variables that mean nothing
 *
 * All of this runs after the properties are bound, never in their constructors: only
 * then does Boot tell file and line of a mistake.
 */

/**
 * Makes limiters of the configuration, or says what is wrong with it.
 */
public final class ConfigurationResolver {

	private static final Log logger = LogFactory.getLog(ConfigurationResolver.class);

	private final BundledProviders bundled;

	private final Function<String, ProviderDialect> dialects;

	/**
	 * Creates a resolver.
	 * @param bundled bundled providers
	 * @param dialects dialects by name; throws an {@link IllegalArgumentException} whose
	 * message lists them, if there is none of that name
	 */
	public ConfigurationResolver(BundledProviders bundled, Function<String, ProviderDialect> dialects) {
		this.bundled = bundled;
		this.dialects = dialects;
	}

	/**
	 * Resolves the configuration.
	 * @param properties what is configured
	 * @param environment where it comes from, to tell file and line
	 * @return what it means
	 * @throws RuntimeException if there is a mistake in it; a failure analyzer explains
	 * it
	 */
	public ResolvedConfiguration resolve(LlmRateLimitProperties properties, Environment environment) {
		return resolve(properties, environment, logger);
	}

	/**
	 * The names of all models, for those who ask before anything is to be told.
	 * @param properties what is configured
	 * @param environment where it comes from
	 * @return the names in the order of configuration
	 * @throws RuntimeException if there is a mistake in the configuration
	 */
	public List<String> modelNames(LlmRateLimitProperties properties, Environment environment) {
		return resolve(properties, environment, new NoOpLog()).definitions()
			.stream()
			.map((definition) -> definition.limits().model())
			.toList();
	}

	private ResolvedConfiguration resolve(LlmRateLimitProperties properties, Environment environment, Log log) {
		if (this.bundled.names().isEmpty()) {
			log.warn("No provider and no tier table is known: is org.yaml:snakeyaml missing from the class path?");
		}
		TypedProperties typed = TypedProperties.of(environment);
		KeyCheck.check(typed);
		SettingsReader settingsReader = new SettingsReader(typed);
		BigDecimal share = settingsReader.share(properties.share());
		settingsReader.check(properties);
		settingsReader.check(properties.retry(), properties.queue());
		EnvironmentKeys keys = new EnvironmentKeys(typed, environment);
		Tenants tenants = keys.tenants(properties.tenants());
		EngineSettings settings = settingsReader.engine(properties, new TenantReader(typed).read(tenants));
		Map<String, Provider> providers = keys.providers(properties.providers(), this.bundled.names());
		Map<String, ProviderAccount> accounts = new ProviderReader(this.bundled, this.dialects, typed, log)
			.read(providers);
		Set<String> granted = grantedKeys(accounts.values());
		Map<String, Model> models = keys.models(properties.models(), granted);
		List<ResolvedModel> resolved = new PoolReader(share, typed)
			.read(new ModelReader(accounts, providers.keySet(), properties.mode(), typed, log).read(models));
		granted.addAll(models.keySet());
		UnknownVariables.warn(typed, keys.bound(), knownKeys(providers, accounts.keySet(), granted, tenants), log);
		return new ResolvedConfiguration(resolved, settings);
	}

	private static Set<String> grantedKeys(Collection<ProviderAccount> accounts) {
		Set<String> keys = new LinkedHashSet<>();
		accounts
			.forEach((account) -> account.table().rows(account.tier()).forEach((row) -> keys.add(row.model().key())));
		return keys;
	}

	private static Map<String, Collection<String>> knownKeys(Map<String, Provider> configured, Set<String> providers,
			Set<String> models, Tenants tenants) {
		Map<String, Collection<String>> keys = new LinkedHashMap<>();
		keys.put(TenantReader.OVERRIDES, tenants.overrides().keySet());
		keys.put(LlmRateLimitProperties.MODELS, models);
		keys.put(LlmRateLimitProperties.PROVIDERS, providers);
		configured.forEach((key, provider) -> {
			String tiers = TypedProperties.child(LlmRateLimitProperties.PROVIDERS, key) + ".tiers";
			keys.put(tiers, provider.tiers().keySet());
			provider.tiers().forEach((tier, rows) -> keys.put(TypedProperties.child(tiers, tier), rows.keySet()));
		});
		return keys;
	}

}
