package io.github.llmratelimit.autoconfigure.configuration;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.ModelLimits;
import io.github.llmratelimit.autoconfigure.diagnostics.ConfigurationMistakeException;
import io.github.llmratelimit.autoconfigure.diagnostics.TypedProperties;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties;
import io.github.llmratelimit.autoconfigure.tiers.LimitReader.Window;
import io.github.llmratelimit.autoconfigure.tiers.ProviderAccount;
import io.github.llmratelimit.autoconfigure.tiers.RequestRates;
import io.github.llmratelimit.engine.LimiterDefinition;
import io.github.llmratelimit.engine.LimiterMode;

/*
 * A pool has one set of limits, but each of its models may say something about them. So
 * a pool's limits are what its models' rows grant, overlaid by what is written for any
 * of them; a model that says nothing joins. Only two different numbers for the same
 * window contradict each other: there is no telling which of them the provider means.
 */

/**
 * Makes limiters of models, once it is known which models share a budget.
 */
final class PoolReader {

	/** Below what any provider grants to a paying account. */
	private static final long ASSUMED_REQUESTS = 60;

	private static final long ASSUMED_TOKENS = 10_000;

	private final BigDecimal share;

	private final TypedProperties properties;

	PoolReader(BigDecimal share, TypedProperties properties) {
		this.share = share;
		this.properties = properties;
	}

	List<ResolvedModel> read(List<ModelDraft> drafts) {
		FallbackReader fallbacks = new FallbackReader(drafts, this.properties);
		Map<BudgetKey, List<ModelDraft>> pools = new LinkedHashMap<>();
		drafts.forEach((draft) -> pools.computeIfAbsent(draft.budget(), (added) -> new ArrayList<>()).add(draft));
		Map<BudgetKey, List<Limit>> limits = new LinkedHashMap<>();
		pools.forEach((key, members) -> limits.put(key, limits(members)));
		return drafts.stream().map((draft) -> {
			List<Limit> own = limits.getOrDefault(draft.budget(), List.of());
			List<String> others = fallbacks.read(draft);
			return new ResolvedModel(definition(draft, own, others), draft.learn(), others, draft.fallbackAfter());
		}).toList();
	}

	private List<Limit> limits(List<ModelDraft> members) {
		checkSame(members, "booking", ModelDraft::booking);
		checkSame(members, "strict", ModelDraft::strict);
		Map<Window, Limit> stated = agreed(members, ModelDraft::stated, Map.of());
		Map<Window, Limit> limits = new LinkedHashMap<>(agreed(members, ModelDraft::granted, stated));
		limits.putAll(stated);
		RequestRates rates = members.get(0).account().requests();
		rates.addRequests(limits);
		if (members.stream().anyMatch(ModelDraft::learn)) {
			assume(limits);
		}
		rates.addSlice(limits);
		if (limits.isEmpty()) {
			members.stream().filter((member) -> member.mode() != LimiterMode.OFF).findFirst().ifPresent((member) -> {
				throw unlimited(member);
			});
			// never asked for, but a limiter has to have one
			return List.of(Limit.perMinute(Dimension.REQUESTS, Limit.LARGEST_AMOUNT));
		}
		return limits.values().stream().map(this::share).toList();
	}

	/**
	 * A model that learns its limits starts with little of what it states nothing about.
	 */
	private static void assume(Map<Window, Limit> limits) {
		Set<Dimension> known = limits.keySet().stream().map(Window::dimension).collect(Collectors.toSet());
		if (!known.contains(Dimension.REQUESTS)) {
			limits.put(Window.REQUESTS_PER_MINUTE, assumed(Dimension.REQUESTS, ASSUMED_REQUESTS));
		}
		if (Collections.disjoint(known, Set.of(Dimension.TOKENS, Dimension.INPUT_TOKENS, Dimension.OUTPUT_TOKENS))) {
			limits.put(Window.TOKENS_PER_MINUTE, assumed(Dimension.TOKENS, ASSUMED_TOKENS));
		}
	}

	private static Limit assumed(Dimension dimension, long amount) {
		return Limit.perMinute(dimension, amount).withAmount(amount, LimitOrigin.ASSUMED);
	}

