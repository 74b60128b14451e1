package io.github.llmratelimit.autoconfigure.tiers;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.CostRule;
import io.github.llmratelimit.autoconfigure.diagnostics.NormalForm;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties.TierRow;
import org.jspecify.annotations.Nullable;

/**
 * What a file of {@link BundledProviders} says about a provider.
 *
 * @param dialect whose headers and errors to read
 * @param hosts hosts whose responses are this provider's; a {@code *} stands for a part
 * that is the account's
 * @param booking how the provider takes tokens off its limits
 * @param cost how the provider puts input and output together
 * @param outputWeight how much one output token counts
 * @param cachedInputWeight how much one input token counts that came from the provider's
 * cache
 * @param rpmPer1000Tpm requests per minute that come with 1,000 tokens per minute
 * @param requestSlice window in which requests must be spread evenly over the minute
 * @param dayReset when a day of its limits begins: 'rolling', or midnight of a time zone
 * @param shownAt where the provider shows the account's true limits
 * @param raisedBy what raises the account's tier
 * @param schemes where the tiers come from, by a name for each set of tiers
 * @param models what models are called, and which of them share a pool
 * @param rules what holds for models by the form of their names
 * @param tiers rows by tier and model or pool, as an application writes them
 * @param listed as tiers, but too uncertain, or of too little use for single calls, to be
 * applied
 */
record BundledProvider(String dialect, List<String> hosts, Booking booking, CostRule.Formula cost, double outputWeight,
		double cachedInputWeight, @Nullable Long rpmPer1000Tpm, @Nullable Duration requestSlice,
		@Nullable String dayReset, @Nullable String shownAt, @Nullable String raisedBy, Map<String, Scheme> schemes,
		Map<String, KnownModel> models, List<Rule> rules, Map<String, Map<String, TierRow>> tiers,
		Map<String, Map<String, TierRow>> listed) {

	/** Whether a tier is listed, but not applied. */
	boolean hasListedTier(String tier) {
		return isIn(tier, this.listed.keySet());
	}

	/** The set of tiers that a tier belongs to. */
	@Nullable Scheme scheme(String tier) {
		return this.schemes.values().stream().filter((scheme) -> isIn(tier, scheme.tiers())).findFirst().orElse(null);
	}

	String asOf(String tier) {
		Scheme scheme = scheme(tier);
		return (scheme != null) ? scheme.asOf() : "unknown";
	}

	private static boolean isIn(String tier, Collection<String> tiers) {
		String normal = NormalForm.ofTier(tier);
		return tiers.stream().anyMatch((other) -> NormalForm.ofTier(other).equals(normal));
	}

	/**
	 * Where a set of tiers comes from. Tiers are published and replaced as a whole.
	 *
	 * @param asOf date of the source, as exactly as it is known
	 * @param confidence how far the numbers can be trusted
	 * @param tiers tiers of this set
	 * @param source where the numbers were read, and what to know about them
	 */
	record Scheme(String asOf, Confidence confidence, List<String> tiers, String source) {

	}

	/** How far the numbers of a set of tiers can be trusted. */
	enum Confidence {

		/** Read on the provider's own pages. */
		DOCUMENTED,

		/** Read in copies of the provider's pages, or in papers that quote them. */
		SECONDARY,

		/** Incomplete, superseded or contradicted. */
		UNCERTAIN;

		String id() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

	/**
	 * What a model is called.
	 *
	 * @param name what the application calls it; the entry's key by default
	 * @param model what the provider calls it; the name by default
	 * @param pool the budget that it shares; its own by default
	 * @param aliases other names
	 */
	record KnownModel(@Nullable String name, @Nullable String model, @Nullable String pool, Set<String> aliases) {

	}

	/**
	 * What holds for models whose names have one of several forms. Of several rules that
	 * state the same, the first one holds.
	 *
	 * @param match forms of names, in which {@code *} stands for anything
	 * @param pool the budget that they share
	 * @param row the row that grants the same to each of them
	 * @param outputWeight how much one output token counts
	 * @param cachedInputWeight how much one input token counts that came from the
	 * provider's cache
	 */
	record Rule(List<String> match, @Nullable String pool, @Nullable String row, @Nullable Double outputWeight,
			@Nullable Double cachedInputWeight) {

	}

}
