package io.github.llmratelimit.autoconfigure.tiers;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.CostRule;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties.TierRow;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties.WindowLimit;
import io.github.llmratelimit.autoconfigure.tiers.BundledProvider.Confidence;
import io.github.llmratelimit.autoconfigure.tiers.BundledProvider.KnownModel;
import io.github.llmratelimit.autoconfigure.tiers.BundledProvider.Rule;
import io.github.llmratelimit.autoconfigure.tiers.BundledProvider.Scheme;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.convert.DurationStyle;

/*
 * Boot's binder would do the same in a line, but for each entry of a map it goes through
 * all properties of the file: with the tables of all providers that took longer than
 * everything else of ours at start-up.
 */

/**
 * Reads a file of {@link BundledProviders}.
 */
final class BundledReader {

	private BundledReader() {
	}

	static BundledProvider read(String name, Map<String, Object> file) {
		return new YamlNode("the file of provider '" + name + "'", file).read(BundledReader::provider);
	}

	private static BundledProvider provider(YamlNode node) {
		String rpm = node.text("rpm-per-1000-tpm");
		return new BundledProvider(node.text("dialect", "generic"), node.texts("hosts"),
				node.constant(Booking.class, "booking", Booking.ESTIMATE),
				node.constant(CostRule.Formula.class, "cost", CostRule.Formula.SUM), node.number("output-weight", 1),
				node.number("cached-input-weight", 1), (rpm != null) ? Long.valueOf(rpm) : null,
				duration(node, "request-slice"), node.text("day-reset"), node.text("shown-at"), node.text("raised-by"),
				node.map("schemes", BundledReader::scheme), node.map("models", BundledReader::model),
				node.list("rules", BundledReader::rule), node.map("tiers", (tier) -> tier.all(BundledReader::row)),
				node.map("listed", (tier) -> tier.all(BundledReader::row)));
	}

	private static Scheme scheme(YamlNode node) {
		return new Scheme(node.text("as-of", "unknown"),
				node.constant(Confidence.class, "confidence", Confidence.UNCERTAIN), node.texts("tiers"),
				node.text("source", "unknown"));
	}

	private static KnownModel model(YamlNode node) {
		return new KnownModel(node.text("name"), node.text("model"), node.text("pool"),
				new LinkedHashSet<>(node.texts("aliases")));
	}

	private static Rule rule(YamlNode node) {
		return new Rule(node.texts("match"), node.text("pool"), node.text("row"), node.number("output-weight"),
				node.number("cached-input-weight"));
	}

	private static TierRow row(YamlNode node) {
		return new TierRow(node.text("name"), node.text("rpm"), node.text("tpm"), node.text("itpm"), node.text("otpm"),
				node.text("rpd"), node.text("tpd"), node.text("rps"), node.text("concurrent"),
				node.text("enqueued-tokens"), node.list("limits", BundledReader::limit));
	}

	private static WindowLimit limit(YamlNode node) {
		return new WindowLimit(node.constant(Dimension.class, "dimension", Dimension.TOKENS), node.text("amount"),
				duration(node, "per"));
	}

	private static @Nullable Duration duration(YamlNode node, String key) {
		String text = node.text(key);
		return (text != null) ? DurationStyle.detectAndParse(text) : null;
	}

}
