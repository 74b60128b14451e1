package io.github.llmratelimit.autoconfigure.tiers;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.llmratelimit.CostRule;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.autoconfigure.diagnostics.NormalForm;
import io.github.llmratelimit.autoconfigure.diagnostics.TypedProperties;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties.TierRow;
import io.github.llmratelimit.autoconfigure.tiers.BundledProvider.KnownModel;
import io.github.llmratelimit.autoconfigure.tiers.LimitReader.Window;
import io.github.llmratelimit.engine.ModelNames;
import org.jspecify.annotations.Nullable;

/*
 * Providers grant limits to pools: to a single model, to a family, to all models of a
 * form, or to the account. So there is one row for each tier and pool, whoever's name it
 * stands under, and a row of the application's own for one model of a family replaces
 * that of the family: two rows for one pool could only contradict each other.
 */

/**
 * What a provider grants, by tier and pool: bundled rows, and the application's own,
 * which win row by row.
 */
public final class TierTable {

	private final LimitReader reader;

	private final NameRules rules;

	/** By normal form of the tier, then by pool. */
	private final Map<String, Map<String, PoolRow>> rows = new LinkedHashMap<>();

	/** How a tier is written, by its normal form. */
	private final Map<String, String> tierNames = new LinkedHashMap<>();

	/** Models by their names. */
	private final Map<String, TableModel> models = new LinkedHashMap<>();

	/** Names of models by the normal form of their key. */
	private final Map<String, String> namesByKey = new LinkedHashMap<>();

	/** Names of models by what else they are called. */
	private final Map<String, String> namesByAlias = new LinkedHashMap<>();

	TierTable(LimitReader reader, NameRules rules) {
		this.reader = reader;
		this.rules = rules;
	}

	/** Adds models that are known whether or not a tier grants them anything. */
	void add(Map<String, KnownModel> known) {
		known.forEach((key, model) -> {
			String name = (model.name() != null) ? model.name() : key;
			this.models.put(name, new TableModel(key, name, (model.model() != null) ? model.model() : name,
					(model.pool() != null) ? model.pool() : name, model.aliases()));
			this.namesByKey.put(NormalForm.ofKey(key), name);
			model.aliases().forEach((alias) -> this.namesByAlias.put(alias, name));
		});
	}

	/**
	 * Adds rows, which replace those that are there for the same tier and pool.
	 * @param path where the rows stand
	 * @param tiers the rows by tier and key
	 * @param origin where their numbers come from
	 */
	void add(String path, Map<String, Map<String, TierRow>> tiers, LimitOrigin origin) {
		tiers.forEach((tier, models) -> {
			String normalTier = NormalForm.ofTier(tier);
			this.tierNames.putIfAbsent(normalTier, tier);
			Map<String, PoolRow> byPool = this.rows.computeIfAbsent(normalTier, (added) -> new LinkedHashMap<>());
			models.forEach((key, row) -> {
				String place = TypedProperties.child(TypedProperties.child(path, tier), key);
				Map<Window, Limit> limits = this.reader.readRow(place, row, origin);
				String pool = pool(key, (row.name() != null) ? row.name() : nameOf(key));
				byPool.put(pool, new PoolRow(pool, limits));
			});
		});
	}

	/** The pool of a row; one that neither models nor rules know is a model's own. */
	private String pool(String key, String name) {
		TableModel model = this.models.get(name);
		if (model != null) {
			return model.pool();
		}
		boolean family = this.models.values().stream().anyMatch((known) -> known.pool().equals(name));
		if (!family && !this.rules.isTarget(name)) {
			this.models.put(name, new TableModel(key, name, name, name, Set.of()));
			this.namesByKey.put(NormalForm.ofKey(key), name);
		}
		return name;
	}

	/** Whether no tier is known. */
	public boolean isEmpty() {
		return this.rows.isEmpty();
	}

	/** The tiers as they are written. */
	public Collection<String> tiers() {
		return this.tierNames.values();
	}

	boolean hasTier(String tier) {
		return this.rows.containsKey(NormalForm.ofTier(tier));
	}

	/** The models that a tier grants something, none if there is no such tier. */
	public Collection<Row> rows(@Nullable String tier) {
		Map<String, PoolRow> byPool = byPool(tier);
		List<Row> rows = new ArrayList<>();
		for (TableModel model : this.models.values()) {
			PoolRow row = byPool.get(model.pool());
			if (row != null) {
				rows.add(new Row(model, row.limits()));
			}
		}
		return rows;
	}

	/** What a tier grants to pools that models have by the form of their names. */
	Collection<PoolRow> rowsOfForms(@Nullable String tier) {
		return byPool(tier).values().stream().filter((row) -> this.rules.isTarget(row.pool())).toList();
	}

	/** The name of the model that has this key in any tier, or the key itself. */
	public String nameOf(String key) {
		return this.namesByKey.getOrDefault(NormalForm.ofKey(key), key);
	}

	/** Whether a model is known, by its name, an alias or its key in the table. */
	public boolean knows(String model) {
		return model(model) != null;
	}

	/**
	 * Finds a model.
	 * @param model its name, dated or not, an alias, or its key in the table
	 * @return the model, or {@code null}
	 */
	public @Nullable TableModel model(String model) {
		for (String candidate : List.of(model, ModelNames.withoutRelease(model))) {
			String name = this.models.containsKey(candidate) ? candidate
					: this.namesByAlias.getOrDefault(candidate, this.namesByKey.get(NormalForm.ofKey(candidate)));
			if (name != null) {
				return this.models.get(name);
			}
		}
		return null;
	}

	/**
	 * Finds what a model is granted.
	 * @param tier the account's tier, if it has one
	 * @param model name of the model, dated or not, or its key in the table
	 * @return the row of its pool, or {@code null}
	 */
	public @Nullable PoolRow find(@Nullable String tier, String model) {
		Map<String, PoolRow> byPool = byPool(tier);
		TableModel known = model(model);
		String pool = (known != null) ? known.pool() : this.rules.pool(model);
		PoolRow row = (pool != null) ? byPool.get(pool) : null;
		String each = this.rules.row(model);
		if (row == null && each != null && byPool.containsKey(each)) {
			return new PoolRow((pool != null) ? pool : model, byPool.get(each).limits());
		}
		return row;
	}

	/** What the provider takes off a limit on tokens for a call of a model. */
	public CostRule costRule(String providerModel) {
		return this.rules.costRule(providerModel);
	}

	private Map<String, PoolRow> byPool(@Nullable String tier) {
		return (tier != null) ? this.rows.getOrDefault(NormalForm.ofTier(tier), Map.of()) : Map.of();
	}

	/**
	 * A model that a table knows.
	 *
	 * @param key key of its entry or row
	 * @param name name of the model
	 * @param providerModel what the provider calls it
	 * @param pool the budget that it draws on
	 * @param aliases what else it is called
	 */
	public record TableModel(String key, String name, String providerModel, String pool, Set<String> aliases) {

		/** Whether other models may draw on its budget, too. */
		public boolean isOfFamily() {
			return !this.pool.equals(this.name);
		}

	}

	/**
	 * What a tier grants to a pool.
	 *
	 * @param pool name of the pool
	 * @param limits the limits
	 */
	public record PoolRow(String pool, Map<Window, Limit> limits) {

	}

	/**
	 * What a tier grants to one model.
	 *
	 * @param model the model
	 * @param limits the limits of its pool
	 */
	public record Row(TableModel model, Map<Window, Limit> limits) {

	}

}
