package io.github.llmratelimit.autoconfigure.tiers;

import java.util.List;
import java.util.function.Function;

import io.github.llmratelimit.CostRule;
import io.github.llmratelimit.autoconfigure.tiers.BundledProvider.Rule;
import org.jspecify.annotations.Nullable;

import org.springframework.util.PatternMatchUtils;

/**
 * What holds at a provider for models by the form of their names.
 */
final class NameRules {

	/** Plain costs, nothing shared. */
	static final NameRules NONE = new NameRules(CostRule.PLAIN, List.of());

	private final CostRule usual;

	private final List<Rule> rules;

	/**
	 * Creates rules.
	 * @param usual what a call costs if no rule says otherwise
	 * @param rules the rules, the strongest first
	 */
	NameRules(CostRule usual, List<Rule> rules) {
		this.usual = usual;
		this.rules = rules;
	}

	/** The rules of a provider. */
	static NameRules of(BundledProvider provider) {
		return new NameRules(CostReader.rule(provider.cost(), provider.outputWeight(), provider.cachedInputWeight()),
				provider.rules());
	}

	/** The pool that models of this form share. */
	@Nullable String pool(String model) {
		return first(model, Rule::pool);
	}

	/** The row that grants the same to each model of this form. */
	@Nullable String row(String model) {
		return first(model, Rule::row);
	}

	/** Whether a row isn't that of a model, but of models by their form. */
	boolean isTarget(String row) {
		return this.rules.stream().anyMatch((rule) -> row.equals(rule.pool()) || row.equals(rule.row()));
	}

	/** The forms of the models that a row is for. */
	List<String> forms(String row) {
		return this.rules.stream()
			.filter((rule) -> row.equals(rule.pool()) || row.equals(rule.row()))
			.flatMap((rule) -> rule.match().stream())
			.toList();
	}

	/** Whether a row is one budget for all models of its forms. */
	boolean isPool(String row) {
		return this.rules.stream().anyMatch((rule) -> row.equals(rule.pool()));
	}

	/** What a call of a model costs. */
	CostRule costRule(String model) {
		Double output = first(model, Rule::outputWeight);
		Double cached = first(model, Rule::cachedInputWeight);
		return CostReader.rule(this.usual.formula(), (output != null) ? output : this.usual.outputWeight(),
				(cached != null) ? cached : this.usual.cachedInputWeight());
	}

	private <T> @Nullable T first(String model, Function<Rule, @Nullable T> attribute) {
		for (Rule rule : this.rules) {
			T value = attribute.apply(rule);
			if (value != null && rule.match().stream().anyMatch((form) -> PatternMatchUtils.simpleMatch(form, model))) {
				return value;
			}
		}
		return null;
	}

}
