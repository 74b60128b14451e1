package io.github.llmratelimit.autoconfigure.tiers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.autoconfigure.diagnostics.TypedProperties;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties.TierRow;
import io.github.llmratelimit.autoconfigure.tiers.BundledProvider.Scheme;
import io.github.llmratelimit.autoconfigure.tiers.LimitReader.Window;
import io.github.llmratelimit.autoconfigure.tiers.ProviderListing.Row;
import io.github.llmratelimit.autoconfigure.tiers.ProviderListing.Tier;
import io.github.llmratelimit.autoconfigure.tiers.TierTable.PoolRow;

/**
 * Reads what is bundled about a provider by the same tables that limiters are made of.
 */
final class ListingReader {

	private final BundledProvider provider;

	private final NameRules rules;

	private final RequestRates rates;

	private final TierTable applied;

	private final TierTable listed;

	ListingReader(BundledProvider provider) {
		this.provider = provider;
		this.rules = NameRules.of(provider);
		this.rates = new RequestRates(provider.rpmPer1000Tpm(), provider.requestSlice());
		this.applied = table(provider.tiers());
		this.listed = table(provider.listed());
	}

	private TierTable table(Map<String, Map<String, TierRow>> tiers) {
		TierTable table = new TierTable(new LimitReader(TypedProperties.NONE), this.rules);
		table.add(this.provider.models());
		table.add("(bundled)", tiers, LimitOrigin.BUNDLED_TIER);
		return table;
	}

	ProviderListing read(String name) {
		Set<String> tiers = new LinkedHashSet<>();
		this.provider.schemes().values().forEach((scheme) -> tiers.addAll(scheme.tiers()));
		return new ProviderListing(name, this.provider.dialect(), this.provider.hosts(), this.provider.booking(),
				this.provider.rpmPer1000Tpm(), this.provider.requestSlice(), this.provider.dayReset(),
				this.provider.shownAt(), this.provider.raisedBy(), tiers.stream().map(this::tier).toList());
	}

	private Tier tier(String name) {
		Scheme scheme = this.provider.scheme(name);
		List<Row> rows = new ArrayList<>(rows(this.applied, name, true));
		rows.addAll(rows(this.listed, name, false));
		return (scheme != null) ? new Tier(name, scheme.asOf(), scheme.confidence().id(), scheme.source(), rows)
				: new Tier(name, null, null, null, rows);
	}

	private List<Row> rows(TierTable table, String tier, boolean isApplied) {
		List<Row> rows = new ArrayList<>();
		table.rows(tier)
			.forEach((row) -> rows.add(new Row(row.model().name(), row.model().pool(), row.model().aliases(),
					complete(row.limits()), this.rules.costRule(row.model().providerModel()), isApplied)));
		for (PoolRow row : table.rowsOfForms(tier)) {
			String forms = String.join(", ", this.rules.forms(row.pool()));
			rows.add(new Row(forms, this.rules.isPool(row.pool()) ? row.pool() : null, Set.of(), complete(row.limits()),
					this.rules.costRule(forms), isApplied));
		}
		return rows;
	}

	private List<Limit> complete(Map<Window, Limit> limits) {
		Map<Window, Limit> complete = new LinkedHashMap<>(limits);
		this.rates.addRequests(complete);
		this.rates.addSlice(complete);
		return List.copyOf(complete.values());
	}

}
