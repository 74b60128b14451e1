package io.github.llmratelimit.autoconfigure.configuration;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.autoconfigure.diagnostics.ConfigurationMistakeException;
import io.github.llmratelimit.autoconfigure.diagnostics.TypedProperties;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties.Tenant;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties.Tenants;
import io.github.llmratelimit.autoconfigure.tiers.LimitReader;
import io.github.llmratelimit.autoconfigure.tiers.LimitReader.Window;
import io.github.llmratelimit.engine.settings.TenantPolicy;
import io.github.llmratelimit.engine.settings.TenantSettings;
import org.jspecify.annotations.Nullable;

/**
 * Reads what tenants may use. An override changes what it states and leaves the rest as
 * it is for every tenant, in the same way as a model's numbers change its tier's.
 */
final class TenantReader {

	static final String PATH = LlmRateLimitProperties.PREFIX + ".tenants";

	static final String OVERRIDES = PATH + ".overrides";

	private static final String STANDARD = PATH + ".default";

	private final TypedProperties properties;

	private final LimitReader reader;

	TenantReader(TypedProperties properties) {
		this.properties = properties;
		this.reader = new LimitReader(properties);
	}

	TenantSettings read(Tenants tenants) {
		if (tenants.standard().id() != null) {
			throw this.properties.invalid(STANDARD + ".id", tenants.standard().id(),
					"What every tenant may use has no 'id': write a single tenant's numbers under '%s'."
						.formatted(OVERRIDES));
		}
		Map<Window, Limit> limits = limits(STANDARD, tenants.standard());
		int weight = weight(STANDARD, tenants.standard().weight(), 1);
		Map<String, TenantPolicy> overrides = new LinkedHashMap<>();
		Map<String, String> pathsById = new HashMap<>();
		tenants.overrides().forEach((key, tenant) -> {
			String path = TypedProperties.child(OVERRIDES, key);
			String id = id(path, key, tenant.id());
			String other = pathsById.putIfAbsent(id, path);
			if (other != null) {
				throw new ConfigurationMistakeException("Tenants %s and %s have the same id '%s'.".formatted(
						this.properties.place(other), this.properties.place(path), id), "Keep one of the two entries.");
			}
			Map<Window, Limit> own = new LinkedHashMap<>(limits);
			own.putAll(limits(path, tenant));
			overrides.put(id, policy(weight(path, tenant.weight(), weight), own));
		});
		return new TenantSettings(policy(weight, limits), overrides);
	}

	private Map<Window, Limit> limits(String path, Tenant tenant) {
		return this.reader.read(path, tenant, LimitOrigin.CONFIGURED);
	}

	private String id(String path, String key, @Nullable String stated) {
		if (stated != null && stated.isBlank()) {
			throw this.properties.invalid(path + ".id", stated,
					"Invalid id (): must not be empty. Leave it out where the key is the tenant's identifier.");
		}
		return (stated != null) ? stated : key;
	}

	private int weight(String path, @Nullable Integer stated, int standard) {
		int weight = (stated != null) ? stated : standard;
		if (weight < 1 || weight > TenantPolicy.LARGEST_WEIGHT) {
			throw this.properties.invalid(path + ".weight", weight,
					"Invalid weight (%d): must be between 1 and %d. A tenant of weight 2 gets twice the share of one of weight 1."
						.formatted(weight, TenantPolicy.LARGEST_WEIGHT));
		}
		return weight;
	}

	private static TenantPolicy policy(int weight, Map<Window, Limit> limits) {
		return new TenantPolicy(weight, List.copyOf(limits.values()));
	}

}
