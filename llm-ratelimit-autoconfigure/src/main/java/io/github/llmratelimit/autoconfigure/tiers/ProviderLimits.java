package io.github.llmratelimit.autoconfigure.tiers;

import java.io.PrintStream;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.llmratelimit.autoconfigure.diagnostics.NormalForm;
import io.github.llmratelimit.autoconfigure.diagnostics.Suggestions;
import io.github.llmratelimit.autoconfigure.tiers.ProviderListing.Tier;
import org.jspecify.annotations.Nullable;

/**
 * Tells what the bundled tables say: which limits a tier of a provider means, how old the
 * numbers are, how far to trust them, and where the provider shows the true ones.
 * <p>
 * On the class path of an application, {@code java -cp … ProviderLimits} lists the
 * providers, {@code ProviderLimits anthropic} all tiers of one, and
 * {@code ProviderLimits anthropic start} one tier. Code reads the same from
 * {@link #listing(String)}.
 */
public final class ProviderLimits {

	private final Map<String, BundledProvider> bundled;

	private ProviderLimits(Map<String, BundledProvider> bundled) {
		this.bundled = bundled;
	}

	/**
	 * Prints a listing.
	 * @param arguments none for all providers; or the name of one, and perhaps one of its
	 * tiers
	 */
	public static void main(String[] arguments) {
		if (!run(List.of(arguments), System.out, System.err)) {
			System.exit(1);
		}
	}

	/**
	 * Prints a listing.
	 * @param arguments what to list
	 * @param out where to print it
	 * @param err where to print what is wrong with the arguments
	 * @return whether there was something to list
	 */
	static boolean run(List<String> arguments, PrintStream out, PrintStream err) {
		try {
			new ProviderLimits(load()).print(arguments, new ListingPrinter(out));
			return true;
		}
		catch (IllegalArgumentException ex) {
			err.println(ex.getMessage());
			return false;
		}
	}

	/**
	 * Names what there is.
	 * @return the names of all bundled providers, in alphabetical order
	 */
	public static Set<String> providers() {
		return load().keySet();
	}

	/**
	 * Reads what is bundled about a provider.
	 * @param provider its name, e.g. {@code openai}
	 * @return the listing, with all its tiers
	 * @throws IllegalArgumentException if there is no such provider; the message lists
	 * all
	 */
	public static ProviderListing listing(String provider) {
		return new ProviderLimits(load()).read(provider);
	}

	/**
	 * Reads what a tier of a provider means.
	 * @param provider name of the provider, e.g. {@code openai}
	 * @param tier the tier, in any form that configuration accepts: {@code 1},
	 * {@code Tier 1} or {@code tier-1}
	 * @return what it grants
	 * @throws IllegalArgumentException if there is no such provider or tier; the message
	 * lists all
	 */
	public static Tier tier(String provider, String tier) {
		return find(listing(provider), tier);
	}

	private static Map<String, BundledProvider> load() {
		return BundledProviders.load(ProviderLimits.class.getClassLoader()).byName();
	}

	private void print(List<String> arguments, ListingPrinter printer) {
		switch (arguments.size()) {
			case 0 -> printer.print(this.bundled.keySet().stream().map(this::read).toList());
			case 1 -> {
				ProviderListing listing = read(arguments.get(0));
				printer.print(listing, listing.tiers());
			}
			case 2 -> {
				ProviderListing listing = read(arguments.get(0));
				printer.print(listing, List.of(find(listing, arguments.get(1))));
			}
			default -> throw new IllegalArgumentException(
					"Invalid arguments (%s): must be none, a provider, or a provider and a tier. Put a tier that has a space in quotes."
						.formatted(String.join(" ", arguments)));
		}
	}

	private ProviderListing read(String provider) {
		BundledProvider known = this.bundled.get(provider);
		if (known == null) {
			throw unknown("provider", provider, this.bundled.keySet(), null);
		}
		return new ListingReader(known).read(provider);
	}

	private static Tier find(ProviderListing listing, String tier) {
		String normal = NormalForm.ofTier(tier);
		return listing.tiers()
			.stream()
			.filter((candidate) -> NormalForm.ofTier(candidate.name()).equals(normal))
			.findFirst()
			.orElseThrow(
					() -> unknown("tier", tier, listing.tiers().stream().map(Tier::name).toList(), listing.provider()));
	}

	private static IllegalArgumentException unknown(String what, String value, Collection<String> known,
			@Nullable String provider) {
		if (known.isEmpty()) {
			return new IllegalArgumentException(
					"Unknown %s (%s): no tier of '%s' is known.".formatted(what, value, provider));
		}
		String closest = Suggestions.closest(value, known);
		return new IllegalArgumentException("Unknown %s (%s): must be one of %s.%s".formatted(what, value,
				String.join(", ", known), (closest != null) ? " Did you mean '%s'?".formatted(closest) : ""));
	}

}
