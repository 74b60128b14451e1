package io.github.llmratelimit.autoconfigure;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.autoconfigure.LimitReader.Window;
import io.github.llmratelimit.autoconfigure.LlmRateLimitProperties.TierRow;
import org.jspecify.annotations.Nullable;

/**
 * What a provider grants, by tier and model: bundled rows, and the application's own,
 * which win model by model.
 */
final class TierTable {

	/** Dates as providers append them: 2024-11-20, 20241022, 0613. */
	private static final Pattern DATE_SUFFIX = Pattern.compile("-(\\d{4}-\\d{2}-\\d{2}|\\d{8}|\\d{4})$");

	private final LimitReader reader;

	/** By normal form of the tier, then by name of the model. */
	private final Map<String, Map<String, Row>> rows = new LinkedHashMap<>();

	/** How a tier is written, by its normal form. */
	private final Map<String, String> tierNames = new LinkedHashMap<>();

	/** Names of models by the normal form of their key. */
	private final Map<String, String> namesByKey = new LinkedHashMap<>();

	TierTable(LimitReader reader) {
		this.reader = reader;
	}

	/**
	 * Adds rows, which replace those that are there for the same tier and model.
	 * @param path where the rows stand
	 * @param tiers the rows by tier and key
	 * @param origin where their numbers come from
	 */
	void add(String path, Map<String, Map<String, TierRow>> tiers, LimitOrigin origin) {
		tiers.forEach((tier, models) -> {
			String normalTier = normalTier(tier);
			this.tierNames.putIfAbsent(normalTier, tier);
			Map<String, Row> byName = this.rows.computeIfAbsent(normalTier, (added) -> new LinkedHashMap<>());
			models.forEach((key, row) -> {
				String place = TypedProperties.child(TypedProperties.child(path, tier), key);
				Map<Window, Limit> limits = this.reader.readRow(place, row, origin);
				String name = (row.name() != null) ? row.name() : nameOf(key);
				this.namesByKey.put(normalKey(key), name);
				byName.put(name, new Row(key, name, limits));
			});
		});
	}

	boolean isEmpty() {
		return this.rows.isEmpty();
	}

	/** The tiers as they are written. */
	Collection<String> tiers() {
		return this.tierNames.values();
	}

	boolean hasTier(String tier) {
		return this.rows.containsKey(normalTier(tier));
	}

	/** The rows of a tier, none if there is no such tier. */
	Collection<Row> rows(@Nullable String tier) {
		return (tier != null) ? this.rows.getOrDefault(normalTier(tier), Map.of()).values() : List.of();
	}

	/** The name of the model that has this key in any tier, or the key itself. */
	String nameOf(String key) {
		return this.namesByKey.getOrDefault(normalKey(key), key);
	}

	/** Whether a model is known in any tier, by its name or its key in the table. */
	boolean knows(String model) {
		return name(model) != null;
	}

	/**
	 * Finds a model's row.
	 * @param tier the account's tier, if it has one
	 * @param model name of the model, dated or not, or its key in the table
	 * @return the row, or {@code null}
	 */
	@Nullable Row find(@Nullable String tier, String model) {
		String name = name(model);
		return (tier != null && name != null) ? this.rows.getOrDefault(normalTier(tier), Map.of()).get(name) : null;
	}

	private @Nullable String name(String model) {
		String undated = undated(model);
		for (String candidate : List.of(model, undated)) {
			if (this.rows.values().stream().anyMatch((byName) -> byName.containsKey(candidate))) {
				return candidate;
			}
			String named = this.namesByKey.get(normalKey(candidate));
			if (named != null) {
				return named;
			}
		}
		return null;
	}

	/** The name of a model without the date that a provider appends. */
	static String undated(String model) {
		return DATE_SUFFIX.matcher(model).replaceFirst("");
	}

	/** {@code 1}, {@code Tier 1}, {@code tier-1} and {@code tier1} are one. */
	static String normalTier(String tier) {
		String plain = normalKey(tier).replaceAll("[^\\p{Alnum}]", "");
		return plain.startsWith("tier") && plain.length() > 4 ? plain.substring(4) : plain;
	}

	/** What Boot compares when it compares keys. */
	static String normalKey(String key) {
		return key.toLowerCase(Locale.ROOT).replaceAll("[-_]", "");
	}

	/**
	 * What a tier grants to one model.
	 *
	 * @param key key of the row
	 * @param name what the provider calls the model
	 * @param limits the limits
	 */
	record Row(String key, String name, Map<Window, Limit> limits) {

	}

}
