package io.github.llmratelimit.autoconfigure.configuration;

import java.util.List;

import io.github.llmratelimit.Limit;
import io.github.llmratelimit.engine.settings.TenantPolicy;
import io.github.llmratelimit.engine.settings.TenantSettings;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConfigurationResolver}: what tenants may use.
 */
class TenantResolutionTests {

	@Test
	void tenantsWhenNothingIsConfiguredShareFairly() {
		assertThat(Resolved.yaml("").settings().tenants()).isEqualTo(TenantSettings.FAIR);
	}

	@Test
	void defaultWhenConfiguredIsEveryTenants() {
		assertThat(numbers(tenants("default: { rpm: 60, tpm: 20k, weight: 2 }").standard()))
			.containsExactly("60 requests per 1m (CONFIGURED)", "20000 tokens per 1m (CONFIGURED)");
	}

	@Test
	void weightWhenConfiguredIsEveryTenants() {
		assertThat(tenants("default: { weight: 2 }").standard().weight()).isEqualTo(2);
	}

	@Test
	void limitsWhenWrittenInAnyFormAreRead() {
		assertThat(numbers(tenants("""
				default:
				  itpm: 1
				  otpm: 2
				  rpd: 3
				  tpd: 4
				  rps: 5
				  concurrent: 6
				  enqueued-tokens: 7
				  limits: [ { dimension: tokens, amount: 8, per: 10s }, { dimension: requests, amount: 9, per: 1h } ]
				""").standard())).containsExactly("1 input-tokens per 1m (CONFIGURED)",
				"2 output-tokens per 1m (CONFIGURED)", "3 requests per 1d (CONFIGURED)", "4 tokens per 1d (CONFIGURED)",
				"5 requests per 1s (CONFIGURED)", "6 concurrent per none (CONFIGURED)",
				"7 enqueued-tokens per none (CONFIGURED)", "8 tokens per 10s (CONFIGURED)",
				"9 requests per 1h (CONFIGURED)");
	}

	@Test
	void overrideWhenItStatesANumberChangesThatOnly() {
		assertThat(numbers(override("""
				default: { rpm: 60, tpm: 20k }
				overrides: { acme: { tpm: 100k } }
				"""))).containsExactly("60 requests per 1m (CONFIGURED)", "100000 tokens per 1m (CONFIGURED)");
	}

	@Test
	void overrideWhenItStatesNoWeightHasThatOfEveryTenant() {
		assertThat(override("""
				default: { weight: 3 }
				overrides: { acme: { tpm: 100k } }
				""").weight()).isEqualTo(3);
	}

	@Test
	void overrideWhenItStatesAWeightHasThat() {
		assertThat(override("overrides: { acme: { weight: 4 } }").weight()).isEqualTo(4);
	}

	@Test
	void overrideWhenItHasAnIdIsThatTenants() {
		assertThat(tenants("overrides: { acme: { id: 'ACME Inc. <eu>', rpm: 5 } }").overrides())
			.containsOnlyKeys("ACME Inc. <eu>");
	}

	@Test
	void overrideWhenItsKeyIsInBracketsIsThatTenants() {
		assertThat(tenants("overrides: { '[acme.com]': { rpm: 5 } }").overrides()).containsOnlyKeys("acme.com");
	}

	@Test
	void limitsWhenTheInstanceHasAShareAreNotMultiplied() {
		TenantSettings tenants = Resolved.yaml("""
				share: 0.5
				tenants: { default: { rpm: 60 } }
				""").settings().tenants();
		assertThat(numbers(tenants.standard())).containsExactly("60 requests per 1m (CONFIGURED)");
	}

	private static TenantPolicy override(String yaml) {
		return tenants(yaml).overrides().get("acme");
	}

	private static TenantSettings tenants(String yaml) {
		return Resolved.yaml("tenants:\n" + yaml.indent(2)).settings().tenants();
	}

	private static List<String> numbers(TenantPolicy policy) {
		return policy.limits().stream().map(Limit::toString).toList();
	}

}
