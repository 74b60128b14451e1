package io.github.llmratelimit.autoconfigure.configuration;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.ModelLimits;
import io.github.llmratelimit.autoconfigure.diagnostics.ConfigurationMistakeException;
import io.github.llmratelimit.autoconfigure.diagnostics.NormalForm;
import io.github.llmratelimit.autoconfigure.diagnostics.TypedProperties;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties.Model;
import io.github.llmratelimit.autoconfigure.tiers.CostReader;
import io.github.llmratelimit.autoconfigure.tiers.LimitReader;
import io.github.llmratelimit.autoconfigure.tiers.LimitReader.Window;
import io.github.llmratelimit.autoconfigure.tiers.ProviderAccount;
import io.github.llmratelimit.autoconfigure.tiers.TierTable.PoolRow;
import io.github.llmratelimit.autoconfigure.tiers.TierTable.Row;
import io.github.llmratelimit.autoconfigure.tiers.TierTable.TableModel;
import io.github.llmratelimit.engine.LimiterMode;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * Reads which models there are: those under {@code models}, and every further one that
 * the tier of a configured provider has a row for.
 */
final class ModelReader {

	private final Map<String, ProviderAccount> accounts;

	private final Set<String> configured;

	private final LimiterMode mode;

	private final TypedProperties properties;

	private final Log log;

	private final LimitReader reader;

	private final CostReader costs;

	/** Which entry has a name or an alias. */
	private final Map<String, String> pathsByName = new HashMap<>();

	/**
	 * Creates a reader, for one use.
	 * @param accounts all accounts by name
	 * @param configured names of those that are configured, not only bundled
	 * @param mode mode of models that don't say theirs
	 * @param properties where the configuration stands
	 * @param log where to tell of what is no mistake, but may surprise
	 */
	ModelReader(Map<String, ProviderAccount> accounts, Set<String> configured, LimiterMode mode,
			TypedProperties properties, Log log) {
		this.accounts = accounts;
		this.configured = configured;
		this.mode = mode;
		this.properties = properties;
		this.log = log;
		this.reader = new LimitReader(properties);
		this.costs = new CostReader(properties);
	}

	List<ModelDraft> read(Map<String, Model> models) {
		List<ModelDraft> drafts = new ArrayList<>();
		models.forEach((key, model) -> drafts.add(read(key, model)));
		drafts.forEach(this::takeName);
		drafts.forEach(this::takeAliases);
		List<ModelDraft> granted = granted();
		granted.forEach((draft) -> this.pathsByName.putIfAbsent(draft.name(), draft.path()));
		drafts.addAll(granted);
		drafts.replaceAll(this::withKnownAliases);
		return drafts;
	}

	private ModelDraft read(String key, Model model) {
		String path = TypedProperties.child(LlmRateLimitProperties.MODELS, key);
		String wanted = firstOf(model.model(), model.name(), key);
		ProviderAccount account = account(path, model.provider(), wanted);
		PoolRow row = account.table().find(account.tier(), wanted);
		TableModel known = account.table().model(wanted);
		Map<Window, Limit> stated = this.reader.read(path, model, LimitOrigin.CONFIGURED);
		String name = firstOf(model.name(), (model.model() != null) ? key : account.table().nameOf(key));
		Set<String> aliases = new LinkedHashSet<>(model.aliases());
		aliases.remove(name);
		String providerModel = firstOf(model.model(),
				(known != null && known.name().equals(name)) ? known.providerModel() : name);
		return new ModelDraft(path, name, providerModel, aliases, account,
				firstOf(model.pool(), pool(name, row, known, stated)), stated, (row != null) ? row.limits() : Map.of(),
				(model.booking() != null) ? model.booking() : account.booking(), model.strict(),
				this.costs.read(path, model, account.table().costRule(providerModel)),
				outputTokens(path, model.defaultOutputTokens()), model.learn(), model.fallbackModels(),
				model.fallbackAfter(), (model.mode() != null) ? model.mode() : this.mode);
	}

	/** A family's budget is its own if numbers are written for one of its models. */
	private static String pool(String name, @Nullable PoolRow row, @Nullable TableModel known,
			Map<Window, Limit> stated) {
		if (row != null) {
			return row.pool();
		}
		return (known != null && known.isOfFamily() && stated.isEmpty()) ? known.pool() : name;
	}

	private static String firstOf(@Nullable String... candidates) {
		for (String candidate : candidates) {
			if (candidate != null && !candidate.isBlank()) {
				return candidate;
			}
		}
		throw new IllegalStateException("The last candidate is never null");
	}

	private long outputTokens(String path, @Nullable String stated) {
		return (stated != null) ? this.reader.amount(path + ".default-output-tokens", stated, 0)
				: ModelLimits.DEFAULT_OUTPUT_TOKENS;
	}

