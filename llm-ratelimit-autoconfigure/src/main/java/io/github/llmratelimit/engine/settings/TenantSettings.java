package io.github.llmratelimit.engine.settings;

import java.util.Map;

/**
 * What tenants may use.
 *
 * @param standard the policy of every tenant that has none of its own
 * @param overrides policies by tenant, each in place of the standard one
 */
public record TenantSettings(TenantPolicy standard, Map<String, TenantPolicy> overrides) {

	/** Fair sharing without limits. */
	public static final TenantSettings FAIR = new TenantSettings(TenantPolicy.FAIR, Map.of());

	public TenantSettings {
		overrides = Map.copyOf(overrides);
	}

	public TenantPolicy policy(String tenant) {
		return this.overrides.getOrDefault(tenant, this.standard);
	}

}
