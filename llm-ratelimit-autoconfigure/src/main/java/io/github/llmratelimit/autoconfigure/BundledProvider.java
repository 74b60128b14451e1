package io.github.llmratelimit.autoconfigure;

import java.util.List;
import java.util.Map;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.CostRule;
import io.github.llmratelimit.autoconfigure.LlmRateLimitProperties.TierRow;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What a file of {@link BundledProviders} says about a provider.
 *
 * @param dialect whose headers and errors to read
 * @param hosts hosts whose responses are this provider's
 * @param booking how the provider takes tokens off its limits
 * @param cost how the provider puts input and output together
 * @param outputWeight how much one output token counts
 * @param cachedInputWeight how much one input token counts that came from the provider's
 * cache
 * @param schemes where the tiers come from, by a name for each set of tiers
 * @param tiers rows by tier and model, as an application writes them
 */
record BundledProvider(String dialect, @DefaultValue List<String> hosts, @DefaultValue("estimate") Booking booking,
		@DefaultValue("sum") CostRule.Formula cost, @DefaultValue("1") double outputWeight,
		@DefaultValue("1") double cachedInputWeight, @DefaultValue Map<String, Scheme> schemes,
		@DefaultValue Map<String, Map<String, TierRow>> tiers) {

	CostRule costRule() {
		return CostReader.rule(this.cost, this.outputWeight, this.cachedInputWeight);
	}

	/**
	 * Where a set of tiers comes from. Tiers are published and replaced as a whole.
	 *
	 * @param asOf date of the source, as exactly as it is known
	 * @param tiers tiers of this set
	 * @param source where the numbers were read, and what to know about them
	 */
	record Scheme(String asOf, List<String> tiers, String source) {

	}

}