	private ProviderAccount account(String path, @Nullable String stated, String model) {
		if (stated != null) {
			String normal = NormalForm.ofKey(stated);
			return this.accounts.values()
				.stream()
				.filter((account) -> NormalForm.ofKey(account.name()).equals(normal))
				.findFirst()
				.orElseThrow(() -> this.properties.invalid(path + ".provider", stated,
						"Unknown provider (%s): must be one of %s, or an entry of your own under '%s'."
							.formatted(stated, names(this.accounts.values()), LlmRateLimitProperties.PROVIDERS)));
		}
		List<ProviderAccount> knowing = knowing(model, true);
		if (knowing.isEmpty()) {
			knowing = knowing(model, false);
		}
		if (knowing.size() != 1) {
			throw new ConfigurationMistakeException(
					"Model %s doesn't say its provider, and %s.".formatted(this.properties.place(path),
							knowing.isEmpty() ? "no tier table knows '%s'".formatted(model)
									: "more than one provider knows '%s': %s".formatted(model, names(knowing))),
					"Set '%s.provider' to one of %s, or to an entry of your own under '%s'.".formatted(path,
							names(knowing.isEmpty() ? this.accounts.values() : knowing),
							LlmRateLimitProperties.PROVIDERS));
		}
		return knowing.get(0);
	}

	private List<ProviderAccount> knowing(String model, boolean onlyConfigured) {
		return this.accounts.values()
			.stream()
			.filter((account) -> !onlyConfigured || this.configured.contains(account.name()))
			.filter((account) -> account.table().knows(model))
			.toList();
	}

	private static String names(Collection<ProviderAccount> accounts) {
		return String.join(", ", new TreeSet<>(accounts.stream().map(ProviderAccount::name).toList()));
	}

	private void takeName(ModelDraft draft) {
		String other = this.pathsByName.putIfAbsent(draft.name(), draft.path());
		if (other != null) {
			throw new ConfigurationMistakeException(
					"Models %s and %s have the same name '%s'.".formatted(this.properties.place(other),
							this.properties.place(draft.path()), draft.name()),
					"Give one of them another 'name', and say in 'model' what the provider calls it.");
		}
	}

	private void takeAliases(ModelDraft draft) {
		for (String alias : draft.aliases()) {
			String other = this.pathsByName.putIfAbsent(alias, draft.path());
			if (other != null) {
				throw new ConfigurationMistakeException(
						"Alias '%s' of model %s is also a name of model %s.".formatted(alias,
								this.properties.place(draft.path()), this.properties.place(other)),
						"Keep the name at one of the two models.");
			}
		}
	}

	/** Names that only a table has for a model give way to those that somebody stated. */
	private ModelDraft withKnownAliases(ModelDraft draft) {
		TableModel known = draft.account().table().model(draft.name());
		if (known == null || !known.name().equals(draft.name())) {
			return draft;
		}
		Set<String> aliases = new LinkedHashSet<>(draft.aliases());
		for (String alias : known.aliases()) {
			if (this.pathsByName.putIfAbsent(alias, draft.path()) == null) {
				aliases.add(alias);
			}
		}
		return draft.withAliases(aliases);
	}

	/** Models that are nowhere listed, but have a row in the tier of one account. */
	private List<ModelDraft> granted() {
		Map<String, List<ModelDraft>> byName = new LinkedHashMap<>();
		for (ProviderAccount account : this.accounts.values()) {
			for (Row row : account.table().rows(account.tier())) {
				if (!this.pathsByName.containsKey(row.model().name())) {
					byName.computeIfAbsent(row.model().name(), (added) -> new ArrayList<>()).add(granted(account, row));
				}
			}
		}
		Map<String, String> ambiguous = new TreeMap<>();
		List<ModelDraft> drafts = new ArrayList<>();
		byName.forEach((name, candidates) -> {
			if (candidates.size() == 1) {
				drafts.add(candidates.get(0));
			}
			else {
				ambiguous.put(name, names(candidates.stream().map(ModelDraft::account).toList()));
			}
		});
		if (!ambiguous.isEmpty()) {
			this.log.info("Models that more than one provider grants have no limiter until they are listed under '%s' "
				.formatted(LlmRateLimitProperties.MODELS) + "with their 'provider': " + ambiguous);
		}
		return drafts;
	}

	private ModelDraft granted(ProviderAccount account, Row row) {
		TableModel model = row.model();
		return new ModelDraft(TypedProperties.child(LlmRateLimitProperties.PROVIDERS, account.name()) + ".tier",
				model.name(), model.providerModel(), Set.of(), account, model.pool(), Map.of(), row.limits(),
				account.booking(), false, account.table().costRule(model.providerModel()),
				ModelLimits.DEFAULT_OUTPUT_TOKENS, false, List.of(), null, this.mode);
	}

}
