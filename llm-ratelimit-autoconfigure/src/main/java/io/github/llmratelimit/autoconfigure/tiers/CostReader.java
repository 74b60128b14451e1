package io.github.llmratelimit.autoconfigure.tiers;

import io.github.llmratelimit.CostRule;
import io.github.llmratelimit.autoconfigure.diagnostics.TypedProperties;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties.Model;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a call costs on a provider's limits on tokens.
 */
public final class CostReader {

	private final TypedProperties properties;

	/**
	 * Creates a reader.
	 * @param properties where the numbers stand, to tell of mistakes in them
	 */
	public CostReader(TypedProperties properties) {
		this.properties = properties;
	}

	/**
	 * Reads a model's rule.
	 * @param path where the model stands
	 * @param model the model
	 * @param usual the rule of its provider
	 * @return the rule
	 */
	public CostRule read(String path, Model model, CostRule usual) {
		CostRule.Formula formula = (model.cost() != null) ? model.cost() : usual.formula();
		return rule(formula,
				weight(path + ".output-weight", "outputWeight", model.outputWeight(), usual.outputWeight()),
				weight(path + ".cached-input-weight", "cachedInputWeight", model.cachedInputWeight(),
						usual.cachedInputWeight()));
	}

	private double weight(String property, String name, @Nullable Double stated, double usual) {
		double weight = (stated != null) ? stated : usual;
		if (!(weight >= 0 && weight <= CostRule.LARGEST_WEIGHT)) {
			throw this.properties.invalid(property, weight,
					"Invalid %s (%s): must be between 0 and %s. 0 counts nothing, 1 counts each token once."
						.formatted(name, weight, Math.round(CostRule.LARGEST_WEIGHT)));
		}
		return weight;
	}

	/** The rule, and the plain one itself where it is that, which costs less to apply. */
	static CostRule rule(CostRule.Formula formula, double outputWeight, double cachedInputWeight) {
		CostRule rule = new CostRule(formula, outputWeight, cachedInputWeight);
		return rule.equals(CostRule.PLAIN) ? CostRule.PLAIN : rule;
	}

}
