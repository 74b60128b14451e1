package io.github.llmratelimit.autoconfigure.tiers;

import java.util.Set;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.provider.ProviderDialect;
import org.jspecify.annotations.Nullable;

/**
 * An account at a provider, from configuration and what is bundled.
 *
 * @param name name of the entry
 * @param dialect how the provider speaks
 * @param hosts hosts whose responses are the provider's, in lower case
 * @param booking how the provider takes tokens off its limits
 * @param requests limits on requests that follow from others
 * @param tier tier of the account, if stated
 * @param table what the provider grants
 */
public record ProviderAccount(String name, ProviderDialect dialect, Set<String> hosts, Booking booking,
		RequestRates requests, @Nullable String tier, TierTable table) {

}