	private Map<Window, Limit> agreed(List<ModelDraft> members, Function<ModelDraft, Map<Window, Limit>> source,
			Map<Window, Limit> overridden) {
		Map<Window, Limit> agreed = new LinkedHashMap<>();
		Map<Window, ModelDraft> whose = new LinkedHashMap<>();
		for (ModelDraft member : members) {
			source.apply(member).forEach((window, limit) -> {
				Limit other = agreed.putIfAbsent(window, limit);
				ModelDraft otherMember = whose.putIfAbsent(window, member);
				if (other != null && otherMember != null && other.amount() != limit.amount()
						&& !overridden.containsKey(window)) {
					throw contradiction(otherMember, other, member, limit);
				}
			});
		}
		return agreed;
	}

	private ConfigurationMistakeException contradiction(ModelDraft one, Limit oneLimit, ModelDraft other,
			Limit otherLimit) {
		return new ConfigurationMistakeException(
				"Models %s and %s share the pool '%s' of provider '%s', but one has %d %s per %s and the other %d."
					.formatted(this.properties.place(one.path()), this.properties.place(other.path()), one.pool(),
							one.account().name(), oneLimit.amount(), oneLimit.dimension().id(), oneLimit.window(),
							otherLimit.amount()),
				"Write the pool's limit at one of its models only, or the same number at each. "
						+ "If the models don't share a limit, give one of them another 'pool'.");
	}

	private void checkSame(List<ModelDraft> members, String property, Function<ModelDraft, Object> value) {
		ModelDraft first = members.get(0);
		for (ModelDraft member : members) {
			if (!value.apply(member).equals(value.apply(first))) {
				throw new ConfigurationMistakeException(
						"Models %s and %s share the pool '%s' of provider '%s', but not the same '%s'.".formatted(
								this.properties.place(first.path()), this.properties.place(member.path()), first.pool(),
								first.account().name(), property),
						"Set '%s' to the same at both. If they don't share a limit, give one of them another 'pool'."
							.formatted(property));
			}
		}
	}

	private ConfigurationMistakeException unlimited(ModelDraft member) {
		ProviderAccount account = member.account();
		String tierProperty = TypedProperties.child(LlmRateLimitProperties.PROVIDERS, account.name()) + ".tier";
		String why = (account.tier() != null)
				? "tier '%s' of provider '%s' has no row for '%s'".formatted(account.tier(), account.name(),
						member.providerModel())
				: "provider '%s' has no tier from which to take one".formatted(account.name());
		String tier = account.table().isEmpty() ? "" : """
				- the account's tier: '%s', one of %s;
				""".formatted(tierProperty, String.join(", ", new TreeSet<>(account.table().tiers())));
		return new ConfigurationMistakeException(
				"Model %s has no limit: none is written for it, and %s.".formatted(this.properties.place(member.path()),
						why),
				("""
						Say what the provider grants, in one of these ways:

						%s- numbers for the model, e.g. '%s.rpm: 500' and '.tpm: 30k';
						- a row of your own under '%s.tiers';
						- little at first, until the provider tells more: '%s.learn: true';
						- no limit at all: '%s.mode: off'.""").formatted(tier, member.path(),
						TypedProperties.child(LlmRateLimitProperties.PROVIDERS, account.name()), member.path(),
						member.path()));
	}

	private Limit share(Limit limit) {
		long part = BigDecimal.valueOf(limit.amount())
			.multiply(this.share)
			.setScale(0, RoundingMode.FLOOR)
			.longValueExact();
		return limit.withAmount(Math.max(1, part), limit.origin());
	}

	private LimiterDefinition definition(ModelDraft draft, List<Limit> limits, List<String> fallbacks) {
		return new LimiterDefinition(
				new ModelLimits(draft.name(), draft.providerModel(), draft.budget(), limits, draft.booking(),
						draft.strict(), draft.costRule(), draft.defaultOutputTokens()),
				draft.aliases(), draft.account().dialect(), draft.account().hosts(), draft.mode(), fallbacks,
				draft.fallbackAfter());
	}

}
