package io.github.llmratelimit.autoconfigure.tiers;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import io.github.llmratelimit.CostRule;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.autoconfigure.diagnostics.Durations;
import io.github.llmratelimit.autoconfigure.tiers.ProviderListing.Row;
import io.github.llmratelimit.autoconfigure.tiers.ProviderListing.Tier;
import org.jspecify.annotations.Nullable;

/**
 * Prints listings for people.
 */
final class ListingPrinter {

	private static final int WIDTH = 100;

	private static final String FACT = "  %-13s";

	private final PrintStream out;

	ListingPrinter(PrintStream out) {
		this.out = out;
	}

	/** Prints which providers there are, and their tiers. */
	void print(List<ProviderListing> listings) {
		for (ProviderListing listing : listings) {
			String tiers = listing.tiers().stream().map(Tier::name).collect(Collectors.joining(", "));
			this.out.printf("%-18s%s%n", listing.provider(), tiers.isEmpty() ? "no tiers" : tiers);
		}
	}

	/** Prints a provider and some of its tiers. */
	void print(ProviderListing listing, List<Tier> tiers) {
		this.out.println(listing.provider());
		fact("dialect", listing.dialect());
		fact("hosts", listing.hosts().isEmpty() ? null : String.join(", ", listing.hosts()));
		fact("booking", id(listing.booking()));
		fact("requests", requests(listing));
		fact("day resets", listing.dayReset());
		fact("true limits", listing.shownAt());
		fact("raised by", listing.raisedBy());
		tiers.forEach(this::print);
	}

	private void print(Tier tier) {
		this.out.printf("%ntier %s%n", tier.name());
		fact("as of", tier.asOf());
		fact("confidence", tier.confidence());
		fact("source", tier.source());
		int width = tier.rows().stream().mapToInt((row) -> name(row).length()).max().orElse(1);
		for (Row row : tier.rows()) {
			this.out.printf("    %-" + width + "s  %s%n", name(row), text(row));
		}
	}

	private static String name(Row row) {
		return row.model().equals("*") ? "any model" : row.model();
	}

	private static @Nullable String requests(ProviderListing listing) {
		List<String> parts = new ArrayList<>();
		if (listing.rpmPer1000Tpm() != null) {
			parts.add("%d per minute come with 1,000 tokens per minute".formatted(listing.rpmPer1000Tpm()));
		}
		if (listing.requestSlice() != null) {
			parts.add("spread evenly over " + Durations.text(listing.requestSlice()));
		}
		return parts.isEmpty() ? null : String.join(", ", parts);
	}

	private static String text(Row row) {
		List<String> parts = new ArrayList<>();
		parts.add(row.limits().stream().map(ListingPrinter::text).collect(Collectors.joining(", ")));
		if (row.pool() == null) {
			parts.add("each");
		}
		else if (!row.pool().equals(row.model())) {
			parts.add("pool " + row.pool());
		}
		String cost = text(row.costRule());
		if (!cost.isEmpty()) {
			parts.add(cost);
		}
		if (!row.aliases().isEmpty()) {
			parts.add("also " + row.aliases().stream().sorted().collect(Collectors.joining(", ")));
		}
		if (!row.applied()) {
			parts.add("not applied");
		}
		return String.join("; ", parts);
	}

	private static String text(Limit limit) {
		return String.format(Locale.ROOT, "%,d %s%s", limit.amount(), limit.dimension().id(),
				limit.dimension().isHeld() ? "" : " per " + limit.window());
	}

	private static String text(CostRule rule) {
		List<String> parts = new ArrayList<>();
		if (rule.formula() != CostRule.Formula.SUM) {
			parts.add((rule.formula() == CostRule.Formula.INPUT) ? "tokens are those of the input alone"
					: "tokens are the larger of input and output");
		}
		if (rule.outputWeight() != 1) {
			parts.add("output counts %s".formatted(times(rule.outputWeight())));
		}
		if (rule.cachedInputWeight() != 1) {
			parts.add("cached input counts %s".formatted(times(rule.cachedInputWeight())));
		}
		return String.join(", ", parts);
	}

	private static String times(double weight) {
		return (weight == 0) ? "nothing" : (weight == Math.rint(weight)) ? "%d times".formatted(Math.round(weight))
				: "%s times".formatted(weight);
	}

	private static String id(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT);
	}

	/** Prints a fact, if it is known, with long texts in several lines. */
	private void fact(String name, @Nullable String text) {
		if (text == null) {
			return;
		}
		String prefix = FACT.formatted(name);
		StringBuilder line = new StringBuilder(prefix);
		for (String word : text.split(" ")) {
			if (line.length() + word.length() > WIDTH && line.length() > prefix.length()) {
				this.out.println(line.toString().stripTrailing());
				line.setLength(0);
				line.append(FACT.formatted(""));
			}
			line.append(word).append(' ');
		}
		this.out.println(line.toString().stripTrailing());
	}

}
