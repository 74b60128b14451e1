package io.github.llmratelimit.autoconfigure.tiers;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.autoconfigure.diagnostics.ConfigurationMistakeException;
import io.github.llmratelimit.autoconfigure.diagnostics.TypedProperties;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties.Provider;
import io.github.llmratelimit.autoconfigure.tiers.BundledProvider.Confidence;
import io.github.llmratelimit.autoconfigure.tiers.BundledProvider.Scheme;
import io.github.llmratelimit.provider.ProviderDialect;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * Makes accounts of the configured and the bundled providers.
 */
public final class ProviderReader {

	private static final Pattern HOST = Pattern.compile("[\\p{Alnum}._-]*\\*?[\\p{Alnum}._-]+|\\[[\\p{XDigit}:.]+\\]");

	private static final Provider NOT_CONFIGURED = new Provider(null, null, null, Map.of());

	private final BundledProviders bundled;

	private final Function<String, ProviderDialect> dialects;

	private final TypedProperties properties;

	private final Log log;

	/**
	 * Creates a reader.
	 * @param bundled bundled providers
	 * @param dialects dialects by name; throws an {@link IllegalArgumentException} whose
	 * message lists them, if there is none of that name
	 * @param properties where the configuration stands
	 * @param log where to tell of what is no mistake, but may surprise
	 */
	public ProviderReader(BundledProviders bundled, Function<String, ProviderDialect> dialects,
			TypedProperties properties, Log log) {
		this.bundled = bundled;
		this.dialects = dialects;
		this.properties = properties;
		this.log = log;
	}

	/**
	 * Reads all providers.
	 * @param configured the configured ones
	 * @return these first, then the bundled ones that aren't configured
	 */
	public Map<String, ProviderAccount> read(Map<String, Provider> configured) {
		Map<String, ProviderAccount> accounts = new LinkedHashMap<>();
		configured.forEach((key, provider) -> accounts.put(key, read(key, provider)));
		this.bundled.names().forEach((key) -> accounts.computeIfAbsent(key, (added) -> read(added, NOT_CONFIGURED)));
		configured.forEach(this::warnOfUncertainTier);
		return accounts;
	}

	private ProviderAccount read(String key, Provider provider) {
		String path = TypedProperties.child(LlmRateLimitProperties.PROVIDERS, key);
		BundledProvider base = this.bundled.find(key, provider.dialect());
		// first of all: a slip in the key has no table either, but that isn't the mistake
		ProviderDialect dialect = dialect(path, key, provider.dialect(), base);
		NameRules rules = (base != null) ? NameRules.of(base) : NameRules.NONE;
		TierTable table = new TierTable(new LimitReader(this.properties), rules);
		if (base != null) {
			table.add(base.models());
			table.add("(bundled)", base.tiers(), LimitOrigin.BUNDLED_TIER);
		}
		table.add(path + ".tiers", provider.tiers(), LimitOrigin.TIER);
		checkTier(path + ".tier", provider.tier(), table, base);
		return new ProviderAccount(key, dialect, hosts(path, provider, base),
				(base != null) ? base.booking() : Booking.ESTIMATE,
				(base != null) ? new RequestRates(base.rpmPer1000Tpm(), base.requestSlice()) : RequestRates.NONE,
				provider.tier(), table);
	}

	private ProviderDialect dialect(String path, String key, @Nullable String stated, @Nullable BundledProvider base) {
		String name = (stated != null) ? stated : (base != null) ? base.dialect() : key;
		try {
			return this.dialects.apply(name);
		}
		catch (IllegalArgumentException ex) {
			if (stated != null) {
				throw this.properties.invalid(path + ".dialect", stated, ex.getMessage() + ".");
			}
			throw new ConfigurationMistakeException(
					"Provider %s is none of the bundled ones (%s) and doesn't say its dialect."
						.formatted(this.properties.place(path), String.join(", ", this.bundled.names())),
					("Set '%s.dialect' to the dialect whose headers and errors it speaks; 'generic' suits any "
							+ "provider. If '%s' is a slip, correct it.")
						.formatted(path, key));
		}
	}

	private Set<String> hosts(String path, Provider provider, @Nullable BundledProvider base) {
		List<String> stated = provider.hosts();
		if (stated == null) {
			return (base != null) ? Set.copyOf(base.hosts()) : Set.of();
		}
		Set<String> hosts = new LinkedHashSet<>();
		for (int i = 0; i < stated.size(); i++) {
			String host = stated.get(i).trim().toLowerCase(Locale.ROOT);
			if (!HOST.matcher(host).matches()) {
				throw this.properties.invalid(path + ".hosts[" + i + "]", stated.get(i),
						"Invalid host (%s): must be a host name, without scheme, port and path, e.g. api.openai.com."
							.formatted(stated.get(i)));
			}
			hosts.add(host);
		}
		return hosts;
	}

	private void checkTier(String property, @Nullable String tier, TierTable table, @Nullable BundledProvider base) {
		if (tier == null || table.hasTier(tier)) {
			return;
		}
		if (base != null && base.hasListedTier(tier)) {
			throw this.properties.invalid(property, tier,
					("The numbers that are known of this tier (as of %s) are too uncertain to be applied. Write the account's "
							+ "own under 'tiers' or '%s', or let a model find them with 'learn: true'. The account's "
							+ "limits are shown at %s.")
						.formatted(base.asOf(tier), LlmRateLimitProperties.MODELS, base.shownAt()));
		}
		String reason = table.isEmpty()
				? "No tier of this provider is known: write its rows under 'tiers', or the limits under '%s'."
					.formatted(LlmRateLimitProperties.MODELS)
				: "Unknown tier (%s): must be one of %s, or have rows of your own under 'tiers'.".formatted(tier,
						String.join(", ", new TreeSet<>(table.tiers())));
		throw this.properties.invalid(property, tier, reason);
	}

	private void warnOfUncertainTier(String key, Provider provider) {
		BundledProvider base = this.bundled.find(key, provider.dialect());
		Scheme scheme = (base != null && provider.tier() != null) ? base.scheme(provider.tier()) : null;
		if (base != null && scheme != null && scheme.confidence() == Confidence.UNCERTAIN) {
			this.log.warn("The numbers of tier '%s' of provider '%s' are uncertain (as of %s). Compare them with %s."
				.formatted(provider.tier(), key, scheme.asOf(), base.shownAt()));
		}
	}

}
