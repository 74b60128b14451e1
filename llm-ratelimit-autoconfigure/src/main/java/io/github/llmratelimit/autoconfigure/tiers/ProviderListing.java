package io.github.llmratelimit.autoconfigure.tiers;

import java.time.Duration;
import java.util.List;
import java.util.Set;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.CostRule;
import io.github.llmratelimit.Limit;
import org.jspecify.annotations.Nullable;

/**
 * What is bundled about a provider.
 *
 * @param provider name of the provider
 * @param dialect whose headers and errors are read
 * @param hosts hosts whose responses are the provider's; a {@code *} stands for a part
 * that is the account's
 * @param booking how the provider takes tokens off its limits
 * @param rpmPer1000Tpm requests per minute that come with 1,000 tokens per minute, where
 * the provider derives them
 * @param requestSlice window over which requests must be spread evenly within the minute,
 * if there is one
 * @param dayReset when a day of its limits begins: {@code rolling}, or the time zone
 * whose midnight it is; {@code null} if that is not known, or there are no such limits
 * @param shownAt where the provider shows the account's true limits, if anywhere
 * @param raisedBy what raises the account's tier, if anything is known
 * @param tiers what it grants, in the order in which tiers are reached
 */
public record ProviderListing(String provider, String dialect, List<String> hosts, Booking booking,
		@Nullable Long rpmPer1000Tpm, @Nullable Duration requestSlice, @Nullable String dayReset,
		@Nullable String shownAt, @Nullable String raisedBy, List<Tier> tiers) {

	public ProviderListing {
		hosts = List.copyOf(hosts);
		tiers = List.copyOf(tiers);
	}

	/**
	 * What a tier grants.
	 *
	 * @param name name of the tier
	 * @param asOf date of the source, as exactly as it is known
	 * @param confidence how far the numbers can be trusted: {@code documented},
	 * {@code secondary} or {@code uncertain}
	 * @param source where the numbers were read, and what to know about them
	 * @param rows one for every model, and for models of a form
	 */
	public record Tier(String name, @Nullable String asOf, @Nullable String confidence, @Nullable String source,
			List<Row> rows) {

		public Tier {
			rows = List.copyOf(rows);
		}

	}

	/**
	 * What a tier grants to one model, or to all models of a form.
	 *
	 * @param model name of the model, or the forms of names, in which {@code *} stands
	 * for anything
	 * @param pool the budget that it draws on, perhaps together with others; {@code null}
	 * if each model of the form has its own
	 * @param aliases other names of the model
	 * @param limits the limits; those that follow from others included
	 * @param costRule what the provider takes off a limit on tokens for a call
	 * @param applied whether the numbers become limits; if not, they are too uncertain,
	 * or of no use for single calls
	 */
	public record Row(String model, @Nullable String pool, Set<String> aliases, List<Limit> limits, CostRule costRule,
			boolean applied) {

		public Row {
			aliases = Set.copyOf(aliases);
			limits = List.copyOf(limits);
		}

	}

}
